"""Decisions that nobody hears of: in a database that is in memory alone, of which nothing stays."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from store import Database, Store

T = TypeVar("T")


class _Over(Exception):
    """Ends a rehearsal, so that nothing of it stays."""


class Rehearsal:
    """Lets a question write as it likes, in an empty database of its own; one after the other."""

    def __init__(self) -> None:
        self._database: Database | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rehearsal")

    async def ask(self, question: Callable[[Store], T]) -> T:
        """Return what a question finds, and undo all that it wrote. What it raises comes through."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, question)

    def _ask(self, question: Callable[[Store], T]) -> T:
        if self._database is None:
            self._database = Database("sqlite://")
            self._database.create()
        found: list[T] = []
        try:
            with self._database.transaction() as store:
                found.append(question(store))
                raise _Over
        except _Over:
            return found[0]
