"""Keeps what the listener listens for in step with the playbooks, and with the words that complete tasks of runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.directory.protocols import Asks
from bot.directory.retry import Passing
from bot.listening.listener import Listener
from handlers.playbooks.keywords import Keywords, Watched
from handlers.playbooks.playbook import Playbook
from store import Conflict, KnownTeam, Store, Unavailable

log = structlog.get_logger()

LOOK_EVERY = 2.0
"""Seconds after which it is asked whether another process has stored a playbook."""
LOOKS = 30
"""After how many looks all is asked anew even if nothing was noticed here: another process may have changed a run."""

Meet = Callable[[Iterable[Playbook]], Awaitable[None]]
"""Learns whom playbooks name, before anybody can start them; raises what passes."""


class Ears:
    """Gives the listener, after each change that matters, the playbooks' `keywords` and the words of open tasks.

    Of the playbooks only what is new is read.
    """

    def __init__(self, readers: Asks, listener: Listener, meet: Meet) -> None:
        self._readers = readers
        self._listener = listener
        self._meet = meet
        self.keywords = Keywords()
        self._watched: dict[int, tuple[int, Watched]] = {}
        self._unmet: list[Playbook] = []
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        listener.learn_words_by(self.refresh)

    def has_changed(self) -> None:
        """Have it asked soon what there is to listen for: something has changed in this process."""
        self._changed.set()

    async def run(self) -> None:
        """Keep step until cancelled."""
        while True:
            await self._until_due()
            self._changed.clear()
            try:
                await self.refresh()
            except (Unavailable, Conflict) as error:
                # What is said meanwhile with words that are not known yet is read again, once they are.
                log.info("not listening anew yet", action="listening_waits", why=str(error))
                self._listener.lost()
            except Exception:
                log.exception("not listening anew", action="listening_failed")

    async def refresh(self) -> None:
        """Ask the store once what there is to listen for now, and the server whom new playbooks name."""
        # In turn: what was asked first must not take the place of what was asked later.
        async with self._turn:
            found = await self._readers.ask(self._look)
            self._unmet += found.new
            try:
                await self.meet()
            except Passing as error:
                log.info("not known yet whom playbooks name", action="named_unknown", why=str(error))
            self._watched, self.keywords, self._listener.keywords = found.watched, found.keywords, found.all_words

    async def meet(self) -> None:
        """Learn whom the playbooks name that are new. Raises what passes; then it is tried again with the next look."""
        unmet, self._unmet = self._unmet, []
        try:
            await self._meet(unmet)
        except BaseException:
            self._unmet += unmet
            raise

    async def _until_due(self) -> None:
        """Wait until something has changed here or in another process, or all is to be asked anew in any case."""
        for _ in range(LOOKS):
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._changed.wait()
            if self._changed.is_set() or self._unmet or await self._is_old():
                return

    async def _is_old(self) -> bool:
        """Return whether a playbook has come, changed or gone since it was last asked."""
        with suppress(Unavailable, Conflict):
            versions = await self._readers.ask(lambda store: store.playbook_versions())
            return versions != {playbook_id: version for playbook_id, (version, _) in self._watched.items()}
        return False

    def _look(self, store: Store) -> "Found":
        """Read what is not known yet, and make of all what finds it in messages, in the reader's thread."""
        versions = store.playbook_versions()
        known = {one: kept for one, kept in self._watched.items() if versions.get(one) == kept[0]}
        rows = store.newest_of(versions.keys() - known)
        new = {row.playbook_id: Playbook.model_validate(row.definition) for row in rows}
        teams = store.teams() if new else ()
        for playbook_id, book in new.items():
            known[playbook_id] = versions[playbook_id], _watched(playbook_id, book, teams)
        watched = {playbook_id: known[playbook_id] for playbook_id in versions}
        keywords = self.keywords if watched == self._watched else Keywords(each for _, each in watched.values())
        return Found(watched, list(new.values()), keywords, keywords.also_in_places(_to_hear(store)))


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to listen for: playbooks by id, each with its version; those that are new; and all their words."""

    watched: dict[int, tuple[int, Watched]]
    new: list[Playbook]
    keywords: Keywords
    all_words: Keywords


def _watched(playbook_id: int, book: Playbook, teams: Iterable[KnownTeam]) -> Watched:
    here = frozenset(team.id for team in teams if team.name in book.teams)
    return Watched(playbook_id, book.keywords, book.match, here if book.teams else None)


def _to_hear(store: Store) -> Iterator[Watched]:
    """Yield the words that complete open tasks, each for its run's channel alone."""
    for task_id, words, place_id in store.tasks_to_hear():
        yield Watched(0, tuple(words), task_id=task_id, place_id=place_id)
