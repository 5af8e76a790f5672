"""Lists that people paste: lines, Markdown with `- [ ]`, numbers or bullets; headings begin checklists."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*")
_BOLD = re.compile(r"\*\*(.+?)\*\*:?")
_MARK = re.compile(r"(?:[-*+•–▪◦☐☑✓]|[0-9]{1,3}[.)])(?:\s+|$)")
_BOX = re.compile(r"\[[ xX]?\]\s*|[☐☑✓]\s*")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_DEEP = 2
"""From how many spaces on a line that is no entry of its own belongs to the task above."""
TITLE = 200
"""How many characters a title has at most."""


@dataclass(frozen=True, slots=True)
class PastedTask:
    """A task of a list, and what stood below it."""

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class PastedList:
    """A checklist; without a title it goes on with the one where it was pasted."""

    title: str
    tasks: tuple[PastedTask, ...]


def pasted(text: str) -> list[PastedList]:
    """Return the checklists that a text holds, in its order; what is empty is left out.

    A heading, or a bold line alone, begins a checklist. Lines below an entry that are indented are its description,
    unless they are entries themselves, which are tasks, too.
    """
    found: list[tuple[str, list[tuple[str, list[str]]]]] = [("", [])]
    for line in text.expandtabs(4).splitlines():
        words = line.strip()
        if not words or _FENCE.match(line) or set(words) <= {"-", "*", "_", "="}:
            continue
        tasks = found[-1][1]
        is_below = len(line) - len(line.lstrip()) >= _DEEP
        if (heading := _heading(words)) is not None:
            found.append((heading[:TITLE], []))
        elif is_below and tasks and not _MARK.match(words):
            tasks[-1][1].append(words)
        elif title := _entry(words):
            tasks.append((title[:TITLE], [title] if len(title) > TITLE else []))
    return [
        PastedList(title, tuple(PastedTask(one, "\n".join(below)) for one, below in tasks))
        for title, tasks in found
        if title or tasks
    ]


def _heading(words: str) -> str | None:
    found = _HEADING.fullmatch(words) or _BOLD.fullmatch(words)
    return found[1].strip().removesuffix(":") if found is not None else None


def _entry(words: str) -> str:
    """Return a line without what makes it an entry."""
    mark = _MARK.match(words)
    rest = words[mark.end() :] if mark else words
    box = _BOX.match(rest)
    return rest[box.end() :].strip() if box else rest.strip()
