"""Whether somebody may do something to a run or to a task that a button, a menu or a dialog names."""

from handlers.context import Context
from handlers.events import Person
from handlers.rules import permissions
from handlers.rules.permission_table import Action
from handlers.rules.progress import Numbered, progress
from store import Run


def admitted(
    ctx: Context, run_id: int, asker: Person, action: Action = "change", *, even_finished: bool = False
) -> Run:
    """Return the run. Raises `Refused` where it is gone, not theirs to change, or finished."""
    run = ctx.store.run(run_id)
    if run is None:
        raise permissions.gone(ctx)
    permissions.require(ctx, action, asker, run)
    if not run.is_active and not even_finished:
        raise permissions.finished(ctx, run, asker)
    return run


def admitted_to_task(ctx: Context, task_id: int, asker: Person, action: Action = "change") -> tuple[Run, Numbered]:
    """Return a task and its run. Raises `Refused` where it is gone, or the run is not theirs to change, or finished."""
    task = ctx.store.task(task_id)
    run = ctx.store.run(task.run_id) if task is not None else None
    one = progress(ctx, run).numbered(task_id) if run is not None else None
    if task is None or run is None or one is None:
        raise permissions.task_gone(ctx)
    return admitted(ctx, task.run_id, asker, action), one
