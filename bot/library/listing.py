"""Which files a name, a folder or a pattern means, and what they look like from outside."""

import errno
import glob
import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

Stamp = tuple[int, ...] | None
"""What a file looks like from outside, None where there is none: another one after each change, or where a link leads
to another file."""
_ENDS = ("*.yaml", "*.yml", ".*.yaml", ".*.yml")


def paths_of(pattern: str, folder: Path) -> list[Path]:
    """Return the files that a name, a folder or a pattern means; what cannot be listed or found is complained of.

    Of a pattern that finds nothing that is the folder that it begins with, if it is not there.
    """
    found: list[Path] = []
    for path in sorted(_matching(folder, Path(pattern).expanduser().parts), key=str):
        found += sorted(each for end in _ENDS for each in _matching(path, [end])) if path.is_dir() else [path]
    base = base_of(pattern, folder)
    return found or ([] if base.is_dir() else [base])


def base_of(pattern: str, folder: Path) -> Path:
    """Return what a pattern names without any doubt: the folder that it begins with, of a name all of it."""
    return folder.joinpath(*takewhile(lambda part: not glob.has_magic(part), Path(pattern).expanduser().parts))


def _matching(at: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Yield what a pattern's parts mean from a folder on, and each folder that is there and cannot be listed now.

    The library's own way takes such a folder for an empty one.
    """
    if not parts:
        if may_be_there(at):
            yield at
        return
    first, rest = parts[0], parts[1:]
    if not glob.has_magic(first):
        yield from _matching(at / first, rest)
        return
    if first == "**":
        yield from _matching(at, rest)
    try:
        names = os.listdir(at)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        yield at
        return
    for name in names:
        if fnmatchcase(name, first) and (first[0] == "." or name[0] != "."):
            yield from _matching(at / name, parts if first == "**" else rest)


def may_be_there(path: Path) -> bool:
    """Return whether something is at a path, or it cannot be told now."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def open_file(path: str | Path, flags: int) -> int:
    """Open a file, but nothing that may let whoever reads it wait, as a pipe does."""
    # A folder is here only because it could not be listed; to open it says why.
    if stat.S_IFMT(os.stat(path).st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
        raise OSError(errno.EINVAL, "it is no file")
    return os.open(path, flags | os.O_NONBLOCK)


def opens(path: Path) -> bool:
    """Return whether a file can be opened now."""
    try:
        os.close(open_file(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def stamp_of(path: Path) -> Stamp:
    """Return what a file looks like now."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_dev
