"""Who only reads: beside who decides, at one moment, and without writing, holding or taking away anything."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import col
from stage import KINDS, url_of

from store import Checklist, Database, ReadsOnly, Run, Store, Task, Unavailable

SETTINGS = ("default_transaction_read_only", "default_transaction_isolation", "statement_timeout")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(url_of(request.param, tmp_path), clock=time.monotonic)
    made.migrate()
    with made.transaction() as store:
        run = store.add(
            Run(key="k", team_id="t", definition={}, name="r", owner_id="a", creator_id="a", created_at=NOW)
        )
        checklist = store.add(Checklist(run_id=run.id or 0, position=1, title="Triage"))
        store.add(Task(run_id=run.id or 0, checklist_id=checklist.id or 0, position=1, title="Look"))
    yield made
    made.close()


def held(store: Store) -> Run:
    found = store.run(1)
    assert found is not None
    return found


def renamed(store: Store) -> None:
    held(store).name = "other"


def dropped(store: Store) -> None:
    store.drop(store.tasks(1)[0])


WRITES: dict[str, Callable[[Store], Any]] = {
    "a new row": lambda store: store.add(Checklist(run_id=1, position=2, title="Fix")),
    "a change": renamed,
    "a row that goes": dropped,
    "what counts once": lambda store: store.once("k", NOW),
    "a statement in bulk": lambda store: store.session.execute(
        update(Run).where(col(Run.id) == 1).values(name="other")
    ),
    "something for later": lambda store: store.note(1, NOW, "started", "a", "", "", {}),
}


@pytest.mark.parametrize("what", WRITES)
def test_whatever_would_write_is_refused_and_leaves_nothing(database: Database, what: str) -> None:
    with pytest.raises(ReadsOnly), database.reading() as store:
        WRITES[what](store)
    with database.transaction() as store:
        assert (held(store).name, len(store.tasks(1)), len(store.checklists(1))) == ("r", 1, 1)
        assert store.moments(1) == []
        assert store.once("k", NOW)


def test_the_database_refuses_what_is_no_statement_of_ours(database: Database) -> None:
    with pytest.raises(Unavailable), database.reading() as store:
        store.session.execute(text("UPDATE run SET name = 'other'"))


def test_one_moment_is_seen_whatever_is_decided_meanwhile(database: Database) -> None:
    with database.reading() as reading:
        assert reading.run(1) is not None
        with database.transaction() as store:
            held(store).name = "other"
            store.add(Checklist(run_id=1, position=2, title="Fix"))
        assert [run.name for run in reading.runs(9)] == ["r"]
        assert len(reading.checklists(1)) == 1
    with database.reading() as reading:
        assert (held(reading).name, len(reading.checklists(1))) == ("other", 2)


def test_half_of_a_transaction_is_never_seen_and_what_it_holds_is_not_waited_for(database: Database) -> None:
    with database.transaction() as store:
        held(store).name = "other"
        store.add(Checklist(run_id=1, position=2, title="Fix"))
        store.write()
        with database.reading() as reading:
            assert (held(reading).name, len(reading.checklists(1))) == ("r", 1)


def test_what_is_remembered_of_a_run_stays_with_who_decides(database: Database) -> None:
    with database.transaction() as store:
        held(store)
        store.tasks(1)
        first = store.tasks(1)[0]
    with database.reading() as reading:
        assert reading.tasks(1)[0] is not first
        assert held(reading).name == "r"
    with database.transaction() as store:
        held(store)
        assert store.tasks(1)[0] is first


def test_a_question_without_an_end_is_given_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.reading.READ_FOR", 0.1)
    with pytest.raises(Unavailable), database.reading() as store:
        store.session.execute(text(ENDLESS))
    with database.reading() as store:
        assert held(store).name == "r"


def test_a_database_in_memory_is_read_by_its_one_connection() -> None:
    database = Database("sqlite://")
    database.migrate()
    with pytest.raises(ReadsOnly), database.reading() as store:
        store.once("k", NOW)
    with database.transaction() as store:
        assert store.once("k", NOW)
    with database.reading() as store:
        assert store.runs(9) == []
    database.close()


def test_who_writes_is_not_hindered_by_a_connection_on_which_was_read(database: Database) -> None:
    """As behind a pooler, which lends one connection to both."""
    if not database.is_sqlite:
        with database.reading() as store:
            assert held(store).name == "r"
        with database._readers.connect() as connection:
            driver: Any = connection.connection.driver_connection
            shown = [driver.execute(f"SHOW {one}").fetchone()[0] for one in SETTINGS]
        assert shown == ["off", "read committed", "0"]
