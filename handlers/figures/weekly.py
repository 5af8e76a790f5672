"""When a playbook's weekly summary comes, and planning it."""

from datetime import UTC, datetime, timedelta

from handlers.figures.working_time import zone_of
from handlers.playbooks.metrics import DAYS
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.weekly import Weekly
from handlers.text.readers import zone
from store import Job, PlaybookRow, Store, about

HOUR = 9
"""The hour of the playbook's own clock at which the summary comes."""


def plan_weekly(store: Store, row: PlaybookRow, book: Playbook, now: datetime) -> None:
    """Have the next summary planned as the playbook wants it, and no other."""
    planned = store.planned("insights", row)
    due_at = next_summary(book, book.insights, now) if book.insights is not None else None
    # One that is due already, while nothing ran, still comes.
    if planned is not None and (due_at is None or (planned.due_at > now and planned.due_at != due_at)):
        store.cancel_jobs(now, "insights", row)
        planned = None
    if planned is None and due_at is not None:
        store.add(Job(kind="insights", subject=about(row), due_at=due_at))


def next_summary(book: Playbook, wanted: Weekly, now: datetime) -> datetime:
    """Return when (UTC) the next summary is to come."""
    local = now.astimezone(zone(zone_of(book)))
    today = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    ahead = (DAYS.index(wanted.day) - local.weekday()) % 7
    found = today + timedelta(days=ahead)
    return (found if found > local else found + timedelta(days=7)).astimezone(UTC)
