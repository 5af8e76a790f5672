"""Files are followed while the bot runs: what changes is taken up once it stands still, what breaks is told once."""

import asyncio
import os
import queue
import resource
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from structlog.testing import capture_logs

from bot.library.follow import Followed
from bot.library.keep import keep
from bot.library.listing import Stamp
from bot.library.shelf import Files, Shelf
from store import Database, Store, Unavailable

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Desk:
    """A desk that decides at once, unless its database is away."""

    def __init__(self) -> None:
        self.database = Database("sqlite://")
        self.database.migrate()
        self.is_away = False

    async def ask(self, question: Callable[[Store], T]) -> T:
        if self.is_away:
            raise Unavailable("it is away")
        with self.database.transaction() as store:
            return question(store)

    def keywords(self) -> dict[str, list[str]]:
        with self.database.transaction() as store:
            return {row.key: row.keywords for row in store.playbooks()}


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.database.close()


async def followed(desk: Desk, folder: Path) -> Followed:
    made = Followed(Files(False, ["*.yaml"], folder), desk.ask, lambda: NOW)
    await made.begin()
    return made


async def looked_twice(files: Followed) -> list[Any]:
    """Let it be looked twice, and return what was logged."""
    with capture_logs() as logs:
        await files.look()
        await files.look()
    return [one for one in logs if one["action"] in ("playbooks", "playbook_mistake")]


