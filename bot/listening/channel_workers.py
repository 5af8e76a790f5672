"""Work in order: what concerns one channel is dealt with one after the other, different channels side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

import structlog

from bot.directory.retry import Passing, Patience, passes
from bot.listening.filter import Once
from bot.listening.read_marks import Watermarks
from bot.listening.stalls import Stalls, Work

log = structlog.get_logger()


class ChannelWorkers:
    """A few workers, each with a bounded queue; what catch-up finds goes before what came after it.

    `room` bounds what waits in all queues together. During a catch-up new work of channels that are not read yet is
    kept back, in the same bounds, so that each channel's order stays. A channel whose work server or storage keep from
    being done waits by itself (`stalls`), and the workers go on with the others; what had no room then is to be read
    again, which `lost` is told.
    """

    def __init__(
        self,
        marks: Watermarks,
        once: Once,
        *,
        workers: int = 4,
        room: int = 10_000,
        patience: Patience | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._marks = marks
        self._once = once
        self._queues: list[asyncio.Queue[Work]] = [asyncio.Queue(max(1, room // workers)) for _ in range(workers)]
        self._room = room
        self._held: dict[str, deque[Work]] = {}
        self._held_count = 0
        self._holding = False
        self._let_go: set[str] = set()
        self.stalls = Stalls(
            self._attempt,
            patience=patience or Patience(),
            clock=clock,
            marks=marks,
            once=once,
            room=room,
            read_again=lost,
        )

    @property
    def waiting(self) -> int:
        """Return how much is waiting."""
        return self._held_count + self.stalls.count + sum(queue.qsize() for queue in self._queues)

    def offer(self, place_id: str, do: Callable[[], Awaitable[None]], at: int = 0, post_id: str = "") -> bool:
        """Add work without waiting, with the post whose message it is about, if any; False if there is no room."""
        held = self._holding and place_id not in self._let_go
        queue = self._queue(place_id)
        if self._held_count >= self._room if held else queue.full():
            return False
        work = Work(place_id, self._marks.begin(place_id, at), do, post_id)
        self._once.add(post_id)
        if held:
            self._held.setdefault(place_id, deque()).append(work)
            self._held_count += 1
        else:
            queue.put_nowait(work)
        return True

    async def put(self, place_id: str, do: Callable[[], Awaitable[None]], at: int = 0, post_id: str = "") -> None:
        """Add work that catch-up found, waiting for room."""
        self._once.add(post_id)
        await self._queue(place_id).put(Work(place_id, self._marks.begin(place_id, at), do, post_id))

    def hold(self) -> None:
        """Keep back new work until its channel is let go; messages that are kept back already are read again."""
        self._holding = True
        self._let_go.clear()
        for place_id in list(self._held):
            self._drop(place_id, lambda work: bool(work.post_id))

    def give_up(self, place_id: str, post_ids: Collection[str]) -> None:
        """Drop messages of a channel that are kept back: catch-up has read them, in their order."""
        self._drop(place_id, lambda work: work.post_id in post_ids)

    def _drop(self, place_id: str, unwanted: Callable[[Work], bool]) -> None:
        held = self._held.pop(place_id, deque())
        dropped = [work for work in held if unwanted(work)]
        for work in dropped:
            self._once.discard(work.post_id)
            self._marks.done(place_id, work.at)
        self._held_count -= len(dropped)
        if len(held) > len(dropped):
            self._held[place_id] = deque(work for work in held if not unwanted(work))

    async def let_go(self, place_id: str) -> None:
        """Let a channel's work go on: what was found of the gap is in its queue."""
        while held := self._held.get(place_id):
            work = held.popleft()
            self._held_count -= 1
            await self._queue(place_id).put(work)
        self._held.pop(place_id, None)
        self._let_go.add(place_id)

    async def let_all_go(self) -> None:
        """Keep nothing back any more."""
        while self._held:
            await self.let_go(next(iter(self._held)))
        self._holding = False

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for queue in self._queues:
                    group.create_task(self._work(queue))
        finally:
            self.stalls.close()

    async def idle(self) -> None:
        """Wait until nothing is left to do in the queues."""
        for queue in self._queues:
            await queue.join()

    def _queue(self, place_id: str) -> asyncio.Queue[Work]:
        return self._queues[hash(place_id) % len(self._queues)]

    async def _work(self, queue: asyncio.Queue[Work]) -> None:
        while True:
            work = await queue.get()
            if not self.stalls.takes(work) and (error := await self._attempt(work)) is not None:
                self.stalls.begin(work, error)
            queue.task_done()

    async def _attempt(self, work: Work, tried: int = 0) -> Exception | None:
        """Do a work; return why it has to wait for server or storage. Whatever else it fails on, it is over."""
        try:
            await work.do()
        except Passing as error:
            if passes(error, tried):
                return error
            log.exception("event failed", action="event_failed", place=work.place_id)
        except Exception:
            log.exception("event failed", action="event_failed", place=work.place_id)
        # A work that is cancelled stays pending, so that it is heard again at the next start.
        self._marks.done(work.place_id, work.at)
        return None
