"""When it is looked next whether anybody still looks after a playbook."""

from datetime import datetime, timedelta

from handlers.context import Context
from handlers.rules import jobs
from store import PlaybookRow

EVERY = timedelta(days=1)
"""Of an account that is deactivated nobody tells the bot at once."""


def watch_admins(ctx: Context, row: PlaybookRow, at: datetime | None = None) -> None:
    """Have it looked at once a day, or `at` a time before that."""
    due_at = at or ctx.now + EVERY
    planned = ctx.store.planned("admins", row)
    if planned is not None and planned.due_at > due_at:
        ctx.store.cancel_jobs(ctx.now, "admins", row)
        planned = None
    if planned is None:
        jobs.plan(ctx, "admins", row, due_at)
