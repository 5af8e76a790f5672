"""Growth: what a long history costs commands and clicks, and what many plans cost waking."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bench import doors, fill, frames
from bench.databases import KINDS, two
from bench.measure import Row, Size, at_most, not_run, pairs, percentile, summary
from bot.doors.scheduler import Scheduler
from bot.transaction.dispatcher import Dispatcher
from handlers.context import Installation
from handlers.events import Person
from handlers.routes import MENUS
from store import Database, Job, Store

PEOPLE = 10
Side = tuple[doors.Door, fill.History]
WORK = (("commands", doors.commands, 15), ("clicks", doors.clicks, 7))
"""What is done, in how many rounds; there are no tasks for more rounds of clicks."""


def rows(size: Size) -> list[Row]:
    """Return the rows of a long history and of many plans, on SQLite, and on PostgreSQL where one is named."""
    out = [row for kind in KINDS for row in (*_history(kind, size), _waking(kind, size))]
    if "PostgreSQL" not in KINDS:
        what = "commands and clicks with a long history, and waking with many plans, PostgreSQL"
        out.append(not_run(what, "itself with few", "≤ 1.3 ×", "MUSTER_BENCH_POSTGRESQL names none"))
    return out


def _history(kind: str, size: Size) -> list[Row]:
    finished, active = size(100_000, 500), size(1_000, 20)
    long, short = fill.History(finished, active, tasks=20), fill.History(0, size(100, 20), tasks=20)
    with two(kind) as (many, few):
        fill.make(many, long)
        fill.make(few, short)
        with doors.ours(many, long) as ours, doors.ours(few, short) as itself:
            sides = (ours, long), (itself, short)
            of = f"{finished:,} finished and {active:,} active runs, p99, {kind}"
            return [_history_row(f"{what}, {of}", sides, make, rounds, size) for what, make, rounds in WORK]


def _history_row(what: str, sides: tuple[Side, Side], make: doors.Make, rounds: int, size: Size) -> Row:
    each = size(25, 1)

    def slowest(side: Side) -> Callable[[], float]:
        door, history = side
        starts = itertools.count(0, each)
        return lambda: percentile(door.waits(make(history, size(PEOPLE, 4), each, next(starts))), 0.99) * 1e3

    ours, itself = (slowest(side) for side in sides)
    for warm_up in (ours, itself):
        warm_up()
    ratio, ms, few_ms = pairs(ours, itself, size(rounds, 1))
    active = sides[1][1].active
    return at_most(what, f"itself with {active} runs", ratio, 1.3, f"{ms:.0f} ms against {few_ms:.0f} ms")


def _waking(kind: str, size: Size) -> Row:
    planned, due = size(1_000_000, 2_000), 10
    history = fill.History(0, 100)
    with two(kind) as (many, few):
        for url, count in ((many, planned), (few, 100)):
            fill.make(url, history)
            fill.plan(url, count, datetime.now(UTC) + timedelta(days=3))
        found = asyncio.run(_wake_in_turn(many, few, due, size(15, 2)))
    ratio, ms, few_ms = summary(found)
    what = f"waking with {planned:,} jobs planned, {due} due, {kind}"
    return at_most(what, "itself with 100", ratio, 1.3, f"{ms:.0f} ms against {few_ms:.0f} ms")


async def _wake_in_turn(many: str, few: str, due: int, rounds: int) -> list[tuple[float, float]]:
    sides = [_Sleeper(many), _Sleeper(few)]
    tasks = [asyncio.create_task(side.scheduler.run()) for side in sides]
    found = []
    for _ in range(rounds + 1):
        found.append((await sides[0].wake(due), await sides[1].wake(due)))
    for side in sides:
        side.scheduler.stop()
    await asyncio.gather(*tasks)
    for side in sides:
        side.close()
    return found[1:]


class _Nobody:
    """Stands where the directory is, of which nothing is asked here."""

    async def administers(self, person_id: str, place_id: str) -> bool:
        return False

    async def ask_members(self, team_id: str, person_ids: Sequence[str]) -> set[str]:
        return set()


class _Sleeper:
    """A scheduler that sleeps over a database."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        bot = Person(id=frames.ME, username="muster", is_bot=True)
        self._desk = Dispatcher(self._database, Installation(bot=bot, site_url="http://127.0.0.1", menus=MENUS))
        self.scheduler = Scheduler(self._desk, _Nobody())

    async def wake(self, due: int) -> float:
        """Let some jobs be due; return how long it takes until the last is decided, in ms."""
        now = datetime.now(UTC)

        def plan(store: Store) -> None:
            for run_id in range(1, due + 1):
                store.add(Job(kind="update", subject=f"run:{run_id}", due_at=now, run_id=run_id))

        await self._desk.ask(plan)
        until = self._desk.decisions + due
        began = time.perf_counter()
        self._desk.planned.ring()
        while self._desk.decisions < until:  # noqa: ASYNC110 -- a count has no event
            await asyncio.sleep(0.0005)
        return (time.perf_counter() - began) * 1e3

    def close(self) -> None:
        self._desk.close()
        self._database.close()
