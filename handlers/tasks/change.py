"""Changing what a run's tasks are, by command: add, remove, move and duplicate."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Effect, Refuse
from handlers.events import CommandGiven
from handlers.operations.change_tasks import follow, operation
from handlers.rules import ordering, task_lookup
from handlers.rules.progress import Progress, progress
from handlers.tasks.answers import refusal, told, too_many
from handlers.text.numbers import leading_number
from handlers.text.words import one_line
from handlers.views.task_form import new_task_dialog
from handlers.views.undo import answered
from store import Checklist, Run


def add(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`add [checklist] Title`; without a title by dialog, where one can be opened."""
    standing = progress(ctx, run)
    row, title = _place(standing, words)
    if not title and event.trigger_id:
        yield Ask(dialog=new_task_dialog(ctx, run, standing, row, event.asker))
    elif (refused := refusal(ctx, standing, title, "add")) is not None:
        yield refused
    else:
        with operation(ctx, run, event.asker.id, "add", title) as record:
            row = row or ordering.add_checklist(ctx, run, ctx.say("tasks")["first_checklist"])
            task = ordering.add(ctx, run, row, title)
        yield from told(event, run, [task.id], "added", record, ctx)


def remove(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`remove 2.3`, of one task or several."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "remove")
    if isinstance(found, Refuse):
        yield found
        return
    said = ctx.say("tasks", what=task_lookup.what(found), count=len(found))["removed"]
    with operation(ctx, run, event.asker.id, "remove", task_lookup.label(found), task_lookup.ids(found)) as record:
        for one in found:
            one.task.removed_at = ctx.now
    yield from follow(ctx, run, record, event.asker.id)
    yield Answer(content=answered(ctx, said, record))


def move(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`move 2.3 to 1.2`, or to the end of a checklist: `move 2.3 3`."""
    standing = progress(ctx, run)
    found = task_lookup.leading(ctx, standing, words, "move")
    if isinstance(found, Refuse):
        yield found
        return
    where = re.sub(r"^(?:to|behind|into)\s+", "", found[1], flags=re.IGNORECASE)
    place = ordering.target(ctx, standing, where)
    if isinstance(place, Refuse):
        yield place
        return
    ids = task_lookup.ids(found[0])
    with operation(ctx, run, event.asker.id, "move", task_lookup.label(found[0]), ids) as record:
        ordering.move(ctx, [one.task for one in found[0]], *place)
    yield from told(event, run, ids, "moved", record, ctx)


def duplicate(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`duplicate 2.3`: an open task like it, right behind it."""
    standing = progress(ctx, run)
    found = task_lookup.tasks(ctx, standing, words, "duplicate")
    if isinstance(found, Refuse):
        yield found
    elif len(standing.tasks) + len(found) > ordering.MOST_TASKS:
        yield too_many(ctx)
    else:
        with operation(ctx, run, event.asker.id, "duplicate", task_lookup.label(found)) as record:
            ids = [ordering.copy(ctx, one.task).id for one in found]
        yield from told(event, run, ids, "duplicated", record, ctx)


def _place(standing: Progress, words: str) -> tuple[Checklist | None, str]:
    """Return the checklist that the words begin with, or the last one, and the title behind it."""
    position, title = leading_number(words)
    named = [row for row in standing.checklists if row.position == position]
    if named:
        return named[0], one_line(title)
    return (standing.checklists[-1] if standing.checklists else None), one_line(words)
