"""How people name tasks and checklists: by number, by range, by several, or by the beginning of the title."""

import re
from collections.abc import Iterator

from handlers.rules.progress import Numbered, Progress
from handlers.text.arguments import first_reference, unquoted
from handlers.text.numbers import TASK, number, task_number
from store import Checklist

_RANGE = re.compile(rf"{TASK}(?:\s*[-–…]\s*(?:{TASK}|([0-9]{{1,4}})))?")


class NotFound(LookupError):
    """No task, or no checklist, is called so; `words` are those that name none, `many` tells that they name several."""

    def __init__(self, words: str, *, many: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.many = many


def tasks(standing: Progress, words: str) -> list[Numbered]:
    """Return the tasks that all the words name, each once, in their order. Raises `NotFound`."""
    found: dict[str, Numbered] = {}
    for part in (part.strip() for part in words.split(",")):
        found |= {one.number: one for one in _named(standing, part)}
    return sorted(found.values(), key=lambda one: _key(one.number))


def leading(standing: Progress, words: str) -> tuple[list[Numbered], str]:
    """Return the tasks that the words begin with, and the rest of the words. Raises `NotFound`."""
    head, rest = first_reference(words)
    return tasks(standing, head), rest


def checklist(standing: Progress, words: str) -> Checklist:
    """Return the checklist with that number, or whose title begins so. Raises `NotFound`."""
    text = words.strip().removeprefix("#").rstrip(".")
    if text.isascii() and text.isdigit():
        found = [row for row in standing.checklists if row.position == number(text)]
    else:
        found = [row for row in standing.checklists if text and row.title.casefold().startswith(text.casefold())]
    if len(found) != 1:
        raise NotFound(words, many=bool(found))
    return found[0]


def _named(standing: Progress, part: str) -> Iterator[Numbered]:
    if match := _RANGE.fullmatch(part):
        yield from _range(standing, match, part)
        return
    text = unquoted(part).casefold()
    found = [one for one in standing.tasks if text and one.task.title.casefold().startswith(text)]
    exact = [one for one in found if one.task.title.casefold() == text]
    if len(exact) != 1 and len(found) != 1:
        raise NotFound(part, many=bool(found))
    yield from exact if len(exact) == 1 else found


def _range(standing: Progress, match: re.Match[str], part: str) -> Iterator[Numbered]:
    first = (int(match[1]), int(match[2]))
    end = (match[3] or match[1], match[4]) if match[4] else (match[1], match[5] or match[2])
    last = (int(end[0]), int(end[1]))
    found = [one for one in standing.tasks if first <= _key(one.number) <= last]
    numbers = {_key(one.number) for one in found}
    if not {first, last} <= numbers:
        raise NotFound(part)
    yield from found


def _key(number: str) -> tuple[int, int]:
    return task_number(number) or (0, 0)
