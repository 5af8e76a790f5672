"""Working on tasks by the forms of a page."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import Acted, Person
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.edit_tasks import STATES, add_task, edit_tasks
from handlers.rules import ordering, permissions
from handlers.rules.assignees import named, read
from handlers.rules.follow_ups import is_workable
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.rules.task_form_values import due_named, due_words, who_words
from handlers.tasks.reading import take
from handlers.tasks.state import turned
from handlers.text.numbers import number
from handlers.views.undo import answer
from store import Run, TaskVerb

VERBS: dict[str, TaskVerb] = {verb: verb for verb in STATES}


class TurnForm(Filled, frozen=True):
    """The buttons of a task: its id, and what is done to it."""

    task: str
    verb: str


class GiveForm(Filled, frozen=True):
    """Whom a task is for and when it is due, in words."""

    task: str
    assignee: Annotated[str, Text(1000)]
    due: Annotated[str, Line(60)]


class NewTaskForm(Filled, frozen=True):
    """A new task, for a checklist by its id."""

    checklist: str
    title: Annotated[str, Line(ordering.TITLE_LIMIT)]
    assignee: Annotated[str, Text(1000)]
    due: Annotated[str, Line(60)]


def turned_on_page(event: Acted[TurnForm], run: Run, ctx: Context) -> Effects:
    """Done, started, skipped, opened again, or taken by whoever pressed."""
    one, verb = _task(ctx, run, event.form.task), VERBS.get(event.form.verb)
    if event.form.verb == "take":
        done = yield from take(ctx, run, one, event.asker)
        people = named(ctx, run, one.task.assignees)
        yield answer(ctx, run, done.key, done.tasks, "assign", "assigned", people=people)
        return
    if verb is None:
        raise permissions.gone(ctx)
    yield from turned(ctx, run, [one], verb, event.asker)


def given_on_page(event: Acted[GiveForm], run: Run, ctx: Context) -> Effects:
    """For somebody else, or due at another time; a field that was left as it was shown changes nothing."""
    one, form, by = _task(ctx, run, event.form.task), event.form, event.asker
    with at_field("due"):
        due_at = UNSET if form.due == due_words(one.task, by) else _due(ctx, form.due, by)
    with at_field("assignee"):
        given = UNSET if form.assignee == who_words(ctx, one.task) else read(ctx, run, form.assignee, by)
        done = yield from edit_tasks(ctx, run, [one], TaskEdit(assignees=given, due_at=due_at), by)
    people = named(ctx, run, one.task.assignees)
    yield answer(ctx, run, done.key, done.tasks, "tasks", "given", people=people, due_at=one.task.due_at)


def added_on_page(event: Acted[NewTaskForm], run: Run, ctx: Context) -> Effects:
    """A new task at the end of a checklist, of the last one that can be worked on where it is gone."""
    form, by = event.form, event.asker
    rows = [row for row in progress(ctx, run).checklists if is_workable(ctx, run, row.id)]
    row = next((row for row in rows if row.id == number(form.checklist)), rows[-1] if rows else None)
    with at_field("due"):
        due_at = _due(ctx, form.due, by)
    with at_field("assignee"):
        edit = TaskEdit(title=form.title, assignees=read(ctx, run, form.assignee, by), due_at=due_at)
        done = yield from add_task(ctx, run, row, edit, by)
    yield answer(ctx, run, done.key, done.tasks, "tasks", "added")


def _due(ctx: Context, words: str, by: Person) -> datetime | None:
    return due_named(ctx, words, by) if words else None


def _task(ctx: Context, run: Run, task_id: str) -> Numbered:
    """Return a task of this run. Raises `Refused` where it is gone, or another run's."""
    one = progress(ctx, run).numbered(number(task_id))
    if one is None:
        raise permissions.task_gone(ctx)
    return one
