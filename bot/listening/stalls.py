"""Channels that wait: what server or storage kept from being dealt with is tried again, in order, until it can be."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime

import structlog

from bot.directory.retry import Patience
from bot.listening.filter import Once
from bot.listening.read_marks import Watermarks
from store import Unavailable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be dealt with for a channel; its mark stays before `at` (server's ms) until it is done."""

    place_id: str
    at: int
    do: Callable[[], Awaitable[None]]
    post_id: str = ""


@dataclass(slots=True)
class Stall:
    """A channel that waits `since` a time, with what it waits for, the oldest first.

    What had no room since `cut_at` (server's ms) is not among it, and has to be read again.
    """

    since: datetime
    works: deque[Work] = field(default_factory=deque)
    cut_at: int | None = None
    task: asyncio.Task[None] | None = None


@dataclass(eq=False, repr=False)
class Stalls:
    """Channels that wait, each by itself; where many wait for the database, one of them tries it for all.

    `attempt` does a work that was tried so often before, and returns why it has to wait, None if it is over. Beside one
    of each channel at most `room` works are kept; when a channel goes on of which more came, `read_again` is called.
    """

    attempt: Callable[[Work, int], Awaitable[Exception | None]]
    _: KW_ONLY
    patience: Patience
    clock: Callable[[], datetime]
    marks: Watermarks
    once: Once
    room: int
    read_again: Callable[[], None]

    def __post_init__(self) -> None:
        self._stalls: dict[str, Stall] = {}
        self._asks = asyncio.Lock()
        self._refusals = 0
        self.count = 0

    def __len__(self) -> int:
        return len(self._stalls)

    @property
    def since(self) -> datetime | None:
        """Since when the channel waits that waits the longest."""
        return min((stall.since for stall in self._stalls.values()), default=None)

    def takes(self, work: Work) -> bool:
        """Keep a work whose channel waits; False if that does not."""
        stall = self._stalls.get(work.place_id)
        if stall is not None:
            self._keep(stall, work)
        return stall is not None

    def begin(self, work: Work, error: Exception) -> None:
        """Let a channel wait, from a work on that could not be done."""
        stall = self._stalls[work.place_id] = Stall(self.clock())
        stall.works.append(work)
        self.count += 1
        is_told = isinstance(error, Unavailable)
        if is_told:
            self._refusals = max(1, self._refusals)
        # That the database is away is told once for all channels.
        tell = log.info if is_told else log.warning
        tell("a channel waits", action="channel_waits", place=work.place_id, why=str(error))
        stall.task = asyncio.create_task(self._persist(work.place_id, stall, error))

    def close(self) -> None:
        """Try nothing any more; what waits is heard again at the next start."""
        for stall in self._stalls.values():
            if stall.task is not None:
                stall.task.cancel()

    def _keep(self, stall: Stall, work: Work) -> None:
        if stall.cut_at is None and self.count < self.room:
            stall.works.append(work)
            self.count += 1
        else:
            self._cut(stall, work)

    def _cut(self, stall: Stall, work: Work) -> None:
        """Drop a work; the channel's mark stays before the oldest of what was dropped."""
        self.once.discard(work.post_id)
        if stall.cut_at is None:
            log.info("no room for all that waits", action="stall_cut", place=work.place_id)
            stall.cut_at = work.at
        else:
            self.marks.done(work.place_id, max(stall.cut_at, work.at))
            stall.cut_at = min(stall.cut_at, work.at)

    async def _persist(self, place_id: str, stall: Stall, error: Exception | None) -> None:
        attempt = 0
        while stall.works:
            work = stall.works[0]
            error = await (self.attempt(work, attempt) if error is None else self._again(work, error, attempt))
            attempt += 1
            if error is None:
                stall.works.popleft()
                self.count -= 1
                attempt = 0
        del self._stalls[place_id]
        log.info("a channel goes on", action="channel_goes_on", place=place_id)
        if stall.cut_at is not None:
            self.read_again()
            self.marks.done(place_id, stall.cut_at)

    async def _again(self, work: Work, error: Exception, attempt: int) -> Exception | None:
        if not isinstance(error, Unavailable):
            await self.patience.sleep(self.patience.wait(error, attempt))
            return await self.attempt(work, attempt)
        async with self._asks:
            if self._refusals:
                await self.patience.sleep(self.patience.wait(error, self._refusals - 1))
            again = await self.attempt(work, attempt)
            self._refusals = self._refusals + 1 if isinstance(again, Unavailable) else 0
            return again
