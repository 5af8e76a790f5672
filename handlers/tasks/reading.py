"""Reading a task where it stands, and taking it: one press each."""

from handlers.context import Context
from handlers.effects import Doing, Effects, Redraw
from handlers.events import ButtonPressed, Person, Submission
from handlers.forms import Filled
from handlers.messages.as_direct_message import told
from handlers.operations.change_tasks import TasksChanged
from handlers.operations.edit_tasks import edit_tasks, turn_tasks
from handlers.payloads import TaskOfRun
from handlers.rules import permissions
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.tasks.slash_commands import run_command
from handlers.views.task_reading import reading
from store import Run


class ActForm(Filled, frozen=True):
    """What is done about a task that was read."""

    read_do: str


def opened(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """ⓘ: all that a task says."""
    yield reading(ctx, run, one, event.asker)


def taken(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """*Take it*: the task is theirs who pressed, beside whom it is for already."""
    yield from take(ctx, run, one, event.asker)
    if event.message_id:
        yield Redraw(message_id=event.message_id)


def acted(event: Submission[TaskOfRun, ActForm], run: Run, ctx: Context) -> Effects:
    """What was chosen once the task was read."""
    one = progress(ctx, run).numbered(event.payload.task_id)
    if one is None:
        raise permissions.task_gone(ctx)
    match event.form.read_do:
        case "check":
            yield from turn_tasks(ctx, run, [one], "check", event.asker)
        case "start":
            yield from turn_tasks(ctx, run, [one], "start", event.asker)
        case "take":
            yield from take(ctx, run, one, event.asker)
        case "run":
            yield from told(event, run_command(ctx, run, one, event.asker))


def take(ctx: Context, run: Run, one: Numbered, by: Person) -> Doing[TasksChanged]:
    """Let a task be somebody's, beside whom it is for already."""
    assignees = list(dict.fromkeys([*one.task.assignees, by.id]))
    return (yield from edit_tasks(ctx, run, [one], TaskEdit(assignees=assignees), by))
