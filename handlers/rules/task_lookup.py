"""Pointing at tasks: finding those that are meant, calling them by their numbers, and saying which there are not."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Refused
from handlers.rules import references
from handlers.rules.progress import Numbered, Progress
from handlers.rules.references import NotFound
from handlers.text.numbers import TASK
from handlers.text.words import Safe, escape, shorten
from store import Checklist

NAMED = 6
"""How many tasks one sentence names by their numbers."""

_SEVERAL = re.compile(r"[0-9.]+(?:, (?:[0-9.]+|…))+")
_SEVERAL_BEFORE = "tasks "
"""What stands before the numbers in what an older version remembers."""

_SPACED = re.compile(rf"(?<=[0-9])\s+(?={TASK})")


def tasks(ctx: Context, standing: Progress, words: str, verb: str) -> list[Numbered]:
    """Return the tasks that all the words name; `verb` is the command's own word. Raises `Refused`."""
    try:
        return references.tasks(standing, _SPACED.sub(", ", words.strip()))
    except NotFound as missing:
        raise _no_such(ctx, standing, missing, verb) from None


def leading(ctx: Context, standing: Progress, words: str, verb: str) -> tuple[list[Numbered], str]:
    """Return the tasks that the words begin with and the rest of the words. Raises `Refused`."""
    try:
        return references.leading(standing, words)
    except NotFound as missing:
        raise _no_such(ctx, standing, missing, verb) from None


def checklist(ctx: Context, standing: Progress, words: str) -> Checklist:
    """Return the checklist that is meant. Raises `Refused`, which says which there are."""
    try:
        return references.checklist(standing, words)
    except NotFound as missing:
        rows = [{"position": row.position, "title": row.title} for row in standing.checklists[:NAMED]]
        words = shorten(missing.words, 60)
        raise ctx.refused("which", "checklist", words=words, rows=rows, many=missing.many) from None


def what(ctx: Context, found: Sequence[Numbered]) -> Safe:
    """Call tasks by number and title, or several by their numbers."""
    if len(found) == 1:
        return Safe(f"**{found[0].number}** {escape(found[0].task.title)}")
    return Safe(ctx.say("tasks", count=len(found), numbers=Safe(_numbers(found)))["several"])


def label(found: Sequence[Numbered]) -> str:
    """Call tasks as an operation remembers them: one by number and title, several by their numbers."""
    return f"{found[0].number} {found[0].task.title}" if len(found) == 1 else _numbers(found)


def several_in(label: str) -> str:
    """Return the numbers by which an operation remembers several tasks, empty where it was one."""
    numbers = label.removeprefix(_SEVERAL_BEFORE)
    return numbers if _SEVERAL.fullmatch(numbers) else ""


def ids(found: Sequence[Numbered]) -> list[int]:
    return [one.task.id for one in found]


def _numbers(found: Sequence[Numbered]) -> str:
    return ", ".join([one.number for one in found[:NAMED]] + ["…"] * (len(found) > NAMED))


def _no_such(ctx: Context, standing: Progress, missing: NotFound, verb: str) -> Refused:
    words = missing.words.strip()
    example = standing.open[0].number if standing.open else "1.1"
    number = re.match(rf"{TASK}(?![0-9])", words)
    first = str(int(number[1])) if number else ""
    last = [one.number for one in standing.tasks if one.number.split(".")[0] == first]
    block = "task_number" if number else "task_many" if missing.many else "task_words" if words else "task_none"
    return ctx.refused(
        "which",
        block,
        "task",
        words=shorten(words, 60),
        verb=Safe(verb),
        example=Safe(example),
        nearest=Safe(last[-1] if last else ""),
        count=len(standing.checklists),
    )
