"""Times as people write them: a length from now, an hour of the day, or a date with an hour, in their own zone."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from handlers import durations

_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]+([01]?\d|2[0-3]):([0-5]\d))?")


class Unreadable(ValueError):
    """These words are no time."""


def parse(words: str, where: tzinfo, now: datetime) -> datetime:
    """Return the point in time (UTC) that `words` name for somebody in the zone `where`.

    An hour alone is the next time the clock shows it, a date alone means 9:00. Raises `Unreadable`, also for what is
    more than ten years away.
    """
    text = " ".join(words.split()).removeprefix("in ")
    local = now.astimezone(where)
    try:
        if hour := _HOUR.fullmatch(text):
            at = local.replace(hour=int(hour[1]), minute=int(hour[2]), second=0, microsecond=0)
            return (at if at > local else at + timedelta(days=1)).astimezone(UTC)
        if date := _DATE.fullmatch(text):
            day = datetime.fromisoformat(date[1])
            at = day.replace(hour=int(date[2] or 9), minute=int(date[3] or 0), tzinfo=where)
            return _near(at.astimezone(UTC), now)
        return now + timedelta(seconds=durations.parse(text))
    except (ValueError, OverflowError):
        raise Unreadable(words) from None


def _near(at: datetime, now: datetime) -> datetime:
    # A time at the end of the calendar cannot be told in every zone.
    if abs(at - now) > timedelta(seconds=durations.LONGEST):
        raise ValueError("too far away")
    return at
