"""What a page is known by as it is now: an open one is told of changes that its reader may see."""

from handlers.context import Context
from handlers.events import Person
from handlers.rules.sight import viewer_of
from store.queries.visible import visible_to


def revision_for(ctx: Context, asker: Person, run_id: int) -> str:
    """Return a word that changes with a run that somebody looks at; for 0 with each run in progress that they may see.

    Raises `Unsure` as `viewer_of`.
    """
    if run_id:
        return ctx.store.revisions((run_id,)).get(run_id, "")
    return ctx.store.revision_of_all(visible_to(ctx.store, viewer_of(ctx, asker)))