async def test_files_that_change_come_and_go_are_taken_up(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title: A\nkeywords: [down]")
    files = await followed(desk, tmp_path)
    assert await looked_twice(files) == []
    file.write_text("title: A\nkeywords: [slow]")
    (tmp_path / "b.yaml").write_text("title: B")
    (told,) = await looked_twice(files)
    assert (told["changed"], told["added"]) == (["a"], ["b"])
    assert desk.keywords() == {"a": ["slow"], "b": []}
    file.unlink()
    assert (await looked_twice(files))[0]["archived"] == ["a"]
    file.write_text("title: A\nkeywords: [slow]")
    assert (await looked_twice(files))[0]["restored"] == ["a"]
    assert await looked_twice(files) == []


async def test_a_file_that_is_being_written_is_left_until_it_stands_still(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title: A\nkeywords: [down]")
    files = await followed(desk, tmp_path)
    file.write_text("title: A\n")
    await files.look()
    file.write_text("title: A\nkeywords: [slow]")
    await files.look()
    assert desk.keywords() == {"a": ["down"]}
    await files.look()
    assert desk.keywords() == {"a": ["slow"]}


async def test_a_broken_file_leaves_what_was_in_use_and_is_told_once(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title: A\nkeywords: [down]")
    (tmp_path / "b.yaml").write_text("titel: B")
    with capture_logs() as logs:
        files = await followed(desk, tmp_path)
    assert [one["log_level"] for one in logs if one["action"] == "playbook_mistake"] == ["error"]
    file.write_text("title: A\nmatch: never")
    (told,) = await looked_twice(files)
    assert "a.yaml has a mistake:" in told["event"]
    assert await looked_twice(files) == []
    assert desk.keywords() == {"a": ["down"]}
    file.write_text("title: A\nkeywords: [slow]")
    assert [one["action"] for one in await looked_twice(files)] == ["playbooks"]
    assert desk.keywords() == {"a": ["slow"]}


async def test_a_folder_that_is_swapped_by_a_link_is_seen(desk: Desk, tmp_path: Path) -> None:
    """As containers bring a new configuration: names, sizes and times may be the same."""
    for version, word in (("..1", "down"), ("..2", "slow")):
        (tmp_path / version).mkdir()
        (tmp_path / version / "a.yaml").write_text(f"title: A\nkeywords: [{word}]")
        os.utime(tmp_path / version / "a.yaml", (1, 1))
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "a.yaml").symlink_to("..data/a.yaml")
    files = await followed(desk, tmp_path)
    (tmp_path / "..new").symlink_to("..2")
    (tmp_path / "..new").replace(tmp_path / "..data")
    await looked_twice(files)
    assert desk.keywords() == {"a": ["slow"]}


async def test_what_the_database_could_not_take_is_taken_up_later(desk: Desk, tmp_path: Path) -> None:
    files = await followed(desk, tmp_path)
    (tmp_path / "a.yaml").write_text("title: A")
    await files.look()
    desk.is_away = True
    with pytest.raises(Unavailable):
        await files.look()
    desk.is_away = False
    await files.look()
    assert list(desk.keywords()) == ["a"]


async def test_of_two_processes_the_one_whose_file_changes_last_is_followed(desk: Desk, tmp_path: Path) -> None:
    """Each has a folder of its own, of which one is brought up to date first."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "a.yaml").write_text("title: A\nkeywords: [down]")
    one, two = [await followed(desk, folder) for folder in folders]
    (folders[0] / "a.yaml").write_text("title: A\nkeywords: [slow]")
    await asyncio.gather(looked_twice(one), looked_twice(two))
    (folders[1] / "a.yaml").touch()
    assert await looked_twice(two) == []
    (folders[1] / "b.yaml").write_text("title: B")
    assert [told["added"] for told in await looked_twice(two)] == [["b"]]
    assert desk.keywords() == {"a": ["slow"], "b": []}
    (folders[1] / "a.yaml").write_text("title: A\nkeywords: [slow]")
    assert await looked_twice(two) == []
    (folders[1] / "a.yaml").write_text("title: A\nkeywords: [gone]")
    await asyncio.gather(looked_twice(one), looked_twice(two))
    assert desk.keywords() == {"a": ["gone"], "b": []}


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process have as many files open as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Exhausted(Files):
    """Files of a process that has too many open while it reads them, and has fewer later."""

    def read(self, seen: Mapping[Path, Stamp] | None = None) -> Shelf:
        with no_more_files():
            return super().read(seen)


async def test_a_file_that_could_not_be_read_once_is_taken_up_later(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: A\nkeywords: [down]")
    files = await followed(desk, tmp_path)
    (tmp_path / "a.yaml").write_text("title: A\nkeywords: [slow]")
    files._files.__class__ = Exhausted
    assert "Too many open files" in (await looked_twice(files))[0]["event"]
    files._files.__class__ = Files
    await looked_twice(files)
    assert desk.keywords() == {"a": ["slow"]}


class Stuck(Files):
    """Files in a network folder that does not answer before it is `back`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(False, ["*.yaml"], folder)
        self.asked: queue.Queue[threading.Thread] = queue.Queue()
        self.back = threading.Event()

    def look(self) -> Mapping[Path, Stamp]:
        self.asked.put(threading.current_thread())
        self.back.wait()
        return super().look()


async def test_the_process_ends_though_a_folder_does_not_answer(desk: Desk, tmp_path: Path) -> None:
    stuck = Stuck(tmp_path)
    looking = asyncio.create_task(Followed(stuck, desk.ask, lambda: NOW).look())
    thread = await asyncio.to_thread(stuck.asked.get)
    looking.cancel()
    await asyncio.wait({looking})
    assert thread.daemon
    stuck.back.set()
    await asyncio.to_thread(thread.join, 20)
    assert not thread.is_alive()


@pytest.mark.parametrize("pattern", ["*.yaml", "playbooks", "playbooks/*.yaml", "**/*.yaml", "play*/a.yaml"])
async def test_files_of_a_folder_that_cannot_be_listed_stay_in_use(desk: Desk, tmp_path: Path, pattern: str) -> None:
    folder = tmp_path if pattern == "*.yaml" else tmp_path / "playbooks"
    folder.mkdir(exist_ok=True)
    (folder / "a.yaml").write_text("title: A\nkeywords: [down]")
    made = Files(False, [pattern], tmp_path)
    files = Followed(made, desk.ask, lambda: NOW)
    await files.begin()
    await looked_twice(files)
    with no_more_files():
        shelf = made.read()
    assert shelf.found == {}
    assert await desk.ask(lambda store: keep(store, shelf, NOW, files._read)) == []
    assert await looked_twice(files) == []


@pytest.mark.parametrize("pattern", ["*.yaml", "playbooks", "playbooks/*.yaml"])
async def test_files_of_a_folder_that_is_away_stay_in_use_and_that_is_told_once(
    desk: Desk, tmp_path: Path, pattern: str
) -> None:
    home = tmp_path / "home"
    folder = home if pattern == "*.yaml" else home / "playbooks"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("title: A\nkeywords: [down]")
    files = Followed(Files(False, [pattern, "none/*.yaml"], home), desk.ask, lambda: NOW)
    await files.begin()
    folder.rename(tmp_path / "away")
    (told,) = await looked_twice(files)
    assert "cannot be read: No such file or directory" in told["event"]
    assert await looked_twice(files) == []
    assert desk.keywords() == {"a": ["down"]}
    (tmp_path / "away").rename(folder)
    (folder / "a.yaml").unlink()
    assert [one["archived"] for one in await looked_twice(files)] == [["a"]]
