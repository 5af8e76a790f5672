"""Whose time zone a message is written in: the owner's where many read it, the asker's where one does."""

from datetime import datetime, tzinfo

from handlers.context import Context
from handlers.text.words import zone
from store import Run


def run_zone(ctx: Context, run: Run) -> tzinfo:
    """Return the zone of a run's shared messages."""
    owner = ctx.store.person(run.owner_id)
    return zone(owner.timezone if owner else "")


def day_begin(now: datetime, zone: tzinfo) -> datetime:
    """Return when the day of a time began in a zone."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
