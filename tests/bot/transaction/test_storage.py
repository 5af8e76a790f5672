"""A database that is away: told from one that refuses, asked seldom meanwhile, and nothing is half done."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from desk import Desk
from held import Held
from outage import BOTH, Outage, Refusing, on_postgresql, outage
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.database import Away, open_database
from bot.delivery.courier import Courier
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.storage import FIRST_REST, LONGEST_REST, Storage
from handlers import effects as do
from handlers.context import Context
from handlers.events import AnyEvent, PersonLeft
from store import Database, DiskFull, Store, Unavailable
from store.engine import CONNECTED_WITHIN

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def away(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return outage(kind, tmp_path, monkeypatch)


def opened(away: Outage) -> Database:
    database = Database(away.url)
    database.migrate()
    return database


def remember(database: Database, key: str) -> bool:
    with database.transaction() as store:
        return store.once(key, NOW)


@BOTH
def test_what_is_away_is_told_from_what_is_refused(away: Outage) -> None:
    """A fault of the program's does not pass by waiting."""
    database = opened(away)
    away.begin()
    with pytest.raises(Unavailable) as caught:
        remember(database, "meanwhile")
    assert not caught.value.in_doubt
    away.end()
    assert remember(database, "meanwhile")
    with pytest.raises(DBAPIError), database.transaction() as store:
        store.session.db.execute(text("SELECT nothing FROM nowhere"))


@BOTH
def test_a_schema_cannot_be_looked_at_while_the_database_is_away(away: Outage) -> None:
    database = opened(away)
    database.close()
    away.begin()
    with pytest.raises(Unavailable):
        Database(away.url).migrate()


@on_postgresql
def test_how_long_a_connection_may_take_is_said_by_the_url_where_it_says_so(away: Outage) -> None:
    for url, seconds in ((away.url, str(CONNECTED_WITHIN)), (f"{away.url}&connect_timeout=7", "7")):
        database = Database(url)
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            assert driver.info.get_parameters()["connect_timeout"] == seconds
        database.close()


