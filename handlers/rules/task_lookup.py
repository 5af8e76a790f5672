"""Pointing at tasks: finding those that are meant, calling them by their numbers, and saying which there are not."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Refuse
from handlers.rules import references
from handlers.rules.progress import Numbered, Progress
from handlers.rules.references import NotFound
from handlers.text.numbers import TASK
from handlers.text.words import Safe, escape, shorten
from store import Checklist

NAMED = 6
"""How many tasks one sentence names by their numbers."""

_SPACED = re.compile(rf"(?<=[0-9])\s+(?={TASK})")


def tasks(ctx: Context, standing: Progress, words: str, verb: str) -> list[Numbered] | Refuse:
    """Return the tasks that all the words name, or say what is wrong with them; `verb` is the command's own word."""
    try:
        return references.tasks(standing, _SPACED.sub(", ", words.strip()))
    except NotFound as missing:
        return _no_such(ctx, standing, missing, verb)


def leading(ctx: Context, standing: Progress, words: str, verb: str) -> tuple[list[Numbered], str] | Refuse:
    """Return the tasks that the words begin with and the rest of the words, or say what is wrong with them."""
    try:
        return references.leading(standing, words)
    except NotFound as missing:
        return _no_such(ctx, standing, missing, verb)


def checklist(ctx: Context, standing: Progress, words: str) -> Checklist | Refuse:
    """Return the checklist that is meant, or say which there are."""
    try:
        return references.checklist(standing, words)
    except NotFound as missing:
        rows = [{"position": row.position, "title": row.title} for row in standing.checklists[:NAMED]]
        said = ctx.say("which", words=shorten(missing.words, 60), rows=rows, many=missing.many)
        return Refuse(title=said["checklist_title"], text=said["checklist"])


def what(found: Sequence[Numbered]) -> Safe:
    """Call tasks by number and title, or several by their numbers."""
    if len(found) == 1:
        return Safe(f"**{found[0].number}** {escape(found[0].task.title)}")
    return Safe(f"{len(found)} tasks ({_numbers(found)})")


def label(found: Sequence[Numbered]) -> str:
    """Call tasks as an operation remembers them."""
    return f"{found[0].number} {found[0].task.title}" if len(found) == 1 else f"tasks {_numbers(found)}"


def ids(found: Sequence[Numbered]) -> list[int]:
    return [one.task.id for one in found]


def _numbers(found: Sequence[Numbered]) -> str:
    return ", ".join([one.number for one in found[:NAMED]] + ["…"] * (len(found) > NAMED))


def _no_such(ctx: Context, standing: Progress, missing: NotFound, verb: str) -> Refuse:
    words = missing.words.strip()
    example = standing.open[0].number if standing.open else "1.1"
    number = re.match(rf"{TASK}(?![0-9])", words)
    first = str(int(number[1])) if number else ""
    last = [one.number for one in standing.tasks if one.number.split(".")[0] == first]
    said = ctx.say(
        "which",
        words=shorten(words, 60),
        verb=Safe(verb),
        example=Safe(example),
        nearest=Safe(last[-1] if last else ""),
        count=len(standing.checklists),
    )
    block = "task_number" if number else "task_many" if missing.many else "task_words" if words else "task_none"
    return Refuse(title=said["task_title"], text=said[block])
