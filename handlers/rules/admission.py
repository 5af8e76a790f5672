"""Whether somebody may do something to a run or to a task that a button, a menu or a dialog names."""

from handlers.context import Context
from handlers.events import Person
from handlers.rules import permissions
from handlers.rules.follow_ups import is_workable
from handlers.rules.permission_table import Action
from handlers.rules.progress import Numbered, progress
from store import Run


def admitted(
    ctx: Context,
    run_id: int,
    asker: Person,
    action: Action = "change",
    *,
    even_finished: bool = False,
    follow_ups: bool = False,
) -> Run:
    """Return the run. Raises `Refused` where it is gone, not theirs to change, or finished.

    With `follow_ups` one that is finished is returned where something is to be done afterwards.
    """
    run = ctx.store.run(run_id)
    if run is None:
        raise permissions.gone(ctx)
    permissions.require(ctx, action, asker, run)
    require_open(ctx, run, asker, even_finished=even_finished, follow_ups=follow_ups)
    return run


def require_open(ctx: Context, run: Run, asker: Person, *, even_finished: bool, follow_ups: bool) -> None:
    """Raise `Refused` where a run is finished, unless that makes no difference."""
    if not run.is_active and not even_finished and not (follow_ups and is_workable(ctx, run)):
        raise permissions.finished(ctx, run, asker)


def admitted_to_task(ctx: Context, task_id: int, asker: Person, action: Action = "change") -> tuple[Run, Numbered]:
    """Return a task and its run. Raises `Refused` where it is gone, or the run is not theirs to change, or finished."""
    task = ctx.store.task(task_id)
    run = ctx.store.run(task.run_id) if task is not None else None
    one = progress(ctx, run).numbered(task_id) if run is not None else None
    if task is None or run is None or one is None:
        raise permissions.task_gone(ctx)
    is_after = is_workable(ctx, run, task.checklist_id)
    return admitted(ctx, task.run_id, asker, action, even_finished=is_after), one
