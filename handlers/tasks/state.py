"""Working a checklist: tasks are done, started, skipped and opened again, by button and by command."""

from collections.abc import Iterator, Mapping, Sequence

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Redraw, Refuse
from handlers.events import ButtonPressed, CommandGiven
from handlers.operations.change_tasks import follow, operation
from handlers.rules import task_lookup
from handlers.rules.progress import Numbered, progress
from handlers.views.undo import answered
from store import Run, Task, TaskState, TaskVerb

STATES: Mapping[TaskVerb, TaskState] = {
    "check": "done",
    "uncheck": "open",
    "start": "in_progress",
    "skip": "skipped",
    "restore": "open",
}
"""The state that each command puts tasks into."""

_FROM: Mapping[TaskVerb, Sequence[TaskState]] = {
    "check": ("open", "in_progress", "skipped"),
    "uncheck": ("done", "in_progress", "skipped"),
    "start": ("open",),
    "skip": ("open", "in_progress"),
    "restore": ("skipped",),
}
"""The states that each command takes tasks out of; others it leaves alone."""


def done_by_button(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Iterator[Effect]:
    """*Done*, or the button of one of the next tasks: done, whoever else pressed it at the same time."""
    yield from _press(event, run, one, "check", ctx)


def started_by_button(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Iterator[Effect]:
    """*Start* on what the assignee was told."""
    yield from _press(event, run, one, "start", ctx)


def by_command(event: CommandGiven, run: Run, words: str, verb: TaskVerb, ctx: Context) -> Iterator[Effect]:
    """`check 2.3`, `uncheck 1.2-1.4`, `start 2.1, 2.2`, `skip Roll back`, `restore 2.1`."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, verb)
    if isinstance(found, Refuse):
        yield found
        return
    fresh = [one for one in found if one.task.state in _FROM[verb]]
    if not fresh:
        yield Answer(content=Content(_unchanged(ctx, found, verb)))
        return
    label, ids = task_lookup.label(fresh), task_lookup.ids(fresh)
    with operation(ctx, run, event.asker.id, verb, label, ids) as record:
        for one in fresh:
            one.task.turn(STATES[verb], event.asker.id, ctx.now)
    yield from follow(ctx, run, record, event.asker.id)
    yield Answer(content=answered(ctx, _changed(ctx, run, fresh, verb), record))


def _press(event: ButtonPressed, run: Run, one: Numbered, verb: TaskVerb, ctx: Context) -> Iterator[Effect]:
    with operation(ctx, run, event.asker.id, verb, task_lookup.label([one]), task_lookup.ids([one])) as record:
        if one.task.state in _FROM[verb]:
            one.task.turn(STATES[verb], event.asker.id, ctx.now)
    # Who presses what is done already has an old message before them.
    again = record.change is None
    yield from follow(ctx, run, record, event.asker.id, again={one.task.checklist_id} if again else ())
    if event.message_id:
        yield Redraw(message_id=event.message_id, again=again)


def _changed(ctx: Context, run: Run, found: Sequence[Numbered], verb: TaskVerb) -> str:
    standing = progress(ctx, run)
    said = ctx.say(
        "task", what=task_lookup.what(found), count=len(found), done=standing.done, total=standing.total, verb=verb
    )
    return said[f"now_{STATES[verb]}"]


def _unchanged(ctx: Context, found: Sequence[Numbered], verb: TaskVerb) -> str:
    task: Task = found[0].task
    who = ctx.username(task.changed_by) if task.changed_by else ""
    said = ctx.say("task", what=task_lookup.what(found), who=who, number=found[0].number, count=len(found))
    return said[f"before_{task.state}" if len(found) == 1 else "before_all"]
