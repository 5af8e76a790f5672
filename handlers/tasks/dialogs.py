"""A task's dialogs: everything about one task, and a new one."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Content, Correct, Effect, Refuse, Tell
from handlers.events import ButtonPressed, DialogSubmitted
from handlers.operations.change_tasks import follow, operation
from handlers.operations.run_slash_command import run_command
from handlers.rules import ordering, permissions, task_lookup
from handlers.rules.admission import admitted, admitted_to_task
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_form_values import COMMAND_LIMIT, DESCRIPTION_LIMIT, Values, values_of
from handlers.text.numbers import number
from handlers.views.checklist import NEW_TASK, WHOLE_LIST
from handlers.views.history import history
from handlers.views.list_form import list_dialog
from handlers.views.task_form import new_task_dialog, task_dialog
from handlers.views.undo import answered
from store import ChangeKind, Checklist, Run, Task

FIELDS = {
    "title": ordering.TITLE_LIMIT,
    "description": DESCRIPTION_LIMIT,
    "command": COMMAND_LIMIT,
    "others": 1000,
    "due": 60,
    "number": 100,
}
"""How many characters the fields of the dialogs hold."""


def chosen(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """The menu of all tasks: a dialog with everything about the chosen one, of a new one, or of the whole checklist."""
    if event.choice in (NEW_TASK, WHOLE_LIST):
        yield _about_list(event, ctx)
        return
    found = admitted_to_task(ctx, event.choice, event.asker)
    if isinstance(found, Refuse):
        yield found
    elif str(found[1].task.checklist_id) != event.arg:
        yield permissions.task_gone(ctx)
    else:
        yield Ask(dialog=task_dialog(ctx, *found, event.asker))


def picked(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Any task…* below what somebody has to do."""
    found = admitted_to_task(ctx, event.choice, event.asker)
    yield found if isinstance(found, Refuse) else Ask(dialog=task_dialog(ctx, *found, event.asker))


def opened(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Iterator[Effect]:
    """*Open* on what somebody was told about a task of theirs."""
    yield Ask(dialog=task_dialog(ctx, run, one, event.asker))


def _about_list(event: ButtonPressed, ctx: Context) -> Ask | Refuse:
    row = ctx.store.checklist(number(event.arg))
    run = admitted(ctx, str(row.run_id), event.asker) if row is not None else permissions.gone(ctx)
    if isinstance(run, Refuse):
        return run
    standing = progress(ctx, run)
    if row is None or row not in standing.checklists:
        return Refuse(title=ctx.say("checklists")["gone_title"], text=ctx.say("checklists")["gone"])
    new = event.choice == NEW_TASK
    return Ask(dialog=new_task_dialog(ctx, run, standing, row, event.asker) if new else list_dialog(ctx, run, row))


def saved(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The task's dialog, saved: all that was changed in it is one operation."""
    one = progress(ctx, run).numbered(number(event.arg.partition(":")[2]))
    if one is None:
        yield Correct(error=permissions.task_gone(ctx).text)
        return
    wanted = values_of(event, ctx, run, one)
    if wanted.errors:
        yield Correct(errors=wanted.errors)
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        yield from _save(event, run, one, wanted, ctx)


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Add a task* of the card's menu."""
    standing = progress(ctx, run)
    last = standing.checklists[-1] if standing.checklists else None
    yield Ask(dialog=new_task_dialog(ctx, run, standing, last, event.asker))


def added(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a new task, filled in."""
    wanted = values_of(event, ctx, run, None)
    if wanted.errors:
        yield Correct(errors=wanted.errors)
    elif len(progress(ctx, run).tasks) >= ordering.MOST_TASKS:
        yield Correct(error=ctx.say("tasks", limit=ordering.MOST_TASKS)["too_many"])
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        yield from _add(event, run, wanted, ctx)


def _save(event: DialogSubmitted, run: Run, one: Numbered, wanted: Values, ctx: Context) -> Iterator[Effect]:
    task, by = one.task, event.asker.id
    what, block = task_lookup.what(ctx, [one]), {"remove": "removed", "duplicate": "duplicated"}.get(wanted.also, "")
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
        yield Answer(content=Content(history(ctx, run, now)))
    if wanted.also == "run":
        for effect in run_command(ctx, run, one, event.asker):
            yield Answer(content=Content(effect.text)) if isinstance(effect, Refuse) else effect


def _take_over(task: Task, wanted: Values) -> None:
    if task.command != wanted.command:
        task.ran_by, task.ran_at = "", None
    task.title, task.description, task.command = wanted.title, wanted.description, wanted.command
    task.assignees, task.due_at = wanted.assignees, wanted.due_at


def _add(event: DialogSubmitted, run: Run, wanted: Values, ctx: Context) -> Iterator[Effect]:
    by = event.asker.id
    with operation(ctx, run, by, "add", wanted.title) as record:
        row = _checklist(ctx, run, str(event.values.get("checklist") or ""))
        task = ordering.add(ctx, run, row, wanted.title, wanted.description, wanted.command)
        task.assignees, task.due_at = wanted.assignees, wanted.due_at
    yield from follow(ctx, run, record, by)
    one = progress(ctx, run).numbered(task.id)
    assert one is not None
    said = ctx.say("tasks", what=task_lookup.what(ctx, [one]), count=1)["added"]
    yield Tell(person_id=by, place_id=event.place.id, content=answered(ctx, said, record))


def _checklist(ctx: Context, run: Run, chosen_id: str) -> Checklist:
    """Return the chosen checklist, or the last one, or a first one."""
    rows = progress(ctx, run).checklists
    known = [row for row in rows if str(row.id) == chosen_id] or rows[-1:]
    title = ctx.say("tasks", ctx.readers_of(run))["first_checklist"]
    return known[0] if known else ordering.add_checklist(ctx, run, title)
