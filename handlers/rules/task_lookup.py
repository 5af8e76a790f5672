"""How people name tasks and checklists: by number, by range, by several, or by the beginning of the title."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Refused
from handlers.rules.progress import Numbered, Progress
from handlers.text.arguments import first_reference, unquoted
from handlers.text.numbers import TASK, number, task_number
from handlers.text.words import Safe, escape, shorten
from store import Checklist

NAMED = 6
"""How many tasks one sentence names by their numbers."""

_RANGE = re.compile(rf"{TASK}(?:\s*[-–…]\s*(?:{TASK}|([0-9]{{1,4}})))?")
_SEVERAL = re.compile(r"[0-9.]+(?:, (?:[0-9.]+|…))+")
_SEVERAL_BEFORE = "tasks "
"""What stands before the numbers in what an older version remembers."""

_SPACED = re.compile(rf"(?<=[0-9])\s+(?={TASK})")


def tasks(ctx: Context, standing: Progress, words: str, verb: str) -> list[Numbered]:
    """Return the tasks that the words name, each once, in order; `verb` is the command's own. Raises `Refused`."""
    return _all(ctx, standing, _SPACED.sub(", ", words.strip()), verb)


def leading(ctx: Context, standing: Progress, words: str, verb: str) -> tuple[list[Numbered], str]:
    """Return the tasks that the words begin with and the rest of the words. Raises `Refused`."""
    head, rest = first_reference(words)
    return _all(ctx, standing, head, verb), rest


def checklist(ctx: Context, standing: Progress, words: str) -> Checklist:
    """Return the checklist with that number, or whose title begins so. Raises `Refused`, which says which there are."""
    text = words.strip().removeprefix("#").rstrip(".")
    if text.isascii() and text.isdigit():
        found = [row for row in standing.checklists if row.position == number(text)]
    else:
        found = [row for row in standing.checklists if text and row.title.casefold().startswith(text.casefold())]
    if len(found) != 1:
        rows = [{"position": row.position, "title": row.title} for row in standing.checklists[:NAMED]]
        raise ctx.refused("which", "checklist", words=shorten(words, 60), rows=rows, many=bool(found))
    return found[0]


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


def _all(ctx: Context, standing: Progress, words: str, verb: str) -> list[Numbered]:
    found: dict[str, Numbered] = {}
    for part in (part.strip() for part in words.split(",")):
        match = _RANGE.fullmatch(part)
        named, many = (_range(standing, match), False) if match else _titled(standing, part)
        if not named:
            raise _no_such(ctx, standing, part, verb, many=many)
        found |= {one.number: one for one in named}
    return sorted(found.values(), key=lambda one: _key(one.number))


def _titled(standing: Progress, part: str) -> tuple[list[Numbered], bool]:
    """Return the one task whose title is or begins so, and whether several do."""
    text = unquoted(part).casefold()
    found = [one for one in standing.tasks if text and one.task.title.casefold().startswith(text)]
    exact = [one for one in found if one.task.title.casefold() == text]
    named = exact if len(exact) == 1 else found
    return (named if len(named) == 1 else []), bool(found)


def _range(standing: Progress, match: re.Match[str]) -> list[Numbered]:
    """Return all tasks from one number to another; none where one of these two is missing."""
    first = (int(match[1]), int(match[2]))
    end = (match[3] or match[1], match[4]) if match[4] else (match[1], match[5] or match[2])
    last = (int(end[0]), int(end[1]))
    found = [one for one in standing.tasks if first <= _key(one.number) <= last]
    return found if {first, last} <= {_key(one.number) for one in found} else []


def _key(number: str) -> tuple[int, int]:
    return task_number(number) or (0, 0)


def _no_such(ctx: Context, standing: Progress, words: str, verb: str, *, many: bool) -> Refused:
    example = standing.open[0].number if standing.open else "1.1"
    number = re.match(rf"{TASK}(?![0-9])", words)
    first = str(int(number[1])) if number else ""
    last = [one.number for one in standing.tasks if one.number.split(".")[0] == first]
    block = "task_number" if number else "task_many" if many else "task_words" if words else "task_none"
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
