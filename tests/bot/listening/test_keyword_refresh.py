"""What is listened for follows the store: playbooks that come, change and go, here or in another process."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from stage import KINDS, url_of
from structlog.testing import capture_logs

from bot.directory.retry import Patience
from bot.driver import ServerUnreachable
from bot.listening.keyword_refresh import Ears
from bot.transaction.bell import Bell
from handlers.operations.store_playbook import archive_playbook, store_playbook
from handlers.playbooks.keywords import Keywords
from handlers.playbooks.playbook import Playbook
from store import Database, KnownTeam, Store

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Listener:
    """The part of a listener that is told what to listen for."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Keywords] = asyncio.Queue()
        self._keywords = Keywords()

    @property
    def keywords(self) -> Keywords:
        return self._keywords

    @keywords.setter
    def keywords(self, keywords: Keywords) -> None:
        self._keywords = keywords
        self.heard.put_nowait(keywords)

    def lost(self) -> None:
        raise AssertionError("the database was there")


class House:
    """A process on a database, with all that it meets."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.listener: Any = Listener()
        self.met: list[str] = []
        self.is_server_away = False
        self.tries: asyncio.Queue[None] = asyncio.Queue()
        self.answers = asyncio.Event()
        self.answers.set()
        self.asked = 0
        self.fault: Exception | None = None
        self.changed = Bell()
        self.ears = Ears(self, self.changed, self.listener, self.meet, Patience(longest_retry=0.01))

    async def ask(self, question: Callable[[Store], T]) -> T:
        self.asked += 1
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        with self.database.reading() as store:
            return question(store)

    async def meet(self, books: Iterable[Playbook]) -> None:
        await self.answers.wait()
        self.tries.put_nowait(None)
        if self.is_server_away:
            raise ServerUnreachable("down")
        self.met += [book.key for book in books]

    def stores(self, *books: Playbook) -> None:
        with self.database.transaction() as store:
            for book in books:
                store_playbook(store, book, "test", NOW)

    def archives(self, key: str) -> None:
        with self.database.transaction() as store:
            row = store.playbook_by_key(key)
            assert row is not None
            archive_playbook(store, row, NOW)

    def is_from_a_newer_process(self, key: str) -> None:
        """Let what is stored of a playbook have a field that nobody here knows."""
        with self.database.transaction() as store:
            row = store.playbook_by_key(key)
            assert row is not None
            version = store.playbook_version(row)
            version.definition = version.definition | {"made_by_a_newer_version": True}

    def finds(self, text: str, team_id: str = "other") -> list[str]:
        found = self.listener.keywords.find(text, team_id)
        with self.database.reading() as store:
            return [row.key for hit in found if (row := store.playbook(hit.playbook_id)) is not None]

    async def listens(self, text: str) -> None:
        """Wait until something is heard by these words."""
        async with asyncio.timeout(20):
            while not self.finds(text):
                await self.listener.heard.get()


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    database = Database(url_of(request.param, tmp_path))
    database.migrate()
    with database.transaction() as store:
        store.learn(KnownTeam(id="ops-id", name="ops", title="Ops", seen_at=NOW))
    yield House(database)
    database.close()


def book(title: str, **more: object) -> Playbook:
    return Playbook.model_validate({"title": title, "keywords": ["down"]} | more)


async def test_what_is_listened_for_follows_the_store(house: House) -> None:
    house.stores(book("A", match="exact"), book("B", teams=["ops", "unknown"]), book("C", teams=["unknown"]))
    await house.ears.refresh()
    assert house.finds("down", "ops-id") == ["a", "b"]
    assert house.finds("Down", "ops-id") == ["b"]
    assert house.finds("down") == ["a"]
    house.archives("a")
    await house.ears.refresh()
    assert house.finds("down") == []
    house.stores(book("A", match="exact"))
    await house.ears.refresh()
    assert house.finds("down") == ["a"]


async def test_only_what_is_new_is_met(house: House) -> None:
    house.stores(book("A"), book("B"))
    await house.ears.refresh()
    await house.ears.meet()
    house.stores(book("A", keywords=["slow"]))
    await house.ears.refresh()
    await house.ears.refresh()
    await house.ears.meet()
    assert house.met == ["a", "b", "a"]
    assert (house.finds("slow"), house.finds("down")) == (["a"], ["b"])


async def test_what_could_not_be_met_is_heard_and_met_later(house: House) -> None:
    house.is_server_away = True
    house.stores(book("A"))
    await house.ears.refresh()
    with pytest.raises(ServerUnreachable):
        await house.ears.meet()
    assert (house.finds("down"), house.met) == (["a"], [])
    house.is_server_away = False
    await house.ears.meet()
    assert house.met == ["a"]


async def test_while_the_server_is_asked_whom_playbooks_name_new_words_are_learnt(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may take as long as the server likes, and fail; then only that is tried again."""
    monkeypatch.setattr("bot.listening.keyword_refresh.LOOK_EVERY", 60)
    house.answers.clear()
    house.is_server_away = True
    running = asyncio.create_task(house.ears.run())
    for title, word in (("A", "down"), ("B", "slow")):
        house.stores(book(title, keywords=[word]))
        house.changed.ring()
        await house.listens(word)
    asked = house.asked
    with capture_logs() as logs:
        house.answers.set()
        async with asyncio.timeout(20):
            for _ in range(3):
                await house.tries.get()
        house.is_server_away = False
        async with asyncio.timeout(20):
            while len(house.met) < 2:
                await house.tries.get()
    assert {one["action"] for one in logs} == {"named_unknown"}
    assert house.asked == asked
    assert sorted(house.met) == ["a", "b"]
    running.cancel()
    await asyncio.wait({running})


async def test_a_playbook_that_a_newer_process_stored_hides_no_other_words(house: House) -> None:
    house.stores(book("A"), book("B"))
    await house.ears.refresh()
    house.stores(book("A", keywords=["slow"]), book("B", keywords=["gone"]), book("C", keywords=["new"]))
    house.is_from_a_newer_process("a")
    with capture_logs() as logs:
        await house.ears.refresh()
        await house.ears.refresh()
        await house.ears.meet()
    assert [one["action"] for one in logs] == ["playbook_unreadable"]
    assert (house.finds("down"), house.finds("gone"), house.finds("new")) == (["a"], ["b"], ["c"])
    assert house.met == ["a", "b", "b", "c"]
    assert not await house.ears._is_old()


@pytest.mark.parametrize("is_here", [True, False])
async def test_a_change_is_heard_here_at_once_and_from_elsewhere_soon(
    house: House, is_here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.listening.keyword_refresh.LOOK_EVERY", 60 if is_here else 0.01)
    monkeypatch.setattr("bot.listening.keyword_refresh.LOOKS", 10**6)
    running = asyncio.create_task(house.ears.run())
    house.stores(book("A"))
    if is_here:
        house.changed.ring()
    await house.listens("down")
    running.cancel()
    await asyncio.wait({running})


async def test_after_a_fault_it_is_listened_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it at the look that finds whether there is anything new."""
    monkeypatch.setattr("bot.listening.keyword_refresh.LOOK_EVERY", 0.01)
    house.fault = RuntimeError("not what says that the database is away")
    house.stores(book("A"))
    running = asyncio.create_task(house.ears.run())
    await house.listens("down")
    assert house.fault is None
    running.cancel()
    await asyncio.wait({running})
