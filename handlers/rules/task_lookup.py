"""How people name tasks and checklists: by number, by range, by several, or by the beginning of the title."""

import re
from collections.abc import Iterable, Sequence

from handlers.context import Context
from handlers.effects import Refused
from handlers.rules.progress import Numbered, Progress
from handlers.text import references
from handlers.text.arguments import first_part, first_word
from handlers.text.numbers import number
from handlers.text.plain_forms import aligned, bare
from handlers.text.plain_text import even
from handlers.text.quotes import unquoted
from handlers.text.references import Reference, Span
from handlers.text.words import Safe, escape, shorten
from store import Checklist, Task

NAMED = 6
"""How many tasks one sentence names by their numbers."""

_SEVERAL = re.compile(r"[0-9.]+(?:, (?:[0-9.]+|…))+")
_SEVERAL_BEFORE = "tasks "
"""What stands before the numbers in what an older version remembers."""
_TWO = re.compile(r"([0-9]{1,4})[\s,:/-]+([0-9]{1,4})")


def tasks(ctx: Context, standing: Progress, words: str, verb: str) -> list[Numbered]:
    """Return the tasks that the words name, each once, in order; `verb` is the command's own. Raises `Refused`."""
    return _sorted(_Called(ctx, standing, verb).all_in(words))


def leading(
    ctx: Context, standing: Progress, words: str, verb: str, *, spaced: bool = False, to: bool = True
) -> tuple[list[Numbered], str]:
    """Return the tasks that the words begin with and the rest of the words. Raises `Refused`.

    Where numbers may be `spaced` they need nothing but white space between them; without `to` that word makes no range.
    """
    called = _Called(ctx, standing, verb)
    found, rest = references.leading(words, spaced=spaced, to=to)
    if not found:
        first, rest = called.beginning(words)
        found = [first]
    return _sorted(called.all_of(found)), rest


def checklist(ctx: Context, standing: Progress, words: str) -> Checklist:
    """Return the checklist with that number, or whose title begins so. Raises `Refused`, which says which there are."""
    text, position = even(unquoted(words)).casefold(), number(unquoted(words))
    if bare(words).removeprefix("#").isdecimal():
        found = [row for row in standing.checklists if row.position == position]
    else:
        begun = [row for row in standing.checklists if text and even(row.title).casefold().startswith(text)]
        exact = [row for row in begun if even(row.title).casefold() == text]
        found = exact if len(exact) == 1 else begun
    if len(found) != 1:
        rows = [{"position": row.position, "title": row.title} for row in standing.checklists[:NAMED]]
        raise ctx.refused("which", "checklist", words=shorten(words, 60), rows=rows, many=bool(found))
    return found[0]


def leading_checklist(ctx: Context, standing: Progress, words: str) -> tuple[Checklist, str]:
    """Return the checklist that the words begin with, and the rest of the words. Raises `Refused`."""
    first, rest = first_part(words)
    return checklist(ctx, standing, first), rest


def what(ctx: Context, found: Sequence[Numbered]) -> Safe:
    """Call tasks by number and title, or several by their numbers.

    Titles stand in quotation marks, as they run into the sentence otherwise: "Say how bad it is is done".
    """
    if len(found) == 1:
        return Safe(f"**{found[0].number}** “{escape(found[0].task.title)}”")
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


