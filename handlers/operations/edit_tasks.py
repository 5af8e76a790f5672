"""Changing a run's tasks: turned, edited or added in one operation, with all that follows."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET
from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.forms import at_field
from handlers.operations.change_tasks import TasksChanged, follow
from handlers.rules import ordering, task_edit
from handlers.rules.assignees import role_of
from handlers.rules.change_log import operation
from handlers.rules.follow_ups import require_workable
from handlers.rules.planned_tasks import missing_for
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.text.words import Safe
from store import Checklist, Run, Task, TaskState, TaskVerb

STATES: Mapping[TaskVerb, TaskState] = {
    "check": "done",
    "uncheck": "open",
    "start": "in_progress",
    "skip": "skipped",
    "restore": "open",
}
"""The state that each verb puts tasks into."""

_FROM: Mapping[TaskVerb, Sequence[TaskState]] = {
    "check": ("open", "in_progress", "skipped"),
    "uncheck": ("done", "in_progress", "skipped"),
    "start": ("open",),
    "skip": ("open", "in_progress"),
    "restore": ("skipped",),
}
"""The states that each verb takes tasks out of; others it leaves alone."""


def turn_tasks(
    ctx: Context, run: Run, tasks: Sequence[Numbered], verb: TaskVerb, by: Person, *, post_id: str = "", label: str = ""
) -> Doing[TasksChanged]:
    """Turn those of some tasks that the verb is for. Raises `Refused` where what one needs to be done is missing.

    `post_id` is the message that completes them by its words; `label` is how the change is remembered, without by
    numbers.
    """
    require_workable(ctx, run, [one.task.checklist_id for one in tasks], by)
    turned = tuple(one for one in tasks if one.task.state in _FROM[verb])
    left = tuple(one for one in tasks if one.task.state not in _FROM[verb])
    if verb == "check":
        require_needs(ctx, run, turned)
    kind = "done" if post_id else verb
    with operation(ctx, run, by, kind, label or turned) as change:
        for one in turned:
            one.task.turn(STATES[verb], by.id, ctx.now)
    yield from follow(ctx, run, change, post_id)
    return TasksChanged(change.key, turned, left=left)


def require_needs(ctx: Context, run: Run, tasks: Sequence[Numbered]) -> None:
    """Raise `Refused` where attributes are missing that are needed before one of some tasks can be done."""
    for one in tasks:
        if missing := missing_for(ctx, run, one.task):
            names = [each.name for each in missing]
            said = {"number": Safe(one.number), "title": one.task.title, "names": names, "count": len(names)}
            raise ctx.refused("attribute", "needs", **said, example=Safe(role_of(names[0])))


def edit_tasks(ctx: Context, run: Run, tasks: Sequence[Numbered], edit: TaskEdit, by: Person) -> Doing[TasksChanged]:
    """Let tasks be as they are wanted. Raises `Refused` where something of it cannot be."""
    places = [edit.place[0].id] if edit.place else []
    require_workable(ctx, run, [*(one.task.checklist_id for one in tasks), *places], by)
    task_edit.require(ctx, run, edit, by)
    if edit.state == "done":
        with at_field("state"):
            require_needs(ctx, run, [one for one in tasks if one.task.state != "done"])
    if edit.also == "duplicate":
        with at_field("also"):
            ordering.require_room(ctx, run, len(tasks))
    rows, copies = [one.task for one in tasks], []
    with operation(ctx, run, by, edit.kind, tasks) as change:
        for task in rows:
            _take_over(ctx, task, edit, by)
        if edit.place:
            ordering.move(ctx, rows, *edit.place)
        for task in rows:
            if edit.also == "remove":
                task.removed_at = ctx.now
            elif edit.also == "duplicate":
                copies.append(ordering.copy(ctx, task))
    yield from follow(ctx, run, change)
    named = progress(ctx, run).by_id
    now = tuple(named.get(one.task.id, one) for one in tasks)
    return TasksChanged(change.key, now, tuple(named[one.id] for one in copies))


def add_task(ctx: Context, run: Run, row: Checklist | None, edit: TaskEdit, by: Person) -> Doing[TasksChanged]:
    """Add a task to the end of a checklist, or of a first one. Raises `Refused` as `edit_tasks`."""
    require_workable(ctx, run, [row.id if row is not None else 0], by)
    title = "" if edit.title is UNSET else edit.title
    task_edit.require(ctx, run, replace(edit, title=title), by)
    ordering.require_room(ctx, run, 1)
    with operation(ctx, run, by, "add", title) as change:
        row = row or ordering.add_checklist(ctx, run, ctx.say("tasks", ctx.readers_of(run))["first_checklist"])
        task = ordering.add(ctx, run, row, title)
        _take_over(ctx, task, edit, by)
    yield from follow(ctx, run, change)
    return TasksChanged(change.key, (progress(ctx, run).by_id[task.id],))


def _take_over(ctx: Context, task: Task, edit: TaskEdit, by: Person) -> None:
    given = edit.given()
    given.pop("place", None)
    if (state := given.pop("state", None)) is not None:
        task.turn(state, by.id, ctx.now)
    if given.get("command", task.command) != task.command:
        task.ran_by, task.ran_at = "", None
    for name, value in given.items():
        setattr(task, name, list(value) if isinstance(value, list) else value)
