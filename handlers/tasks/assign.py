"""Who does a task: one or several people, or a role of the run."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Effect, Refuse
from handlers.events import CommandGiven
from handlers.operations.change_tasks import follow, operation
from handlers.rules import permissions, task_lookup
from handlers.rules.assignees import named, people_in, read
from handlers.rules.progress import progress
from handlers.views.task_form import task_dialog
from handlers.views.undo import answered
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`assign 2.3 @bob @carla`, `assign 2.3 scribe`, `assign 2.3 me`, `assign 2.3 nobody`."""
    found = task_lookup.leading(ctx, progress(ctx, run), words, "assign")
    if isinstance(found, Refuse):
        yield found
        return
    tasks, who = found
    if not who:
        yield _whom(event, run, words, ctx)
        return
    assignees = read(ctx, run, who, event.asker, event.named)
    if isinstance(assignees, Refuse):
        yield assignees
        return
    if (refused := permissions.not_given(ctx, event.asker, run, people_in(ctx, run, assignees))) is not None:
        yield refused
        return
    with operation(ctx, run, event.asker.id, "assign", task_lookup.label(tasks), task_lookup.ids(tasks)) as record:
        for one in tasks:
            one.task.assignees = list(assignees)
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("assign", what=task_lookup.what(tasks), count=len(tasks), people=named(ctx, run, assignees))
    block = "unchanged" if record.change is None else "assigned" if assignees else "unassigned"
    yield Answer(content=answered(ctx, said[block], record))


def _whom(event: CommandGiven, run: Run, words: str, ctx: Context) -> Ask | Refuse:
    """Ask for the people by dialog, or say how they are written."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "assign")
    if isinstance(found, Refuse):
        return found
    if len(found) == 1 and event.trigger_id:
        return Ask(dialog=task_dialog(ctx, run, found[0], event.asker))
    said = ctx.say("assign", number=found[0].number)
    return Refuse(title=said["whom_title"], text=said["whom"])
