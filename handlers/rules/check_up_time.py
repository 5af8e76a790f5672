"""When it is looked at a playbook next whether something is not right with it any more."""

from datetime import UTC, datetime, timedelta

from handlers.playbooks.playbook import Playbook
from handlers.text.readers import zone
from store import Job, PlaybookRow, Store, about

HOUR = 9
"""The hour of the playbook's own clock, on Mondays."""


def plan_check_up(store: Store, row: PlaybookRow, book: Playbook, now: datetime) -> None:
    """Have the next look planned, unless it is."""
    if store.planned("check_up", row) is None:
        store.add(Job(kind="check_up", subject=about(row), due_at=next_check_up(book, now)))


def next_check_up(book: Playbook, now: datetime) -> datetime:
    """Return when (UTC) that is."""
    local = now.astimezone(zone(book.timezone))
    monday = local.replace(hour=HOUR, minute=0, second=0, microsecond=0) + timedelta(days=-local.weekday() % 7)
    return (monday if monday > local else monday + timedelta(days=7)).astimezone(UTC)
