"""Tells the other processes on a database that this one lives, and frees what one that lives no more had taken."""

import asyncio
import secrets
import time
from collections.abc import Callable, Collection
from typing import TypeVar

import structlog

from bot.transaction.dispatcher import Dispatcher
from store import Store

log = structlog.get_logger()
T = TypeVar("T")

EVERY = 1.0
"""Seconds from one beat to the next."""
MISSED = 5
"""How many looks in a row have to find that a process has told nothing, until what it had taken is free."""
SURE_FOR = 3
"""For how many beats nobody can take this process to be dead: fewer than the looks that others need."""


def seconds() -> float:
    """Return seconds that nobody sets; they go on while the machine sleeps, where it counts those."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Life:
    """The life of this process among all that work on a database, known to them by its `name`.

    Nobody's clock counts: others are dead that were found to have told nothing `MISSED` times. So a process that was
    stopped looks as often as any other before it judges, and one that finds itself forgotten goes on as a new one,
    under another name. Who is alone on a database, as on a SQLite file, lives. `on_change` is called when there may be
    more to take.
    """

    def __init__(
        self,
        desk: Dispatcher,
        *,
        alone: bool = False,
        every: float = EVERY,
        on_change: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = seconds,
    ) -> None:
        self.name = secrets.token_hex(4)
        self.is_alone = alone
        self.every = every
        self.on_change = on_change
        self._desk = desk
        self._clock = clock
        self._is_known = False
        self._sure_until = 0.0
        self._silent: dict[str, tuple[int, int]] = {}

    def is_sure(self) -> bool:
        """Return whether nobody else can have taken what this process has taken."""
        return self._clock() < self._sure_until

    async def run(self) -> None:
        """Tell that this process lives, and look after the others, until cancelled."""
        failing = False
        while not (self.is_alone and self._is_known):
            try:
                await self.beat()
                failing = False
            except Exception as error:
                if not failing:
                    log.warning("cannot tell that this process lives", action="beat_failed", error=str(error))
                failing = True
            await asyncio.sleep(self.every)

    async def beat(self) -> None:
        """Tell once that this process lives, and free what the dead had taken."""
        began, was_sure = self._clock(), self.is_sure()
        if self._is_known and not await self._do(lambda store: store.processes.beat(self.name)):
            log.warning("others took this process to be dead; it goes on as a new one", action="revived")
            self._is_known, self._sure_until = False, 0.0
        freed = await self._do(self._enter if not self._is_known else self._bury)
        self._is_known = True
        self._sure_until = float("inf") if self.is_alone else began + SURE_FOR * self.every
        if freed or not was_sure:
            self.on_change()

    async def end(self) -> None:
        """Leave: what was taken and is not given back is free for others at once, or found to be in some seconds."""
        if self._is_known and not self.is_alone:
            try:
                await self._do(lambda store: self._forget(store, [self.name]))
            except Exception as error:
                log.warning("cannot tell that this process ends", action="beat_failed", error=str(error))

    def _enter(self, store: Store) -> bool:
        if self.is_alone:
            return store.outbox.free()
        self.name, self._silent = secrets.token_hex(4), {}
        store.processes.enter(self.name)
        return store.outbox.free_of_the_dead()

    def _bury(self, store: Store) -> bool:
        dead = self._look(store.processes.beats())
        return self._forget(store, dead) if dead else False

    def _forget(self, store: Store, names: Collection[str]) -> bool:
        store.processes.leave(names)
        return store.outbox.free_of_the_dead()

    def _look(self, beats: dict[str, int]) -> Collection[str]:
        """Take note of how often each of the others has told that it lives; return those that do no more."""
        silent = {}
        for name, count in beats.items():
            before, looks = self._silent.get(name, (-1, 0))
            silent[name] = (count, looks + 1 if count == before else 0)
        self._silent = silent
        return [name for name, (_, looks) in silent.items() if looks >= MISSED and name != self.name]

    async def _do(self, work: Callable[[Store], T]) -> T:
        if self.is_alone:
            return await self._desk.ask(work)
        # However much there is to decide: who does not tell in time that it lives is taken to be dead.
        return await asyncio.to_thread(self._in_transaction, work)

    def _in_transaction(self, work: Callable[[Store], T]) -> T:
        with self._desk.database.transaction() as store:
            return work(store)
