"""Whose time zone a message is written in: the owner's where many read it, the asker's where one does."""

from datetime import tzinfo

from handlers.context import Context
from handlers.words import zone
from store import Run


def run_zone(ctx: Context, run: Run) -> tzinfo:
    """Return the zone of a run's shared messages."""
    owner = ctx.store.person(run.owner_id)
    return zone(owner.timezone if owner else "")
