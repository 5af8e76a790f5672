"""The playbooks of this installation: read from files, kept in the store with their versions, and listened for."""

import glob
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.keywords import Keywords, Watched
from handlers.playbooks.mistakes import Mistake
from handlers.playbooks.playbook import Playbook, Task
from handlers.playbooks.yaml_tree import MAX_SIZE
from store import Database, PlaybookRow, PlaybookVersion, Store

STARTER, FILE = "starter:", "file:"


@dataclass(frozen=True, slots=True)
class Found:
    """A playbook and where it was read: `starter:` or `file:` and the file's name."""

    source: str
    playbook: Playbook


@dataclass(slots=True)
class Shelf:
    """What the files hold: the playbooks by key, and the mistakes of those that cannot be used."""

    found: dict[str, Found] = field(default_factory=dict)
    mistakes: list[PlaybookMistake] = field(default_factory=list)

    @property
    def broken(self) -> set[str]:
        return {FILE + mistake.file for mistake in self.mistakes}


@dataclass(slots=True)
class Changes:
    """The keys of playbooks that came, changed, came back or went."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)


def read_shelf(*, starters: bool, patterns: Sequence[str], folder: Path) -> Shelf:
    """Read the starters and the files, which are named from `folder`; a file replaces a starter of the same key."""
    shelf = Shelf()
    if starters:
        for name, text in starter_files():
            playbook = read_playbook(text, name)
            shelf.found[playbook.key] = Found(STARTER + name, playbook)
    paths = {path: None for pattern in patterns for path in _paths(pattern, folder)}
    for path in paths:
        _put(shelf, path, folder)
    return shelf


def starter_files() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each playbook that Muster brings along."""
    folder = files("templates") / "playbooks"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            yield entry.name, entry.read_text(encoding="utf-8")


def read_file(path: Path, name: str) -> Playbook:
    """Read a playbook from a file that is called `name` in messages; raises `PlaybookMistake`."""
    try:
        with path.open("rb") as stream:
            # Four bytes a letter at most: what is longer is refused by its length, without being read whole.
            text = stream.read(4 * MAX_SIZE + 4).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise PlaybookMistake(name, [Mistake(0, "", words)]) from None
    except OSError as error:
        raise PlaybookMistake(name, [Mistake(0, "", f"cannot be read: {error.strerror}")]) from None
    return read_playbook(text, name)


def keep(database: Database, shelf: Shelf, now: datetime) -> Changes:
    """Bring the store in line with the files.

    What has changed gets a new version; what is on no file any more is archived; what a broken file holds stays
    as it was before the mistake.
    """
    changes = Changes()
    with database.transaction() as store:
        for found in shelf.found.values():
            _keep_one(store, found, shelf.broken, now, changes)
        for row in store.playbooks():
            if row.source.startswith((STARTER, FILE)) and row.source not in shelf.broken and row.key not in shelf.found:
                row.archived_at = now
                changes.archived.append(row.key)
    return changes


def listen_for(store: Store, team_ids: Mapping[str, str]) -> Keywords:
    """Return the keywords of all active playbooks; `team_ids` gives the id of each team by name."""
    return Keywords(_watched(store, team_ids))


def hear_tasks(store: Store, keywords: Keywords) -> Keywords:
    """Return the keywords and, each in its run's channel alone, the words that complete open tasks."""
    return keywords.also_in_places(
        Watched(0, tuple(words), task_id=task_id, place_id=place_id)
        for task_id, words, place_id in store.tasks_to_hear()
    )


def _watched(store: Store, team_ids: Mapping[str, str]) -> Iterator[Watched]:
    for row in store.playbooks():
        playbook = Playbook.model_validate(store.playbook_version(row).definition)
        teams = frozenset(team_ids[name] for name in playbook.teams if name in team_ids)
        assert row.id is not None
        yield Watched(row.id, playbook.keywords, playbook.match, teams if playbook.teams else None)


def _paths(pattern: str, folder: Path) -> list[Path]:
    """Return the files that a name, a folder or a pattern means; a name without a file is read, and complained of."""
    pattern = str(Path(pattern).expanduser())
    found: list[Path] = []
    for match in sorted(glob.glob(pattern, root_dir=folder, recursive=True)):
        path = folder / match
        found += sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    is_name = not glob.has_magic(pattern) and not (folder / pattern).is_dir()
    return found or ([folder / pattern] if is_name else [])


def _put(shelf: Shelf, path: Path, folder: Path) -> None:
    name = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
    try:
        playbook = read_file(path, name)
    except PlaybookMistake as mistake:
        shelf.mistakes.append(mistake)
        return
    other = shelf.found.get(playbook.key)
    if other is not None and other.source.startswith(FILE):
        taken = f'"{playbook.key}" is the key of {other.source.removeprefix(FILE)}, too; give one of them another'
        shelf.mistakes.append(PlaybookMistake(name, [Mistake(0, "key", taken)]))
    else:
        shelf.found[playbook.key] = Found(FILE + name, playbook)


def _keep_one(store: Store, found: Found, broken: set[str], now: datetime, changes: Changes) -> None:
    playbook, digest = found.playbook, digest_of(found.playbook)
    row = store.playbook_by_key(playbook.key)
    if row is None:
        row = store.add(PlaybookRow(key=playbook.key, title=playbook.title, version=0))
        changes.added.append(playbook.key)
    elif row.source in broken and row.source != found.source:
        return
    elif row.archived_at is not None:
        changes.restored.append(playbook.key)
    if row.version == 0 or store.playbook_version(row).digest != digest:
        if row.version:
            changes.changed.append(playbook.key)
        row.version += 1
        assert row.id is not None
        store.add(
            PlaybookVersion(
                playbook_id=row.id,
                version=row.version,
                definition=playbook.definition(),
                digest=digest,
                created_at=now,
            )
        )
    row.title, row.source, row.archived_at = playbook.title, found.source, None
    row.teams, row.keywords = list(playbook.teams), list(playbook.keywords)


def digest_of(playbook: Playbook) -> str:
    """Return what tells two versions apart; a default that a later Muster adds does not make a new version."""
    said = playbook.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def named_in(definitions: Iterable[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the user names and the channel names that playbooks mention."""
    people: set[str] = set()
    channels: set[str] = set()
    for definition in definitions:
        book = Playbook.model_validate(definition)
        tasks = (task for checklist in book.checklists for task in checklist.tasks)
        roles = (name for role in book.roles for name in (role.person or "", *(role.rota.people if role.rota else ())))
        named = (book.owner, *book.invite, *roles, *(name for task in tasks for name in _named_by(task)))
        people |= {name.removeprefix("@") for name in named if name.startswith("@")}
        channels |= {name.removeprefix("~") for name in (*book.updates.broadcast, book.channel.use or "") if name}
    return people, channels


def _named_by(task: Task) -> tuple[str, ...]:
    return (*task.people, *(task.done_when.by if task.done_when else ()))
