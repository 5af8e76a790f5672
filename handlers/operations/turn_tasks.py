"""Turning a run's tasks: done, in progress, skipped, open again."""

from collections.abc import Generator, Mapping, Sequence

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import Person
from handlers.operations.change_tasks import TasksChanged, follow
from handlers.rules.change_log import operation
from handlers.rules.progress import Numbered
from store import Run, TaskState, TaskVerb

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
    ctx: Context, run: Run, tasks: Sequence[Numbered], verb: TaskVerb, by: Person, *, post_id: str = ""
) -> Generator[Effect, None, TasksChanged]:
    """Turn those of some tasks that the verb is for; `post_id` is the message that completes them by its words."""
    turned = tuple(one for one in tasks if one.task.state in _FROM[verb])
    left = tuple(one for one in tasks if one.task.state not in _FROM[verb])
    kind = "done" if post_id else verb
    with operation(ctx, run, by, kind, turned) as record:
        for one in turned:
            one.task.turn(STATES[verb], by.id, ctx.now)
    yield from follow(ctx, run, record, by.id, post_id)
    return TasksChanged(record.key, turned, left=left)
