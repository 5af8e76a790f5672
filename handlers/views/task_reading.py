"""The dialog in which a task is read, from where it stands: all that it says, and what can be done about it."""

from handlers.context import Context
from handlers.controls import TASK_ACT, entry
from handlers.effects import Ask, Option
from handlers.events import Person
from handlers.payloads import TaskOfRun
from handlers.rules.assignees import people_of
from handlers.rules.progress import Numbered
from handlers.views.task_info import info_of
from store import Run


def reading(ctx: Context, run: Run, one: Numbered, asker: Person) -> Ask:
    """Return the whole of a task as a dialog: where it was pressed, nothing else shows a long text on every client."""
    task, said = one.task, info_of(ctx, run, one)
    verbs = {
        "check": task.is_open,
        "take": task.is_open and asker.id not in people_of(ctx, run, task),
        "start": task.state == "open",
        "run": task.is_open and bool(task.command),
    }
    options = tuple(Option(said[f"do_{verb}"], verb) for verb, is_possible in verbs.items() if is_possible)
    what = entry(said, "read_do", "select", options=options, optional=True)
    return TASK_ACT.ask(
        TaskOfRun(run.id, task.id), said, what, intro=said["info"], title="read_title", submit="read_submit"
    )
