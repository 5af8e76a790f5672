"""Questions beside the decisions: a slow one delays no click, few are asked at once, and none outlives the bot."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import ALICE, INCIDENT, START, TOWN, Desk, started_run, words_of
from stage import KINDS, url_of

from bot.transaction.dispatcher import Dispatcher
from bot.transaction.readers import AT_ONCE, Readers
from handlers.events import ButtonPressed
from store import ReadsOnly, Store, Unavailable


class House:
    """A desk with a started run, and readers beside it."""

    def __init__(self, url: str) -> None:
        made = Desk(INCIDENT, url=url)
        started_run(made)
        self.desk = Dispatcher(made.database, made.here, clock=lambda: START)
        self.readers = Readers(made.database, self.desk.storage)

    async def press(self, task: int) -> str:
        pressed = ButtonPressed(
            at=START, action="task.done", arg=str(task), asker=ALICE, place=TOWN, message_id=2, post_id="own2"
        )
        reply = await self.desk.dispatch(pressed)
        assert reply.pressed is not None
        return words_of(reply.pressed.content.cards[0])


@pytest.fixture(params=KINDS)
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    made = House(url_of(request.param, tmp_path))
    yield made
    made.readers.close()
    made.desk.close()
    made.desk.database.close()


class Slow:
    """A question that is under way, with what it has read, until it is let go."""

    def __init__(self) -> None:
        self.is_let_go = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self, store: Store) -> list[str]:
        before = done(store)
        self.begun.release()
        assert self.is_let_go.wait(60)
        return before + done(store)

    async def is_asked(self, times: int) -> None:
        """Wait until it is under way so often."""
        for _ in range(times):
            assert await asyncio.to_thread(self.begun.acquire, timeout=20)


def done(store: Store) -> list[str]:
    return [task.title for task in store.tasks(1) if task.state == "done"]


async def test_a_slow_read_delays_no_click_and_sees_the_moment_when_it_began(house: House) -> None:
    slow = Slow()
    reads = [asyncio.create_task(house.readers.ask(slow)) for _ in range(AT_ONCE)]
    await slow.is_asked(AT_ONCE)
    assert "[x] ~~1.1" in await house.press(1)
    assert "[x] ~~1.2" in await house.press(2)
    await house.desk.ask(lambda store: store.outbox.take("w", START + timedelta(seconds=9), timedelta(1), 99))
    assert not any(read.done() for read in reads)
    slow.is_let_go.set()
    assert await asyncio.gather(*reads) == [[]] * AT_ONCE
    assert await house.readers.ask(done) == ["Acknowledge the alert", "Open a bridge call"]


async def test_few_are_asked_at_once_and_the_others_wait(house: House) -> None:
    slow = Slow()
    reads = [asyncio.create_task(house.readers.ask(slow)) for _ in range(AT_ONCE + 1)]
    await slow.is_asked(AT_ONCE)
    assert not slow.begun.acquire(blocking=False)
    slow.is_let_go.set()
    assert len(await asyncio.gather(*reads)) == AT_ONCE + 1


async def test_what_waits_when_the_bot_stops_is_not_asked_any_more(house: House) -> None:
    slow = Slow()
    reads = [asyncio.create_task(house.readers.ask(slow)) for _ in range(AT_ONCE + 1)]
    await slow.is_asked(AT_ONCE)
    closing = asyncio.create_task(asyncio.to_thread(house.readers.close))
    ended, _ = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
    assert [one.cancelled() for one in ended] == [True]
    slow.is_let_go.set()
    await closing


async def test_whoever_reads_cannot_write(house: House) -> None:
    with pytest.raises(ReadsOnly):
        await house.readers.ask(lambda store: store.once("k", START))


async def test_a_database_that_was_away_a_moment_ago_is_not_asked(house: House) -> None:
    house.desk.storage.lost(Unavailable("it is away"))
    asked: list[Any] = []
    with pytest.raises(Unavailable, match="it is away"):
        await house.readers.ask(asked.append)
    assert asked == []
