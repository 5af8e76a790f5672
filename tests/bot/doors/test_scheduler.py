"""The scheduler: a job that others are in the way of waits a little, one that breaks each time is put off."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from rows import outgoing
from stage import KINDS, url_of
from structlog.testing import capture_logs

from bot.directory.retry import MOST_CONFLICTS
from bot.doors.scheduler import Scheduler
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.transactions import TRIES
from handlers import effects as do
from handlers.context import Context
from handlers.events import AnyEvent, JobDue
from store import Conflict, Database, Job, Store

IN_TIME = 10
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class Nobody:
    """A directory that nothing is asked of."""

    async def administers(self, person_id: str, place_id: str) -> bool:
        raise AssertionError

    async def ask_members(self, team_id: str, person_ids: object) -> set[str]:
        raise AssertionError

    async def render(self, order: object) -> None:
        raise AssertionError


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(url_of(request.param, tmp_path))
    made.migrate()
    yield made
    made.close()


def planned(database: Database, *kinds: str) -> None:
    with database.transaction() as store:
        for kind in kinds:
            store.add(Job(kind=kind, subject="run:1", due_at=NOW))


def due(store: Store) -> list[datetime | None]:
    return [one.due_at for number in (1, 2) if (one := store.job(number)) is not None and one.done_at is None]


async def watched(desk: Dispatcher, *, until: list[datetime]) -> list[Any]:
    """Let the scheduler run until only this is planned; return what was logged."""
    scheduler = Scheduler(desk, Nobody())
    with capture_logs() as logs:
        running = asyncio.create_task(scheduler.run())
        async with asyncio.timeout(IN_TIME):
            while await desk.ask(due) != until:
                await asyncio.wait({running}, timeout=0.01)
        scheduler.stop()
        await running
    return logs


async def test_a_job_that_breaks_a_rule_each_time_is_put_off_and_told_of(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a row that is there already looks as if another transaction had been in the way."""
    monkeypatch.setattr("bot.doors.scheduler.AFTER_FAILURE", 0)
    tries: Counter[int] = Counter()

    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        assert isinstance(event, JobDue)
        tries[event.job_id] += 1
        if event.job_id == 1:
            for _ in range(2):
                ctx.store.outbox.put(outgoing("lane", "a key that counts once"))
        ctx.store.job(2).done_at = NOW  # type: ignore[union-attr]
        yield from ()

    planned(database, "breaks", "goes")
    desk = Dispatcher(database, Desk().here, clock=lambda: NOW, handle=handle)
    logs = await watched(desk, until=[NOW + timedelta(minutes=15)])
    assert [one["job"] for one in logs if one["log_level"] == "error"] == [1]
    assert tries == {1: 1 if database.is_sqlite else TRIES * (MOST_CONFLICTS + 1), 2: 1}
    desk.close()


async def test_a_job_that_others_are_in_the_way_of_now_and_then_is_decided(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what happens in a row counts."""
    monkeypatch.setattr("bot.doors.scheduler.AFTER_FAILURE", 0)
    tries: Counter[int] = Counter()

    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        assert isinstance(event, JobDue)
        tries[event.job_id] += 1
        if tries[event.job_id] % (TRIES * MOST_CONFLICTS + 1):
            raise Conflict("deadlock detected")
        if tries[event.job_id] > 2 * TRIES * MOST_CONFLICTS:
            ctx.store.job(event.job_id).done_at = NOW  # type: ignore[union-attr]
        yield from ()

    planned(database, "comes twice")
    desk = Dispatcher(database, Desk().here, clock=lambda: NOW, handle=handle)
    logs = await watched(desk, until=[])
    assert not any(one["log_level"] == "error" for one in logs)
    desk.close()
