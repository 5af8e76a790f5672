"""Questions on which nothing is decided, asked beside the decisions: however long one takes, nobody's click waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.transaction.storage import Storage
from store import Database, Store

T = TypeVar("T")

AT_ONCE = 4
"""How many questions are asked at once; others wait for one of them."""


class Readers:
    """Asks the database by connections of their own, which cannot write.

    An answer is true of one moment, and may be overtaken when it comes. What a decision hangs on is asked in its own
    transaction.
    """

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reader")

    async def ask(self, question: Callable[[Store], T]) -> T:
        """Return what a question finds.

        Raises `Unavailable`: where the database was away a moment ago, without asking it, or where the question takes
        longer than `store.reading.READ_FOR`. Raises `ReadsOnly` where the question would write.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)

    def close(self) -> None:
        """Ask nothing that still waits; what is being asked has its time."""
        self._threads.shutdown(cancel_futures=True)

    def _ask(self, question: Callable[[Store], T]) -> T:
        self._storage.check()
        with self._database.reading() as store:
            return question(store)
