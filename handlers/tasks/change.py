"""Changing what a run's tasks are, by command: add, edit, assign, remove, move and duplicate."""

import re

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven
from handlers.operations.edit_tasks import add_task, edit_tasks
from handlers.rules import ordering, task_lookup
from handlers.rules.assignees import named, read
from handlers.rules.progress import Progress, progress
from handlers.rules.task_edit import TaskEdit
from handlers.text.arguments import text_or_none
from handlers.text.numbers import leading_number
from handlers.text.words import one_line
from handlers.views.task_form import new_task_dialog, task_dialog
from handlers.views.undo import answer
from store import Checklist, Run

_PART = re.compile(r"(description|command):", re.IGNORECASE)


def add(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`add [checklist] Title`; without a title by dialog, where one can be opened."""
    standing = progress(ctx, run)
    row, title = _place(standing, words)
    if not title and event.trigger_id:
        yield new_task_dialog(ctx, run, standing, row, event.asker)
    elif not title:
        raise ctx.refused("tasks", "title_how", "title", verb="add")
    else:
        done = yield from add_task(ctx, run, row, TaskEdit(title=title), event.asker)
        yield answer(ctx, run, done.key, done.tasks, "tasks", "added")


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
    tasks, who = task_lookup.leading(ctx, standing, words, "assign")
    if not who:
        found = task_lookup.tasks(ctx, standing, words, "assign")
        if len(found) > 1 or not event.trigger_id:
            raise ctx.refused("assign", "whom", number=found[0].number)
        yield task_dialog(ctx, run, found[0], event.asker)
        return
    assignees = read(ctx, run, who, event.asker, event.named)
    done = yield from edit_tasks(ctx, run, tasks, TaskEdit(assignees=assignees), event.asker)
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
    found, rest = task_lookup.leading(ctx, standing, words, "move")
    place = ordering.target(ctx, standing, re.sub(r"^(?:to|behind|into)\s+", "", rest, flags=re.IGNORECASE))
    done = yield from edit_tasks(ctx, run, found, TaskEdit(place=place), event.asker)
    yield answer(ctx, run, done.key, done.tasks, "tasks", "moved")


def duplicate(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`duplicate 2.3`: an open task like it, right behind it."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "duplicate")
    done = yield from edit_tasks(ctx, run, found, TaskEdit(also="duplicate"), event.asker)
    yield answer(ctx, run, done.key, done.copies, "tasks", "duplicated")


def _wanted(ctx: Context, words: str, verb: str) -> tuple[TaskEdit, str]:
    """Return what the words change, and how the answer to it is called. Raises `Refused`."""
    part = _PART.match(words)
    if part is None:
        if not one_line(words):
            raise ctx.refused("tasks", "title_how", "title", verb=verb)
        return TaskEdit(title=one_line(words)), "edited"
    name, text = part[1].casefold(), text_or_none(words[part.end() :])
    wanted = TaskEdit(description=text) if name == "description" else TaskEdit(command=one_line(text))
    return wanted, f"new_{name}" if text else f"no_{name}"


def _place(standing: Progress, words: str) -> tuple[Checklist | None, str]:
    """Return the checklist that the words begin with, or the last one, and the title behind it."""
    position, title = leading_number(words)
    meant = [row for row in standing.checklists if row.position == position]
    if meant:
        return meant[0], one_line(title)
    return (standing.checklists[-1] if standing.checklists else None), one_line(words)
