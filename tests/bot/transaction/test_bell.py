"""A bell wakes who waits, from any thread and at any time."""

import asyncio

from bot.transaction.bell import Bell


async def test_what_was_rung_by_a_thread_before_the_first_wait_is_heard_once() -> None:
    bell = Bell()
    await asyncio.to_thread(bell.ring)
    assert await bell.wait(0)
    assert not await bell.wait(0)


async def test_a_thread_wakes_the_loop_that_waits() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(20))
    await asyncio.sleep(0)
    await asyncio.to_thread(bell.ring)
    assert await waiting


async def test_a_thread_that_rings_before_the_first_wait_does_not_touch_what_belongs_to_the_loop() -> None:
    bell = Bell()
    await asyncio.to_thread(bell.ring)
    assert not bell._rung.is_set()
