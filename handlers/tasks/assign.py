"""Who does a task: one or several people, or a role of the run."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Ask, Effect
from handlers.events import CommandGiven
from handlers.operations.edit_tasks import edit_tasks
from handlers.rules import task_lookup
from handlers.rules.assignees import named, read
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.tasks.answers import answer
from handlers.views.task_form import task_dialog
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`assign 2.3 @bob @carla`, `assign 2.3 scribe`, `assign 2.3 me`, `assign 2.3 nobody`."""
    standing = progress(ctx, run)
    tasks, who = task_lookup.leading(ctx, standing, words, "assign")
    if not who:
        yield _whom(event, run, task_lookup.tasks(ctx, standing, words, "assign"), ctx)
        return
    assignees = read(ctx, run, who, event.asker, event.named)
    done = yield from edit_tasks(ctx, run, tasks, TaskEdit(assignees=assignees), event.asker)
    block = "assigned" if assignees else "unassigned"
    yield answer(ctx, run, done.key, done.tasks, "assign", block, people=named(ctx, run, assignees))


def _whom(event: CommandGiven, run: Run, found: list[Numbered], ctx: Context) -> Ask:
    """Ask for the people by dialog, or say how they are written."""
    if len(found) == 1 and event.trigger_id:
        return task_dialog(ctx, run, found[0], event.asker)
    raise ctx.refused("assign", "whom", number=found[0].number)
