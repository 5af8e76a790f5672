"""Keeps what the listener listens for in step with the playbooks, and with the words that complete tasks of runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import ValidationError

from bot.directory.protocols import Asks
from bot.directory.retry import Passing, Patience
from bot.listening.listener import Listener
from bot.transaction.bell import Bell
from handlers.playbooks.keywords import Keywords, Watched
from handlers.playbooks.playbook import Playbook
from store import Conflict, KnownTeam, Store, Unavailable

log = structlog.get_logger()

LOOK_EVERY = 2.0
"""Seconds after which it is asked whether another process has stored a playbook."""
LOOKS = 30
"""After how many looks all is asked anew even if nothing was noticed here: another process may have changed a run."""

Meet = Callable[[Iterable[Playbook]], Awaitable[None]]
"""Learns whom playbooks name, so that no decision has to ask for them; raises what passes."""


class Ears:
    """Gives the listener, after each change that matters, the playbooks' `keywords` and the words of open tasks.

    Of the playbooks only what is new is read.
    """

    def __init__(self, readers: Asks, changed: Bell, listener: Listener, meet: Meet, patience: Patience) -> None:
        self._readers = readers
        self._changed = changed
        self._listener = listener
        self._meet = meet
        self._patience = patience
        self.keywords = Keywords()
        self._watched: Mapping[int, tuple[int, Watched | None]] = {}
        self._unmet: list[Playbook] = []
        self._has_unmet = asyncio.Event()
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Keep step until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen_anew())
            group.create_task(self._meet_new())

    async def _listen_anew(self) -> None:
        while True:
            try:
                await self._until_due()
                await self.refresh()
            except (Unavailable, Conflict) as error:
                # What is said meanwhile with words that are not known yet is read again, once they are.
                log.info("not listening anew yet", action="listening_waits", why=str(error))
                self._listener.lost()
            except Exception:
                log.exception("not listening anew", action="listening_failed")
                await asyncio.sleep(LOOK_EVERY)
                self._changed.ring()

    async def _meet_new(self) -> None:
        # Apart from listening, which must not wait for a server that may take its time.
        attempt = 0
        while True:
            await self._has_unmet.wait()
            try:
                await self.meet()
                attempt = 0
            except Exception as error:
                is_fault = not isinstance(error, Passing)
                log.info("not known yet whom playbooks name", action="named_unknown", why=str(error), exc_info=is_fault)
                await self._patience.sleep(self._patience.wait(error, attempt))
                attempt += 1

    async def refresh(self) -> None:
        """Ask the store once what there is to listen for now."""
        # In turn: what was asked first must not take the place of what was asked later.
        async with self._turn:
            read = await self._readers.ask(self._read)
            self._are_to_be_met(await asyncio.to_thread(self._understand, read))

    async def meet(self) -> None:
        """Learn whom new playbooks name. Raises what keeps the server from telling; then it is to be tried again."""
        unmet, self._unmet = self._unmet, []
        self._has_unmet.clear()
        try:
            await self._meet(unmet)
        except BaseException:
            self._are_to_be_met(unmet)
            raise

    def _are_to_be_met(self, books: list[Playbook]) -> None:
        if books:
            self._unmet += books
            self._has_unmet.set()

    async def _until_due(self) -> None:
        """Wait until something has changed here or in another process, or all is to be asked anew in any case."""
        for _ in range(LOOKS):
            if await self._changed.wait(LOOK_EVERY) or await self._is_old():
                return

    async def _is_old(self) -> bool:
        """Return whether a playbook has come, changed or gone since it was last asked."""
        with suppress(Unavailable, Conflict):
            versions = await self._readers.ask(lambda store: store.playbook_versions())
            return versions != {playbook_id: version for playbook_id, (version, _) in self._watched.items()}
        return False

    def _read(self, store: Store) -> "Read":
        versions = store.playbook_versions()
        missing = [one for one, version in versions.items() if self._watched.get(one, (0, None))[0] != version]
        new = {row.playbook_id: row.definition for row in store.newest_of(missing)}
        return Read(versions, new, store.teams(), store.tasks_to_hear())

    def _understand(self, read: "Read") -> list[Playbook]:
        """Take over what was read; return the playbooks that are new. It may take a second, and waits for nothing."""
        new = {one: book for one, said in read.new.items() if (book := _readable(one, said)) is not None}
        watched = {one: (version, self._heard(one)) for one, version in read.versions.items()}
        watched |= {one: (read.versions[one], _watched(one, book, read.teams)) for one, book in new.items()}
        if watched != self._watched:
            self._watched = watched
            self.keywords = Keywords(heard for _, heard in watched.values() if heard is not None)
        self._listener.keywords = self.keywords.also_in_places(
            Watched(0, tuple(words), task_id=task_id, place_id=place_id) for task_id, words, place_id in read.tasks
        )
        return list(new.values())

    def _heard(self, playbook_id: int) -> Watched | None:
        return self._watched.get(playbook_id, (0, None))[1]


@dataclass(frozen=True, slots=True)
class Read:
    """What is to be heard, as it is stored: the playbooks' versions, what new ones say, and the words of open tasks."""

    versions: Mapping[int, int]
    new: Mapping[int, Mapping[str, Any]]
    teams: Sequence[KnownTeam]
    tasks: Sequence[tuple[int, list[str], str]]


def _readable(playbook_id: int, said: Mapping[str, Any]) -> Playbook | None:
    """Return a stored playbook; None where it says what only a newer process knows, as while one replaces another."""
    try:
        return Playbook.model_validate(said)
    except ValidationError as error:
        why = str(error.errors(include_url=False, include_input=False))
        log.error("heard as before: playbook not readable", action="playbook_unreadable", id=playbook_id, why=why)
        return None


def _watched(playbook_id: int, book: Playbook, teams: Iterable[KnownTeam]) -> Watched:
    here = frozenset(team.id for team in teams if team.name in book.teams)
    return Watched(playbook_id, book.keywords, book.match, here if book.teams else None)
