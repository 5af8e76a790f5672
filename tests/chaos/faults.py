"""Makes everything fail that a plan lets fail, and puts it right at the end."""

import asyncio
from collections.abc import Sequence
from typing import assert_never

from chaos.plan import Fault, Trouble
from chaos.trace import Trace
from chaos.world import World

LATER = 1
"""Seconds that the server wants to be left alone."""


async def fail(world: World, trace: Trace, faults: Sequence[Fault]) -> None:
    """Let everything fail at its time; nothing fails any more when this returns."""
    try:
        await asyncio.gather(*(_one(world, trace, fault) for fault in faults))
    finally:
        put_right(world)
        trace.note("nothing fails any more")


def put_right(world: World) -> None:
    """End all that fails; what was killed runs again."""
    world.mm.faults.clear()
    for way in (world.server, world.door, world.ground.way):
        if way is not None:
            way.is_shut, way.answers_to_lose = False, 0
    for process in world.processes:
        process.go_on()
        process.limit_files(-1)
        process.start()


async def _one(world: World, trace: Trace, fault: Fault) -> None:
    await trace.until(fault.at)
    trace.note(f"FAULT {_words(fault)}")
    await _fail(world, fault)
    trace.note(f"over  {_words(fault)}")


async def _fail(world: World, fault: Fault) -> None:
    mm, me, process = world.mm.faults, world.bot.username, world.processes[fault.process]
    match fault.trouble:
        case Trouble.KILLED:
            await process.kill()
            await asyncio.sleep(fault.seconds)
            process.start()
        case Trouble.PAUSED:
            process.pause()
            await asyncio.sleep(fault.seconds)
            process.go_on()
        case Trouble.DISK_FULL:
            process.limit_files(0)
            await asyncio.sleep(fault.seconds)
            process.limit_files(-1)
        case Trouble.LOCKED:
            await world.ground.lock(fault.seconds)
        case Trouble.DATABASE_RESTARTED:
            await world.ground.restart(fault.seconds)
        case Trouble.SERVER_AWAY | Trouble.DOOR_SHUT:
            way = world.server if fault.trouble is Trouble.SERVER_AWAY else world.door
            way.is_shut = True
            way.cut()
            await asyncio.sleep(fault.seconds)
            way.is_shut = False
        case Trouble.DOOR_ANSWER_LOST:
            world.door.answers_to_lose += fault.times
        case Trouble.SOCKETS_DROPPED:
            mm.drop_sockets(me)
        case Trouble.LIMITED:
            mm.rate_limit(fault.route, times=fault.times, user=me, retry_after=LATER)
        case Trouble.FAILING:
            mm.server_error(fault.route, times=fault.times, user=me, status=fault.status)
        case Trouble.LATE:
            mm.delay(fault.seconds, fault.route, times=fault.times, user=me)
        case Trouble.ANSWER_LOST | Trouble.REQUEST_LOST:
            done = fault.trouble is Trouble.ANSWER_LOST
            mm.reset(fault.route, times=fault.times, user=me, after_commit=done)
        case Trouble.DOUBLED:
            mm.double_events(me, fault.times)
        case Trouble.SWAPPED:
            mm.swap_events(me, fault.times)
        case Trouble.EVENTS_FIRST:
            mm.events_first(fault.route, times=fault.times, user=me)
        case Trouble.EVENTS_LAST:
            mm.events_last(fault.route, times=fault.times, user=me)
        case Trouble.CLOCK_SET:
            world.times.move(fault.seconds)
        case Trouble.TIME_PASSES:
            world.times.move(fault.seconds)
            world.mm.clock.advance(seconds=fault.seconds)
        case _:
            assert_never(fault.trouble)


def _words(fault: Fault) -> str:
    more = {
        "process": fault.process + 1 if fault.trouble in (Trouble.KILLED, Trouble.PAUSED, Trouble.DISK_FULL) else 0,
        "s": fault.seconds,
        "times": fault.times,
        "route": fault.route if fault.times else "",
        "status": fault.status,
    }
    return " ".join([fault.trouble, *(f"{name}={value}" for name, value in more.items() if value)])
