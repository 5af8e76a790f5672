"""What the playbook files say: each is found, read when it looks different from before, and complained of if broken."""

import glob
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.library.listing import Stamp, base_of, may_be_there, open_file, opens, paths_of, stamp_of
from handlers.editor.starters import starters
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.mistakes import Mistake, sentence
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.yaml_tree import MAX_SIZE

FIRST = ("customer-onboarding", "employee-onboarding", "incident-response", "product-release", "service-outage")
"""The starters that are in use unless bot.toml says otherwise; the others are looked at before they are added."""
STARTER, FILE = "starter:", "file:"
MARK = "\ufeff"
"""What some editors write at the beginning of a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A playbook and where it was read: `starter:` or `file:` and the file's name, and all that stands there."""

    source: str
    playbook: Playbook
    text: str = field(default="", compare=False)


@dataclass(slots=True)
class Shelf:
    """What the files hold: the playbooks by key, and the mistakes of those that cannot be used.

    Folders of patterns that are not there are `missing`, which is a mistake only where something is in use from them.
    """

    found: dict[str, Found] = field(default_factory=dict)
    mistakes: list[PlaybookMistake] = field(default_factory=list)
    missing: list[PlaybookMistake] = field(default_factory=list, compare=False)

    def is_broken(self, source: str) -> bool:
        return any(concerns(mistake, source) for mistake in [*self.mistakes, *self.missing])

    def has(self, source: str) -> bool:
        """Return whether something is to be read there, be it broken."""
        return source in {found.source for found in self.found.values()} or self.is_broken(source)

    def told(self, sources: Collection[str]) -> list[PlaybookMistake]:
        """Return the mistakes to tell of where some `sources` are in use."""
        return [*self.mistakes, *(one for one in self.missing if any(concerns(one, source) for source in sources))]


def concerns(mistake: PlaybookMistake, source: str) -> bool:
    """Return whether a mistake is one of the file that is a source, or of a folder that it is in."""
    inside = "" if mistake.file == "." else f"{mistake.file}/"
    return source == FILE + mistake.file or source.startswith(FILE + inside)


class Files:
    """The starters that are wanted, and the files that `patterns` name from a `folder`; a file goes before a starter.

    True are those that most teams begin with; others are wanted by their keys.

    `me` is the bot's own name, as "@muster", where it is known.
    """

    def __init__(self, starters: bool | Collection[str], patterns: Sequence[str], folder: Path, me: str = "") -> None:
        self._me = me
        self._starters = FIRST if starters is True else tuple(starters or ())
        self._patterns = patterns
        self._folder = folder
        self._known: dict[Path, tuple[Stamp, Found | PlaybookMistake]] = {}

    @property
    def taken(self) -> Mapping[Path, Stamp]:
        """What the files looked like that were read last; None for one that could not be read."""
        return {path: stamp for path, (stamp, _) in self._known.items()}

    def look(self) -> Mapping[Path, Stamp]:
        """Return what all files look like now, without reading them: None for one that could not and cannot be read."""
        paths = dict.fromkeys(path for pattern in self._patterns for path in paths_of(pattern, self._folder))
        unread = {path for path, stamp in self.taken.items() if stamp is None}
        return {path: None if path in unread and not opens(path) else stamp_of(path) for path in paths}

    def read(self, seen: Mapping[Path, Stamp] | None = None) -> Shelf:
        """Return what the files say that were `seen`, which are all; what looks as it did is not read again."""
        seen = self.look() if seen is None else seen
        shelf = Shelf({found.playbook.key: found for found in _starters() if found.playbook.key in self._starters})
        self._known = {path: self._reading(path, stamp) for path, stamp in seen.items()}
        bases = {base_of(pattern, self._folder) for pattern in self._patterns if glob.has_magic(pattern)}
        for path, (_, said) in self._known.items():
            if isinstance(said, PlaybookMistake):
                (shelf.missing if path in bases and not may_be_there(path) else shelf.mistakes).append(said)
            else:
                _put(shelf, self._name(path), said)
        return shelf

    def _reading(self, path: Path, stamp: Stamp) -> tuple[Stamp, Found | PlaybookMistake]:
        known = self._known.get(path)
        if known is not None and stamp is not None and known[0] == stamp:
            return known
        try:
            name = self._name(path)
            text = text_of(path, name, open_file)
            return stamp, Found(FILE + name, read_playbook(text.removeprefix(MARK), name, self._me), text)
        except PlaybookMistake as mistake:
            # What kept a file from being read may pass without any change of the file.
            return (None if isinstance(mistake.__cause__, OSError) else stamp), mistake

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._folder)) if path.is_relative_to(self._folder) else str(path)


def starter_files() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each playbook that Muster brings along."""
    yield from sorted((one.file, one.text) for one in starters().values())


def read_file(path: Path, name: str, opener: Callable[[str, int], int] | None = None, me: str = "") -> Playbook:
    """Read a playbook from a file that is called `name` in messages, as the bot `me`; raises `PlaybookMistake`."""
    return read_playbook(text_of(path, name, opener).removeprefix(MARK), name, me)


def text_of(path: Path, name: str, opener: Callable[[str, int], int] | None = None) -> str:
    """Return what stands in a file, with the mark at its beginning that some editors make; raises `PlaybookMistake`."""
    try:
        with open(path, "rb", opener=opener) as stream:
            # Four bytes a letter at most: what is longer is refused by its length, without being read whole.
            return stream.read(4 * MAX_SIZE + 4).decode("utf-8")
    except UnicodeDecodeError as error:
        words = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise PlaybookMistake(name, [Mistake(0, "", words)]) from None
    except OSError as error:
        raise PlaybookMistake(name, [Mistake(0, "", f"cannot be read: {error.strerror}")]) from error


def _starters() -> list[Found]:
    return [Found(STARTER + one.file, one.book, one.text) for one in starters().values()]


def _put(shelf: Shelf, name: str, said: Found) -> None:
    key = said.playbook.key
    other = shelf.found.get(key)
    if other is not None and other.source.startswith(FILE):
        taken = f'"{key}" is the key of {other.source.removeprefix(FILE)}, too; give one of them another'
        shelf.mistakes.append(PlaybookMistake(name, [Mistake(0, "key", taken)]))
    elif (twin := _with_prefix(shelf, said.playbook)) is not None:
        words = sentence("prefix_twice", prefix=said.playbook.prefix, other=twin.source.removeprefix(FILE))
        shelf.mistakes.append(PlaybookMistake(name, [Mistake(0, "prefix", words)]))
    else:
        shelf.found[key] = said


def _with_prefix(shelf: Shelf, playbook: Playbook) -> Found | None:
    """Return another playbook whose runs are numbered with the same prefix."""
    prefix = playbook.prefix.casefold()
    same = (found for found in shelf.found.values() if found.playbook.prefix.casefold() == prefix != "")
    return next((found for found in same if found.playbook.key != playbook.key), None)
