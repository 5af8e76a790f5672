"""A task's dialogs: everything about one task, and a new one."""

from handlers.context import Context
from handlers.effects import Answer, Content, Correct, Effects, Refused
from handlers.events import ButtonPressed, DialogSubmitted, Press, Submission
from handlers.messages.as_direct_message import told
from handlers.operations.change_tasks import settled
from handlers.operations.edit_tasks import add_task, edit_tasks
from handlers.payloads import ItemOfList, OfRun, TaskOfRun
from handlers.rules import permissions
from handlers.rules.admission import admitted_to_task
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.rules.task_form_values import TaskForm, edit_of
from handlers.tasks.slash_commands import run_command
from handlers.text.numbers import number
from handlers.views.history import history
from handlers.views.listed import listed
from handlers.views.task_form import new_task_dialog, task_dialog
from handlers.views.undo import answer
from store import Checklist, Run


def chosen(event: Press[ItemOfList], ctx: Context) -> Effects:
    """A task of the menu of all tasks: a dialog with everything about it."""
    run, one = admitted_to_task(ctx, number(event.payload.item or ""), event.asker)
    if one.task.checklist_id != event.payload.checklist_id:
        raise permissions.task_gone(ctx)
    yield task_dialog(ctx, run, one, event.asker)


def new_chosen(event: ButtonPressed, run: Run, row: Checklist, ctx: Context) -> Effects:
    """*A new task…* in the menu of all tasks."""
    yield new_task_dialog(ctx, run, progress(ctx, run), row, event.asker)


def opened(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """*Open* on what somebody was told about a task of theirs, and *Any task…* below what they have to do."""
    yield task_dialog(ctx, run, one, event.asker)


def saved(event: Submission[TaskOfRun, TaskForm], run: Run, ctx: Context) -> Effects:
    """The task's dialog, saved: all that was changed in it is one operation."""
    one = progress(ctx, run).numbered(event.payload.task_id)
    if one is None:
        raise permissions.task_gone(ctx)
    edit, errors = edit_of(ctx, event.form, run, one, event.asker)
    if errors:
        yield Correct(errors=errors)
    else:
        yield from _save(event, run, one, edit, ctx)


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Add a task* of the card's menu."""
    standing = progress(ctx, run)
    last = standing.checklists[-1] if standing.checklists else None
    yield new_task_dialog(ctx, run, standing, last, event.asker)


def added(event: Submission[OfRun, TaskForm], run: Run, ctx: Context) -> Effects:
    """The dialog of a new task, filled in."""
    edit, errors = edit_of(ctx, event.form, run, None, event.asker)
    if errors:
        yield Correct(errors=errors)
        return
    rows = progress(ctx, run).checklists
    row = next((row for row in rows if str(row.id) == event.form.checklist), rows[-1] if rows else None)
    done = yield from add_task(ctx, run, row, edit, event.asker)
    yield from told(event, [answer(ctx, run, done.key, done.tasks, "tasks", "added")])


def _save(event: Submission[TaskOfRun, TaskForm], run: Run, one: Numbered, edit: TaskEdit, ctx: Context) -> Effects:
    done = yield from edit_tasks(ctx, run, [one], edit, event.asker)
    if not done.key:
        yield from settled(ctx, run, again={one.task.checklist_id}, changed=())
    match event.form.also:
        case "remove":
            yield from told(event, [answer(ctx, run, done.key, done.tasks, "tasks", "removed")])
        case "duplicate":
            yield from told(event, [answer(ctx, run, done.key, done.copies, "tasks", "duplicated")])
        case "history":
            yield Answer(content=listed(ctx, history(ctx, run, done.tasks[0])), to_read=True)
        case "run":
            yield from _run(event, run, one, ctx)


def _run(event: DialogSubmitted, run: Run, one: Numbered, ctx: Context) -> Effects:
    """Have the task's command run; what was changed stays where it cannot be."""
    try:
        yield from run_command(ctx, run, one, event.asker)
    except Refused as refused:
        yield Answer(content=Content(refused.refusal.text), to_read=True)
