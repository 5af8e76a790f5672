"""Whether somebody may do something to a run that a button, a menu or a dialog names."""

from handlers import permissions
from handlers.context import Context
from handlers.effects import Refuse
from handlers.events import Person
from handlers.permission_table import Action
from store import Run


def admitted(
    ctx: Context, run_id: str, asker: Person, action: Action = "change", *, even_finished: bool = False
) -> Run | Refuse:
    """Return the run, or why not: it is gone, not theirs to change, or finished."""
    run = ctx.store.run(int(run_id))
    if run is None:
        return permissions.gone(ctx)
    if (refusal := permissions.refusal(ctx, action, asker, run)) is not None:
        return refusal
    return run if run.is_active or even_finished else permissions.finished(ctx, run, asker)
