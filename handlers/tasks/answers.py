"""What is answered to a change of a run's tasks by command, and why one is refused."""

from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.effects import Answer, Effect, Refuse
from handlers.events import CommandGiven
from handlers.operations.change_tasks import follow
from handlers.rules import ordering, task_lookup
from handlers.rules.change_log import Record
from handlers.rules.progress import Progress, progress
from handlers.views.undo import answered
from store import Run


def told(
    event: CommandGiven, run: Run, ids: Sequence[int], block: str, record: Record, ctx: Context
) -> Iterator[Effect]:
    """Let follow what follows, and answer with the tasks as they are called now."""
    yield from follow(ctx, run, record, event.asker.id)
    standing = progress(ctx, run)
    now = [one for one in standing.tasks if one.task.id in ids]
    said = ctx.say("tasks", what=task_lookup.what(ctx, now), count=len(now))
    yield Answer(content=answered(ctx, said[block if record.change else "unchanged"], record))


def refusal(ctx: Context, standing: Progress | None, title: str, verb: str) -> Refuse | None:
    """Return why a task cannot have this title; with a run's progress also why it cannot have one more task."""
    said = ctx.say("tasks", limit=ordering.TITLE_LIMIT, count=len(title), verb=verb)
    if not title:
        return Refuse(title=said["title_title"], text=said["title_how"])
    if len(title) > ordering.TITLE_LIMIT:
        return Refuse(title=said["title_title"], text=said["too_long"])
    if standing is not None and len(standing.tasks) >= ordering.MOST_TASKS:
        return too_many(ctx)
    return None


def too_many(ctx: Context) -> Refuse:
    """Say that a run has as many tasks as it can have."""
    said = ctx.say("tasks", limit=ordering.MOST_TASKS)
    return Refuse(title=said["too_many_title"], text=said["too_many"])
