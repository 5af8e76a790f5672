"""Whether somebody may do something to a run or to a task that a button, a menu or a dialog names."""

from handlers.context import Context
from handlers.effects import Refuse
from handlers.events import Person
from handlers.rules import permissions
from handlers.rules.permission_table import Action
from handlers.rules.progress import Numbered, progress
from store import Run


def admitted(
    ctx: Context, run_id: int, asker: Person, action: Action = "change", *, even_finished: bool = False
) -> Run | Refuse:
    """Return the run, or why not: it is gone, not theirs to change, or finished."""
    run = ctx.store.run(run_id)
    if run is None:
        return permissions.gone(ctx)
    if (refusal := permissions.refusal(ctx, action, asker, run)) is not None:
        return refusal
    return run if run.is_active or even_finished else permissions.finished(ctx, run, asker)


def admitted_to_task(
    ctx: Context, task_id: int, asker: Person, action: Action = "change"
) -> tuple[Run, Numbered] | Refuse:
    """Return a task and its run, or why not: it is gone, or the run is not theirs to change, or finished."""
    task = ctx.store.task(task_id)
    run = ctx.store.run(task.run_id) if task is not None else None
    one = progress(ctx, run).numbered(task_id) if run is not None else None
    if task is None or run is None or one is None:
        return permissions.task_gone(ctx)
    found = admitted(ctx, task.run_id, asker, action)
    return found if isinstance(found, Refuse) else (found, one)
