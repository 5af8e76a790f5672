"""Lists of runs: what fits, in which order, and that no list reads more than its index."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rows import NOW, a_run
from sqlalchemy.dialects import sqlite
from sqlmodel import col, select
from stage import KINDS, url_of

from store import (
    AttributeValue,
    Checklist,
    Database,
    Follower,
    FoundWord,
    KnownPerson,
    KnownPlace,
    Participant,
    PlaybookRow,
    Run,
    Store,
    Task,
)
from store.queries.run_list import COUNTED, Wanted, count_runs, listed_runs, progress_of
from store.queries.visible import STANDING, Viewer, visible_to

ALL = Wanted(NOW)
GROWING = (AttributeValue, FoundWord, Follower, KnownPerson, KnownPlace, Participant, PlaybookRow, Run, Task)
HOUR = timedelta(hours=1)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(url_of(request.param, tmp_path))
    made.migrate()
    yield made
    made.close()


def fill(store: Store) -> None:
    store.add(PlaybookRow(key="b", title="Outage"))
    store.learn(*(KnownPerson(id=one, username=name, seen_at=NOW) for one, name in (("a", "zoe"), ("b", "ann"))))
    for number, (name, more) in enumerate(
        [
            ("Alpha", {"state": "active"}),
            ("beta", {"state": "active", "update_due_at": NOW + HOUR}),
            ("Gamma", {"state": "active", "update_due_at": NOW - HOUR, "owner_id": "b", "playbook_id": 1}),
            ("delta", {"state": "finished", "finished_at": NOW, "team_id": "t2"}),
            ("Epsilon", {"state": "finished", "finished_at": NOW + 9 * HOUR}),
            ("zeta", {"removed_at": NOW}),
            ("Eta", {"state": "opening", "update_due_at": NOW}),
        ],
        1,
    ):
        row = a_run(f"k{number}")
        for key, value in ({"name": name, "created_at": NOW - (9 - number) * HOUR} | more).items():
            setattr(row, key, value)
        store.add(row)


def numbers(store: Store, start: int = 0, count: int = 50, **more: object) -> list[int]:
    wanted = replace(ALL, **more)  # type: ignore[arg-type]
    found = [one.id for one in listed_runs(store, STANDING, wanted, start, count)]
    if not start and count == 50:
        assert count_runs(store, STANDING, wanted) == len(found)
    return found


def test_a_list_has_what_fits_in_its_order(database: Database) -> None:
    with database.transaction() as store:
        fill(store)
        store.write()
        assert numbers(store) == [3, 7, 2, 1, 5, 4]
        assert numbers(store, order="started") == [1, 2, 3, 4, 5, 7]
        assert numbers(store, order="started", backwards=True) == [7, 5, 4, 3, 2, 1]
        assert numbers(store, order="duration") == [7, 4, 3, 2, 1, 5]
        assert numbers(store, order="name") == [1, 2, 4, 5, 7, 3]
        assert numbers(store, order="playbook") == [3, 7, 5, 4, 2, 1]
        assert numbers(store, order="owner") == [3, 7, 5, 4, 2, 1]
        assert numbers(store, late=True) == [3, 7]
        assert numbers(store, goes_on=True) == [3, 7, 2, 1]
        assert numbers(store, goes_on=False) == [5, 4]
        assert numbers(store, team_id="t2") == [4]
        assert numbers(store, owner_id="b") == [3]
        assert numbers(store, playbook_id=1) == [3]
        assert numbers(store, playbook_id=0) == [7, 2, 1, 5, 4]
        assert numbers(store, since=NOW - 6 * HOUR, until=NOW - 4 * HOUR) == [3, 4]


def test_pages_of_a_list_are_the_list(database: Database) -> None:
    with database.transaction() as store:
        fill(store)
        store.write()
        whole = numbers(store)
        for size in (1, 2, 3, 4, 5):
            paged = [one for start in range(0, 8, size) for one in numbers(store, start, size)]
            assert paged == whole


def test_mine_is_what_somebody_owns_takes_part_in_or_follows(database: Database) -> None:
    with database.transaction() as store:
        fill(store)
        store.add(Participant(run_id=1, person_id="b", joined_at=NOW))
        store.add(Participant(run_id=4, person_id="b", joined_at=NOW, left_at=NOW))
        store.add(Participant(run_id=5, person_id="b"))
        store.add(Follower(run_id=2, person_id="b"))
        assert numbers(store, person_id="b") == [3, 2, 1]


def test_words_find_what_begins_with_all_of_them(database: Database) -> None:
    with database.transaction() as store:
        fill(store)
        kept = store.run(2)
        assert kept is not None
        kept.summary = "Checkout fails for Ärzte, a lot"
        store.note(2, NOW, "update", "a", "Rolled back at noon", "", {})
        store.write()
        for words in ("check", "CHECKOUT fails", "arz beta", "noon roll", "a beta", "#2", "  #2 "):
            assert numbers(store, words=words) == [2], words
        for words in ("heckout", "check nothing", "l beta", "#22", "%", "_"):
            assert 2 not in numbers(store, words=words) or words in ("%", "_"), words
        assert numbers(store, words="#0x2") == numbers(store, words="0x2")


def test_an_attribute_finds_the_runs_in_which_it_is_so_whatever_the_capitals(database: Database) -> None:
    with database.transaction() as store:
        fill(store)
        given = [(1, "Severity", "High"), (2, "Severity", "Low"), (2, "Region", "High"), (4, "severity", "high")]
        store.add_all([AttributeValue.of(*one) for one in given])
        assert numbers(store, attributes=["Severity"], value="HIGH") == [1]
        assert numbers(store, attributes=["Severity", "severity"], value="high") == [1, 4]
        assert numbers(store, attributes=["Severity"]) == [2, 1]
        assert numbers(store, attributes=["Customer"]) == []


def test_progress_counts_what_stands(database: Database) -> None:
    with database.transaction() as store:
        fill(store)
        lists = [store.add(Checklist(run_id=1, position=at, title="L")) for at in (1, 2, 3)]
        lists[2].kind = "follow_ups"
        lists[1].removed_at = NOW
        for state, where, removed in (
            *(("done", 0, None), ("skipped", 0, None), ("open", 0, None), ("in_progress", 0, None)),
            *(("done", 0, NOW), ("done", 1, None), ("open", 2, None)),
        ):
            row = {"run_id": 1, "checklist_id": lists[where].id, "position": 1, "title": "T", "removed_at": removed}
            store.add(Task(state=state, **row))
        store.add(Task(run_id=1, checklist_id=lists[0].id, position=9, title="T", hidden=True))
        store.write()
        assert progress_of(store, [1, 2]) == {1: (2, 4)}


def explained(store: Store, ask: Callable[[], object]) -> list[str]:
    """Return how SQLite goes about all that is asked."""
    steps: list[str] = []
    db = store.session.db

    def execute(statement: object, *more: object, **named: object) -> object:
        written = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
        steps.extend(row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}"))
        return before(statement, *more, **named)  # type: ignore[arg-type]

    before, db.execute = db.execute, execute  # type: ignore[method-assign, assignment]
    try:
        ask()
    finally:
        db.execute = before  # type: ignore[method-assign]
    return steps


def plan(store: Store, viewer: Viewer, wanted: Wanted) -> list[str]:
    """Return how SQLite goes about what a list asks."""
    condition = visible_to(store, viewer)
    return explained(
        store,
        lambda: (listed_runs(store, condition, wanted, 0, 50), count_runs(store, condition, wanted)),
    )


@pytest.mark.parametrize("who", [{}, {"is_guest": True}, {"is_admin": True}])
@pytest.mark.parametrize(
    "wanted",
    [
        {},
        *({"order": one} for one in ("started", "duration", "name", "playbook", "owner")),
        *({"late": True}, {"goes_on": True}, {"goes_on": False}, {"person_id": "a"}, {"owner_id": "a"}),
        *({"attributes": ["Severity"], "value": "High"}, {"attributes": ["Severity", "severity"]}),
        *({"playbook_id": 1}, {"team_id": "t"}, {"since": NOW}, {"words": "checkout down"}),
    ],
    ids=str,
)
def test_no_list_reads_whole_runs_or_looks_through_a_table(who: dict[str, bool], wanted: dict[str, object]) -> None:
    database = Database("sqlite://")
    database.migrate()
    with database.transaction() as store:
        fill(store)
        viewer = Viewer("a", frozenset({"@zoe"}), frozenset({"t", "t2"}), **who)
        steps = plan(store, viewer, replace(ALL, **wanted))  # type: ignore[arg-type]
    assert any("run" in step for step in steps)
    for step in steps:
        if step.startswith(tuple(f"SCAN {kind.__tablename__}" for kind in GROWING)):
            assert "USING COVERING INDEX" in step, steps
        if step.startswith("SEARCH run "):
            assert any(name in step for name in ("run_listed", "ix_run_state", "INTEGER PRIMARY KEY")), steps


def test_the_newest_are_read_in_the_order_of_the_index(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("how PostgreSQL goes about it depends on what it has counted")
    with database.transaction() as store:
        steps = plan(store, Viewer("a", frozenset({"@zoe"}), frozenset({"t"})), replace(ALL, goes_on=False))
        assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps), steps
        assert store.session.exec(select(col(Run.id))).all() == []
        assert COUNTED >= 1000


@pytest.mark.parametrize("question", ["runs_of", "tasks_for", "active_runs"])
def test_what_goes_on_is_found_among_all_that_is_over_by_an_index(question: str) -> None:
    database = Database("sqlite://")
    database.migrate()
    with database.transaction() as store:
        steps = explained(store, lambda: getattr(store, question)("a"))
    assert any("ix_run_state" in step for step in steps)
    for step in steps:
        assert not step.startswith(("SCAN run", "SCAN task", "SCAN checklist")) or "checklist_follow_ups" in step, steps