@on_postgresql
def test_a_migration_may_take_long(away: Outage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gave it up would begin it again and again; who asks the same database afterwards waits no longer."""
    monkeypatch.setattr("store.engine.SILENT_FOR", 0.1)
    database = Database(away.url)
    done: list[object] = []

    def upgrade(config: Config, to: str) -> None:
        done.append(config.attributes["connection"].execute(text("SELECT pg_sleep(0.3)")).scalar())

    monkeypatch.setattr("store.engine.command.upgrade", upgrade)
    database.migrate()
    assert done == [""]
    with pytest.raises(Unavailable, match="nothing was heard"), database.transaction() as store:
        store.session.db.execute(text("SELECT pg_sleep(0.3)"))


@on_postgresql
def test_a_statement_whose_time_is_over_counts_as_away(away: Outage) -> None:
    """Where an operator has set a time that is shorter than a lock is waited for, nothing is lost by it."""
    with pytest.raises(Unavailable), opened(away).transaction() as store:
        store.session.db.execute(text("SET LOCAL statement_timeout = '10ms'"))
        store.session.db.execute(text("SELECT pg_sleep(1)"))


@on_postgresql
def test_a_start_waits_for_others_that_are_in_the_way_of_its_migration(
    away: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upgrade(config: Config, to: str) -> None:
        deadlock = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$"
        config.attributes["connection"].execute(text(deadlock))

    monkeypatch.setattr("store.engine.command.upgrade", upgrade)
    with pytest.raises(Away, match="deadlock detected"):
        open_database(away.url)


@on_postgresql
def test_who_migrates_waits_for_nobody_in_another_schema(
    away: Outage, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits too long is told that the database is away, which would not be so."""
    other = outage(f"{kind}, locked", tmp_path, monkeypatch)
    migrated: list[str] = []
    upgrade = command.upgrade

    def meanwhile(config: Config, to: str) -> None:
        if not migrated:
            migrated.append(other.url)
            opened(other)
        upgrade(config, to)

    monkeypatch.setattr("store.engine.command.upgrade", meanwhile)
    assert remember(opened(away), "a key")
    assert remember(Database(other.url), "a key")


@on_postgresql
async def test_what_is_locked_is_waited_for_once(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new connection, which helps where one broke, would only make whoever asks wait twice as long."""
    away = outage(f"{kind}, locked", tmp_path, monkeypatch)
    desk = Dispatcher(opened(away), Desk().here, clock=lambda: NOW)
    tries: list[int] = []

    def ask(store: Store) -> int:
        tries.append(1)
        return waiting(store)

    away.begin()
    with pytest.raises(Unavailable):
        await desk.ask(ask)
    away.end()
    assert tries == [1]
    desk.close()


@on_postgresql
def test_a_connection_that_breaks_during_the_commit_leaves_a_doubt(away: Refusing) -> None:
    """Nobody may be told then that nothing has happened."""
    database = opened(away)
    commit = database.engine.dialect.do_commit

    def broken(raw: Any) -> None:
        away.drop()
        commit(raw)

    database.engine.dialect.do_commit = broken  # type: ignore[method-assign]
    with pytest.raises(Unavailable) as caught:
        remember(database, "perhaps")
    assert caught.value.in_doubt


def test_a_full_disk_counts_as_full_until_something_was_written(tmp_path: Path) -> None:
    """That something can be read shows nothing."""
    database = Database(f"sqlite:///{tmp_path / 'small.sqlite'}")
    database.migrate()
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull, match="what waits is decided then"):
        remember(database, "x" * 100_000)
    assert database.is_full
    with database.transaction() as store:
        assert store.runs_in("anywhere") == []
    assert database.is_full
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert remember(database, "x" * 100_000)
    assert not database.is_full


def test_a_database_that_is_away_is_asked_once_in_a_while() -> None:
    """Sooner at first; the operator is told once, and once when it is back."""
    ticks, now = [0.0], [NOW]
    storage = Storage(lambda: now[0], lambda: ticks[0])
    with capture_logs() as logs:
        for rest in (FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST):
            storage.check()
            storage.lost(Unavailable("refused"))
            ticks[0] += rest * 0.9
            with pytest.raises(Unavailable, match="refused"):
                storage.check()
            ticks[0] += rest * 0.1
        for _ in range(9):
            storage.lost(Unavailable("refused"))
        ticks[0] += LONGEST_REST
        storage.check()
        assert (storage.kind, storage.since) == ("unavailable", NOW)
        now[0] += timedelta(seconds=3)
        storage.works()
        storage.works()
    assert [(one["action"], one["log_level"]) for one in logs] == [
        ("storage_lost", "warning"),
        ("storage_back", "warning"),
    ]
    assert (storage.kind, storage.since) == ("", None)


@BOTH
async def test_what_cannot_be_decided_now_is_decided_later_and_once(away: Outage) -> None:
    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        assert isinstance(event, PersonLeft)
        if ctx.store.once(event.person_id, ctx.now):
            yield do.Tell(person_id=event.person_id, content=do.Content("hello"))

    database = opened(away)
    desk = Dispatcher(database, Desk().here, clock=lambda: NOW, handle=handle)
    desk.storage = desk.transactions.storage = Storage(lambda: NOW, lambda: 0.0)
    left = [PersonLeft(at=NOW, place_id="c", person_id=str(number)) for number in range(3)]
    away.begin()
    for event in left:
        with pytest.raises(Unavailable):
            await desk.dispatch(event)
    assert desk.storage.since == NOW
    away.end()
    desk.storage = desk.transactions.storage = Storage(lambda: NOW, lambda: 9.0)
    await asyncio.gather(*(desk.dispatch(event) for event in (*left, *left)))
    assert (await desk.ask(waiting), desk.storage.since) == (3, None)
    desk.close()


@on_postgresql
async def test_a_restart_between_two_questions_is_noticed_by_nobody(away: Refusing) -> None:
    database = opened(away)
    desk = Dispatcher(database, Desk().here, clock=lambda: NOW)

    def broken_once(store: Store) -> int:
        tries.append(1)
        if len(tries) == 1:
            away.drop()
        return waiting(store)

    tries: list[int] = []
    assert await desk.ask(broken_once) == 0
    assert (len(tries), desk.storage.since) == (2, None)
    desk.close()


@on_postgresql
async def test_what_was_leased_in_a_commit_whose_answer_was_lost_is_taken_back_at_once(
    away: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been committed, and then nobody else would take it before its lease is over."""
    monkeypatch.setattr("bot.delivery.courier.AFTER_FAILURE", timedelta(milliseconds=50))

    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        yield do.Tell(person_id="alice", content=do.Content("hello"))

    database = opened(away)
    desk = Dispatcher(database, Desk().here, clock=lambda: NOW, handle=handle)
    await desk.dispatch(PersonLeft(at=NOW, place_id="c", person_id="alice"))
    commit, broken = database.engine.dialect.do_commit, False

    def committed_unseen(raw: Any) -> None:
        nonlocal broken
        commit(raw)
        if not broken and raw.execute("SELECT 1 FROM outbox WHERE leased_until IS NOT NULL").fetchone():
            broken = True
            away.drop()
            raw.execute("SELECT 1")

    database.engine.dialect.do_commit = committed_unseen  # type: ignore[method-assign]
    held = Held()
    held.open.set()
    courier = Courier(desk, held, beat_every=0.05)
    running = asyncio.create_task(courier.run())
    await held.has_begun(1)
    courier.stop()
    await running
    assert [(type(one.effect), one.attempts, one.unsent) for one in held.begun] == [(do.Tell, 2, 1)]
    assert (broken, await desk.ask(waiting)) == (True, 0)
    desk.close()


def waiting(store: Store) -> int:
    return store.outbox.waiting()[0]
