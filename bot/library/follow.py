"""Follows the playbook files while the bot runs: what changes in them is in use some seconds later."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TypeVar

import structlog

from bot.library.keep import keep, remembered
from bot.library.listing import Stamp
from bot.library.shelf import Files, Shelf
from handlers.operations.store_playbook import Stored
from store import Conflict, Store, Unavailable

log = structlog.get_logger()
T = TypeVar("T")

EVERY = 2.0
"""Seconds from one look at the files to the next: networks and containers do not tell of changes in their folders."""

Ask = Callable[[Callable[[Store], list[Stored]]], Awaitable[list[Stored]]]
"""Has a change made in a transaction of its own."""


class Followed:
    """The playbook files as this process has taken them up.

    A change counts once it has stood still from one look to the next: a file may be looked at while it is written.
    """

    def __init__(self, files: Files, ask: Ask, clock: Callable[[], datetime]) -> None:
        self._files = files
        self._ask = ask
        self._clock = clock
        self._seen: Mapping[Path, Stamp] = {}
        self._taken: Mapping[Path, Stamp] | None = None
        self._read: Shelf | None = None

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except (Unavailable, Conflict) as error:
                log.info("playbook files wait for the database", action="playbooks_wait", why=str(error))
            except Exception:
                log.exception("playbook files not followed", action="playbooks_failed")

    async def begin(self) -> None:
        """Take up all files, whatever they were when another process, or this one before, has read them."""
        await self._take(await _aside(self._files.look))

    async def look(self) -> None:
        """Take up what has changed, and was the same at the look before."""
        before, self._seen = self._seen, await _aside(self._files.look)
        if before == self._seen != self._taken:
            await self._take(self._seen)

    async def _take(self, seen: Mapping[Path, Stamp]) -> None:
        """Raises what keeps the database from storing it; then it is tried again with the next look."""
        before, now = self._read, self._clock()
        shelf = await _aside(lambda: self._files.read(seen))
        stored = await self._ask(lambda store: keep(store, shelf, now, before))
        _complain(shelf, before or Shelf())
        if stored or before is None:
            _tell(stored)
        self._taken, self._read = self._files.taken, remembered(shelf, before or Shelf())


async def _aside(work: Callable[[], T]) -> T:
    """Return what some work with files comes to; the end of the process does not wait for a folder without answer."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def worked() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=worked, name="playbooks", daemon=True).start()
    return await asyncio.wrap_future(done)


def _complain(shelf: Shelf, before: Shelf) -> None:
    """Tell of each mistake once, however often it is looked at."""
    sources = {found.source for found in before.found.values()}
    known = {str(mistake) for mistake in before.told(sources)}
    for mistake in shelf.told(sources):
        if str(mistake) not in known:
            log.error(str(mistake), action="playbook_mistake")


def _tell(stored: list[Stored]) -> None:
    keys = {
        what: [one.key for one in stored if one.what == what] for what in ("added", "changed", "restored", "archived")
    }
    log.info("playbooks read", action="playbooks", **keys)
