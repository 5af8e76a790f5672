"""Changing what a run's tasks are, by command: add, edit, assign, remove, move and duplicate."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven, Person
from handlers.operations.edit_tasks import add_task, edit_tasks
from handlers.rules import ordering, task_lookup
from handlers.rules.assignees import named, read
from handlers.rules.progress import Numbered, Progress, progress
from handlers.rules.task_edit import TaskEdit
from handlers.text.arguments import first_word, is_none, text_or_none
from handlers.text.numbers import number
from handlers.text.plain_forms import aligned, bare, plainly
from handlers.text.words import Safe, one_line
from handlers.views.task_form import new_task_dialog, task_dialog
from handlers.views.undo import answer
from store import Checklist, Run

_PART = re.compile(r"(title|description|command)(?:\s*[:=]|(?=\s|$))", re.IGNORECASE)
_OTHER_PART = re.compile(r"(due|assignees?|assigned to|number|checklist|state|words|done-when)\s*[:=]", re.IGNORECASE)
_COMMAND_FOR = {"due": "due", "number": "move", "checklist": "move", "state": "check", "words": "done-when"}
"""How what `edit` does not change is changed, by its name; people are assigned."""
_BEHIND = re.compile(r"(?:behind|after|below)\s+", re.IGNORECASE)
_BEFORE = re.compile(r"(?:to|into|in|before|above)\s+(?:checklist\s+)?", re.IGNORECASE)


def add(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`add [checklist] Title`; without a title by dialog, where one can be opened."""
    standing = progress(ctx, run)
    row, title, chosen = _place(ctx, standing, words)
    if not title and event.trigger_id:
        yield new_task_dialog(ctx, run, standing, row, event.asker)
    elif not title:
        raise ctx.refused("tasks", "title_how", "title", verb="add")
    else:
        done = yield from add_task(ctx, run, row, TaskEdit(title=title), event.asker)
        yield answer(ctx, run, done.key, done.tasks, "tasks", "added_to" if chosen else "added", checklist=row)


def edit(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`edit 2.3 New title`, `edit 2.3 description: words`; without words by dialog, where one can be opened."""
    tasks, rest = task_lookup.leading(ctx, progress(ctx, run), words, "edit")
    if len(tasks) > 1:
        raise ctx.refused("tasks", "only_one", verb="edit")
    if not one_line(rest) and event.trigger_id:
        yield task_dialog(ctx, run, tasks[0], event.asker)
        return
    wanted, block = _wanted(ctx, rest, f"edit {tasks[0].number}")
    done = yield from edit_tasks(ctx, run, tasks, wanted, event.asker)
    yield answer(ctx, run, done.key, done.tasks, "tasks", block)


def assign(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`assign 2.3 @bob @carla`, `assign 2.3 scribe`, `assign 2.3 me`, `assign 2.3 nobody`."""
    standing = progress(ctx, run)
    tasks, who = task_lookup.leading(ctx, standing, words, "assign", spaced=True)
    if not who:
        found = task_lookup.tasks(ctx, standing, words, "assign")
        if len(found) > 1 or not event.trigger_id:
            raise ctx.refused("assign", "whom", number=found[0].number)
        yield task_dialog(ctx, run, found[0], event.asker)
        return
    yield from _assign(ctx, run, tasks, read(ctx, run, who, event.asker, event.named), event.asker)


def take(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`take 2.3`: what `assign 2.3 me` does."""
    tasks = task_lookup.tasks(ctx, progress(ctx, run), words, "take")
    yield from _assign(ctx, run, tasks, [event.asker.id], event.asker)


def _assign(ctx: Context, run: Run, tasks: Sequence[Numbered], assignees: list[str], by: Person) -> Effects:
    done = yield from edit_tasks(ctx, run, tasks, TaskEdit(assignees=assignees), by)
    block = "assigned" if assignees else "unassigned"
    yield answer(ctx, run, done.key, done.tasks, "assign", block, people=named(ctx, run, assignees))


def remove(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`remove 2.3`, of one task or several."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "remove")
    done = yield from edit_tasks(ctx, run, found, TaskEdit(also="remove"), event.asker)
    yield answer(ctx, run, done.key, done.tasks, "tasks", "removed")


def move(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`move 2.3 to 1.2`, or to the end of a checklist: `move 2.3 3`."""
    standing = progress(ctx, run)
    found, rest = task_lookup.leading(ctx, standing, words, "move", to=False)
    behind = _BEHIND.match(rest)
    if behind is not None:
        place = ordering.behind(ctx, standing, rest[behind.end() :], found)
    else:
        place = ordering.target(ctx, standing, rest[before.end() if (before := _BEFORE.match(rest)) else 0 :])
    done = yield from edit_tasks(ctx, run, found, TaskEdit(place=place), event.asker)
    yield answer(ctx, run, done.key, done.tasks, "tasks", "moved")


def duplicate(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`duplicate 2.3`: an open task like it, right behind it."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "duplicate")
    done = yield from edit_tasks(ctx, run, found, TaskEdit(also="duplicate"), event.asker)
    yield answer(ctx, run, done.key, done.copies, "tasks", "duplicated")


def _wanted(ctx: Context, words: str, verb: str) -> tuple[TaskEdit, str]:
    """Return what the words change, and how the answer to it is called. Raises `Refused`."""
    plain = aligned(words)
    part, other = _PART.match(plain), _OTHER_PART.match(plain)
    if other is not None:
        command = _COMMAND_FOR.get(other[1].casefold(), "assign")
        raise ctx.refused("tasks", "edit_other", "edit", verb=verb, command=Safe(command), part=other[1])
    name, text = (part[1].casefold(), words[part.end() :]) if part else ("title", words)
    is_named = part is None or part[0][-1:] in ":="
    if not (is_named or (name == "command" and (is_none(text) or plainly(text).strip().startswith("/")))):
        raise ctx.refused("tasks", "edit_which", "edit", verb=verb, part=Safe(name))
    if name == "title":
        if not one_line(text):
            raise ctx.refused("tasks", "title_how", "title", verb=verb)
        return TaskEdit(title=one_line(text)), "edited"
    text = text_or_none(text)
    wanted = TaskEdit(description=text) if name == "description" else TaskEdit(command=_command(text))
    return wanted, f"new_{name}" if text else f"no_{name}"


def _command(text: str) -> str:
    """Return a command on one line, its slash a plain one."""
    line = one_line(text)
    return f"/{line[1:]}" if plainly(line[:1]) == "/" else line


def _place(ctx: Context, standing: Progress, words: str) -> tuple[Checklist | None, str, bool]:
    """Return the checklist whose number the words begin with, or the last one, and the title behind it.

    Of several the last one is chosen, which the third value says. Raises `Refused` where there is no checklist of that
    number: a title may begin with one, but behind the list's.
    """
    rows, (first, title) = standing.checklists, first_word(words)
    if not bare(first).removeprefix("#").isdecimal():
        return (rows[-1] if rows else None), one_line(words), len(rows) > 1
    meant = [row for row in rows if row.position == number(first)]
    if rows and not meant:
        shown, last = rows[: task_lookup.NAMED], rows[-1].position
        raise ctx.refused("tasks", "no_checklist", "checklist", number=first, rows=shown, last=last, title=words)
    return (meant[0] if meant else None), one_line(title), False
