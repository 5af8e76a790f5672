"""How much time lies between two points in time: by the wall's clock, or of the working time that a playbook names."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from handlers.playbooks.metrics import DAYS, Working
from handlers.playbooks.playbook import Playbook
from handlers.text.readers import zone

LONGEST_COUNTED = timedelta(days=3660)
"""No run takes longer; a time that was set to another century is not counted day by day."""


def seconds(begin: datetime, end: datetime) -> int:
    """Return the whole seconds from one point in time to another; negative where the second one is earlier."""
    return int((end - begin).total_seconds())


def working_seconds(begin: datetime, end: datetime, working: Working, timezone: str = "") -> int:
    """Return the whole seconds of working time between two points in time, negative as `seconds`.

    Days and hours are those of the clocks in the working time's zone, else in `timezone`.
    """
    if end < begin:
        return -working_seconds(end, begin, working, timezone)
    end = min(end, begin + LONGEST_COUNTED)
    inside = timedelta()
    for first, last in _working(begin, end, working, timezone):
        inside += max(timedelta(), min(last, end) - max(first, begin))
    return int(inside.total_seconds())


def is_working(at: datetime, working: Working, timezone: str = "") -> bool:
    """Return whether a point in time lies in the working time."""
    return any(first <= at < last for first, last in _working(at, at, working, timezone))


def zone_of(book: Playbook) -> str:
    """Return the zone (IANA name) in which a playbook's working time and periods are counted; UTC where it has none."""
    return (book.working.zone if book.working is not None else "") or book.timezone or "UTC"


def _working(begin: datetime, end: datetime, working: Working, timezone: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans of working time (UTC) of all days from the one to the other."""
    where = zone(working.zone or timezone)
    day, last = begin.astimezone(where).date(), end.astimezone(where).date()
    while day <= last:
        if DAYS[day.weekday()] in working.days:
            for first, until in working.spans:
                yield _at(day, first, where), _at(day, until, where)
        day += timedelta(days=1)


def _at(day: date, clock: time | None, where: tzinfo) -> datetime:
    """Return when (UTC) a zone's clocks show a time on a day; None is the midnight after it."""
    local = datetime.combine(day, clock) if clock is not None else datetime.combine(day + timedelta(days=1), time())
    return local.replace(tzinfo=where).astimezone(UTC)
