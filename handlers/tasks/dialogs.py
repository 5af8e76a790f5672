"""A task's dialogs: everything about one task, and a new one."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Content, Correct, Effect, Refuse, Tell
from handlers.events import ButtonPressed, DialogSubmitted, Press, Submission
from handlers.operations.change_tasks import follow, operation
from handlers.operations.run_slash_command import run_command
from handlers.payloads import ItemOfList, OfRun, TaskOfRun
from handlers.rules import ordering, permissions, task_lookup
from handlers.rules.admission import admitted_to_task
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_form_values import TaskForm, Values, values_of
from handlers.text.numbers import number
from handlers.text.words import zone
from handlers.views.history import history
from handlers.views.task_form import new_task_dialog, task_dialog
from handlers.views.undo import answered
from store import ChangeKind, Checklist, Run, Task


def chosen(event: Press[ItemOfList], ctx: Context) -> Iterator[Effect]:
    """A task of the menu of all tasks: a dialog with everything about it."""
    found = admitted_to_task(ctx, number(event.payload.item or ""), event.asker)
    if not isinstance(found, Refuse) and found[1].task.checklist_id != event.payload.checklist_id:
        found = permissions.task_gone(ctx)
    yield found if isinstance(found, Refuse) else Ask(dialog=task_dialog(ctx, *found, event.asker))


def new_chosen(event: ButtonPressed, run: Run, row: Checklist, ctx: Context) -> Iterator[Effect]:
    """*A new task…* in the menu of all tasks."""
    yield Ask(dialog=new_task_dialog(ctx, run, progress(ctx, run), row, event.asker))


def opened(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Iterator[Effect]:
    """*Open* on what somebody was told about a task of theirs, and *Any task…* below what they have to do."""
    yield Ask(dialog=task_dialog(ctx, run, one, event.asker))


def saved(event: Submission[TaskOfRun, TaskForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The task's dialog, saved: all that was changed in it is one operation."""
    one = progress(ctx, run).numbered(event.payload.task_id or 0)
    if one is None:
        yield Correct(error=permissions.task_gone(ctx).text)
        return
    wanted = values_of(ctx, event.form, run, one, event.asker)
    if wanted.errors:
        yield Correct(errors=wanted.errors)
    else:
        yield from _save(event, run, one, wanted, ctx)


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Add a task* of the card's menu."""
    standing = progress(ctx, run)
    last = standing.checklists[-1] if standing.checklists else None
    yield Ask(dialog=new_task_dialog(ctx, run, standing, last, event.asker))


def added(event: Submission[OfRun, TaskForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a new task, filled in."""
    wanted = values_of(ctx, event.form, run, None, event.asker)
    if wanted.errors:
        yield Correct(errors=wanted.errors)
    elif len(progress(ctx, run).tasks) >= ordering.MOST_TASKS:
        yield Correct(error=ctx.say("tasks", limit=ordering.MOST_TASKS)["too_many"])
    else:
        yield from _add(event, run, wanted, ctx)


def _save(event: DialogSubmitted, run: Run, one: Numbered, wanted: Values, ctx: Context) -> Iterator[Effect]:
    task, by = one.task, event.asker.id
    what, block = task_lookup.what([one]), {"remove": "removed", "duplicate": "duplicated"}.get(wanted.also, "")
    kind: ChangeKind = "remove" if block == "removed" else "duplicate" if block else "change"
    with operation(ctx, run, by, kind, task_lookup.label([one]), [task.id]) as record:
        _take_over(task, wanted)
        task.turn(wanted.state, by, ctx.now)
        if wanted.place is not None:
            ordering.move(ctx, [task], *wanted.place)
        if wanted.also == "remove":
            task.removed_at = ctx.now
        elif wanted.also == "duplicate":
            ordering.copy(ctx, task)
    yield from follow(ctx, run, record, by, again={task.checklist_id} if record.change is None else ())
    if block:
        said = ctx.say("tasks", what=what, count=1)
        yield Tell(person_id=by, place_id=event.place.id, content=answered(ctx, said[block], record))
    if wanted.also == "history":
        now = progress(ctx, run).numbered(task.id) or one
        yield Answer(content=Content(history(ctx, run, now, zone(event.asker.timezone))))
    if wanted.also == "run":
        for effect in run_command(ctx, run, one, event.asker):
            yield Answer(content=Content(effect.text)) if isinstance(effect, Refuse) else effect


def _take_over(task: Task, wanted: Values) -> None:
    if task.command != wanted.command:
        task.ran_by, task.ran_at = "", None
    task.title, task.description, task.command = wanted.title, wanted.description, wanted.command
    task.assignees, task.due_at = wanted.assignees, wanted.due_at


def _add(event: Submission[OfRun, TaskForm], run: Run, wanted: Values, ctx: Context) -> Iterator[Effect]:
    by = event.asker.id
    with operation(ctx, run, by, "add", wanted.title) as record:
        row = _checklist(ctx, run, event.form.checklist)
        task = ordering.add(ctx, run, row, wanted.title, wanted.description, wanted.command)
        task.assignees, task.due_at = wanted.assignees, wanted.due_at
    yield from follow(ctx, run, record, by)
    one = progress(ctx, run).numbered(task.id)
    assert one is not None
    said = ctx.say("tasks", what=task_lookup.what([one]), count=1)["added"]
    yield Tell(person_id=by, place_id=event.place.id, content=answered(ctx, said, record))


def _checklist(ctx: Context, run: Run, chosen_id: str) -> Checklist:
    """Return the chosen checklist, or the last one, or a first one."""
    rows = progress(ctx, run).checklists
    known = [row for row in rows if str(row.id) == chosen_id] or rows[-1:]
    return known[0] if known else ordering.add_checklist(ctx, run, ctx.say("tasks")["first_checklist"])
