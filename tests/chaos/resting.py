"""Waiting until everything that was decided is delivered and nothing more comes of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, create_engine
from sqlmodel import Session, col, func, select

from chaos.trace import Trace
from chaos.world import World
from store import Job, Outgoing

WITHIN = 50.0
"""Seconds after the end of all that fails in which everything has to come to rest."""
QUIET = 1.5
"""Seconds in which nothing happens before it is taken to be at rest."""
LOOK_EVERY = 0.1


async def ready(world: World, trace: Trace, within: float = WITHIN) -> None:
    """Wait until all processes hear and deliver."""
    async with asyncio.timeout(within):
        while not all([await one.is_well() for one in world.processes]):  # noqa: ASYNC110 - they are other processes
            await asyncio.sleep(LOOK_EVERY)
    trace.note("all processes are well")


async def rest(world: World, trace: Trace) -> list[str]:
    """Wait until all is at rest; return what still was not after `WITHIN`."""
    engine = create_engine(world.ground.url)
    began, quiet_since, asked, last = trace.now, trace.now, -1, ["it asks the server on and on"]
    try:
        while trace.now - began < WITHIN:
            restless = [what async for what in _restless(world, engine)]
            requests = sum(1 for seen in world.mm.requests if seen.user == world.bot.username)
            if restless or requests != asked:
                quiet_since, asked, last = trace.now, requests, restless or last
            elif trace.now - quiet_since > QUIET:
                trace.note(f"at rest after {trace.now - began:.1f} s")
                return []
            await asyncio.sleep(LOOK_EVERY)
    finally:
        engine.dispose()
    return [f"not at rest after {WITHIN:g} s: {what}" for what in last]


async def _restless(world: World, engine: Engine) -> AsyncIterator[str]:
    for process in world.processes:
        if not await process.is_well():
            yield f"{process.name} is not well"
        elif await process.unheard():
            yield f"{process.name} has not dealt with all that it heard"
    for what in await asyncio.to_thread(lambda: list(_left(world, engine))):
        yield what


def _left(world: World, engine: Engine) -> Iterator[str]:
    now = datetime.now(UTC) + timedelta(seconds=world.times.ahead)
    with Session(engine) as session:
        waiting = session.exec(select(Outgoing).where(col(Outgoing.done_at).is_(None))).all()
        due = session.exec(select(func.count()).where(col(Job.done_at).is_(None), col(Job.due_at) <= now)).one()
    for row in waiting[:8]:
        yield (
            f"outbox row {row.id} {row.effect.get('type')} in {row.lane}: {row.attempts} attempts, next in "
            f"{(row.next_at - now).total_seconds():.0f} s, leased for "
            f"{(row.leased_until - now).total_seconds() if row.leased_until else 0:.0f} s"
        )
    if due:
        yield f"{due} jobs are due"
