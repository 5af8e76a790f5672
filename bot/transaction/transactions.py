"""Transactions off the event loop: one after the other, each as often as it takes."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from bot.transaction.bell import Bell
from bot.transaction.storage import Storage
from store import Conflict, Database, Store, Unavailable

T = TypeVar("T")

TRIES = 5
"""How often a transaction is tried that others are in the way of."""


class Transactions:
    """Works on a database in a thread of its own.

    SQLite has one writer. On PostgreSQL, too, one thread that decides together what waits does twice as much as four
    that each decide alone. `planned` is rung when something was planned, and when the database is away, since somebody
    has to ask whether it is back; `listening` when there are other things to be heard; `calling` when there is
    something for webhooks.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.storage = Storage(clock)
        self.planned = Bell()
        self.listening = Bell()
        self.calling = Bell()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk")

    async def run(self, work: Callable[[Store], T]) -> T:
        """Do work in a transaction; raises as `do` does."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.do, work)

    def submit(self, work: Callable[[], object]) -> None:
        """Let the thread do something, such as transactions, when what came before is done."""
        self._thread.submit(work)

    def do(self, work: Callable[[Store], T]) -> T:
        """Do work in a transaction, on the thread; anew where another transaction was in the way.

        Raises `Unavailable` without asking while the database was away a moment ago.
        """
        self.storage.check()
        try:
            answer = self._insist(work)
        except Unavailable as error:
            if self.storage.lost(error):
                self.planned.ring()
            raise
        if not self.database.is_full:
            self.storage.works()
        return answer

    def close(self) -> None:
        self._thread.shutdown()

    def _insist(self, work: Callable[[Store], T]) -> T:
        """Run a transaction, again where another one was in the way, and once more where its connection broke."""
        has_broken = False
        for _ in range(TRIES - 1):
            try:
                return self._try(work)
            except Conflict:
                continue
            except Unavailable as error:
                if has_broken or not error.has_broken or error.in_doubt or self.storage.trouble is not None:
                    raise
                has_broken = True
        return self._try(work)

    def _try(self, work: Callable[[Store], T]) -> T:
        with self.database.transaction() as store:
            answer = work(store)
        if store.has_planned:
            self.planned.ring()
        if store.has_called:
            self.calling.ring()
        if store.has_changed_listening:
            self.listening.ring()
        return answer