class _Called:
    """A run's tasks by what people call them."""

    def __init__(self, ctx: Context, standing: Progress, verb: str) -> None:
        self._ctx, self._standing, self._verb = ctx, standing, verb
        self._by_number = {_key(one.number): one for one in standing.tasks}
        self._titles = [(one, even(one.task.title).casefold()) for one in standing.tasks]

    def all_in(self, words: str) -> list[Numbered]:
        """Return all tasks of a list; a title may hold a comma, or "and"."""
        found, rest = references.leading(words, spaced=True)
        if found and not rest:
            return self.all_of(found)
        named, many = self._titled(words)
        parts = references.parts(words) if not named and not _two(words) else [words]
        if not named and len(parts) == 1:
            raise _no_such(self._ctx, self._standing, parts[0], self._verb, many=many)
        return named or [one for part in parts for one in self.all_in(part)]

    def all_of(self, found: Iterable[Reference]) -> list[Numbered]:
        return [each for one in dict.fromkeys(found) for each in self._named(one)]

    def beginning(self, words: str) -> tuple[str, str]:
        """Return the first word and what goes on with the same title, and what stands behind."""
        begin, rest = first_word(words)
        while rest:
            word, behind = first_word(rest)
            text = even(f"{begin} {word}").casefold()
            if not any(f"{title} ".startswith(f"{text} ") for _, title in self._titles):
                break
            begin, rest = f"{begin} {word}", behind
        return begin, rest

    def _named(self, one: Reference) -> list[Numbered]:
        if isinstance(one, Span):
            for end in (one.first, one.last):
                if end not in self._by_number:
                    raise _no_number(self._ctx, self._standing, end)
            return [each for key, each in self._by_number.items() if one.first <= key <= one.last]
        named, many = self._titled(one)
        if not named:
            raise _no_such(self._ctx, self._standing, one, self._verb, many=many)
        return named

    def _titled(self, words: str) -> tuple[list[Numbered], bool]:
        """Return the one task whose title is or begins so, and whether several do; a number alone begins none."""
        texts = tuple(filter(None, {even(one).casefold() for one in (unquoted(words), words)}))
        begins = tuple(text for text in texts if not text.isdecimal())
        exact = [one for one, title in self._titles if title in texts]
        begun = [one for one, title in self._titles if title.startswith(begins)]
        found = exact if len(exact) == 1 else begun
        return (found if len(found) == 1 else []), bool(found)


def _sorted(found: Sequence[Numbered]) -> list[Numbered]:
    return sorted({one.number: one for one in found}.values(), key=lambda one: _key(one.number))


def _two(words: str) -> re.Match[str] | None:
    return _TWO.fullmatch(aligned(words).strip())


def _key(number: str) -> tuple[int, int]:
    row, at = number.split(".")
    return int(row), int(at)


def _no_number(ctx: Context, standing: Progress, number: tuple[int, int]) -> Refused:
    """Say that there is no task of a number, and how far the numbers of its checklist go."""
    last = [one.number for one in standing.tasks if _key(one.number)[0] == number[0]]
    words = f"{number[0]}.{number[1]}"
    if (hidden := _hidden(ctx, standing, number)) is not None:
        return ctx.refused("which", "task_hidden", "task", words=words, title=hidden.title)
    return ctx.refused(
        "which",
        "task_number",
        "task",
        words=words,
        nearest=Safe(last[-1] if last else ""),
        count=len(standing.checklists),
    )


def _hidden(ctx: Context, standing: Progress, number: tuple[int, int]) -> Task | None:
    """Return the task of a number that is hidden, as its condition is not met."""
    if not standing.checklists:
        return None
    run_id = standing.checklists[0].run_id
    row = next((one for one in ctx.store.checklists(run_id) if one.position == number[0]), None)
    tasks = ctx.store.tasks(run_id, hidden=True) if row is not None else ()
    fit = (one for one in tasks if row is not None and (one.checklist_id, one.position) == (row.id, number[1]))
    return next((one for one in fit if one.hidden), None)


def _no_such(ctx: Context, standing: Progress, words: str, verb: str, *, many: bool) -> Refused:
    example = standing.open[0].number if standing.open else "1.1"
    two = _two(words)
    meant = [one for one in standing.tasks if two and one.number == f"{two[1]}.{two[2]}"]
    block = "task_many" if many else "task_point" if two else "task_words" if words else "task_none"
    return ctx.refused(
        "which",
        block,
        "task",
        words=shorten(words, 60),
        verb=Safe(verb),
        example=Safe(meant[0].number if meant else example),
        title=meant[0].task.title if meant else "",
    )
