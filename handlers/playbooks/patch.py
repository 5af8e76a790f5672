"""The difference between two texts, for people to look at, and as a patch that `patch` and `git apply` take."""

import difflib
from collections.abc import Iterator

_NO_NEWLINE = "\\ No newline at end of file"


def patch(before: str, after: str, path: str) -> str:
    """Return the unified difference of a file, to be applied with `patch -p1` or `git apply` in its folder."""
    # Names with spaces end with a tab, as those tools expect.
    end = "\t" if " " in path else ""
    return "".join(_lines(before, after, f"a/{path}{end}", f"b/{path}{end}", context=3))


def shown(before: str, after: str) -> str:
    """Return the lines that differ, with one around them, without the heads that only programs read."""
    lines = list(_lines(before, after, "", "", context=1))[2:]
    return "".join(line for line in lines if not line.startswith("@@")).rstrip("\r\n")


def _lines(before: str, after: str, old: str, new: str, context: int) -> Iterator[str]:
    parts = (_split(before), _split(after))
    for line in difflib.unified_diff(*parts, old, new, n=context):
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n"


def _split(text: str) -> list[str]:
    """Split into lines at newlines alone, as the tools do."""
    *lines, last = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]
