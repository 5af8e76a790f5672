"""Times as people write them: a length from now, an hour, a day, or a day with an hour, in their own zone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from handlers.text import durations

MORNING = time(9)
"""The hour that a day alone means."""
EVENING = time(17)
"""The hour that today alone means."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR = re.compile(r"(\d{1,2})(?::(\d{2}))?\s?(am|pm)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO = re.compile(r"(?<=\d)t(?=\d)")
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


class Unreadable(ValueError):
    """These words are no time."""


def parse(words: str, where: tzinfo, now: datetime) -> datetime:
    """Return the point in time (UTC) that `words` name for somebody in the zone `where`.

    An hour alone is the next time that the clock shows it, a weekday the next one; both are never over. A day alone
    means 9:00, today alone 17:00. Raises `Unreadable`, also for what is more than ten years away.
    """
    text = " ".join(words.casefold().replace(",", " ").split())
    try:
        if (hour := _hour(text)) is not None:
            return next(at for at in _on_days(_today(where, now), hour, where) if at > now)
        if (named := _day_and_hour(text, where, now)) is not None:
            return _near(named, now)
        return now + timedelta(seconds=durations.parse(text.removeprefix("in ")))
    except (ValueError, OverflowError):
        raise Unreadable(words) from None


def later(words: str, where: tzinfo, now: datetime) -> datetime | None:
    """Return the point in time to put something off to, such as `2h`, `for 2h` or `until 5pm`; None if it is none."""
    try:
        at = parse(re.sub(r"^(?:for|until|till)\s+", "", words.strip(), flags=re.IGNORECASE), where, now)
    except Unreadable:
        return None
    return at if at > now else None


def _day_and_hour(text: str, where: tzinfo, now: datetime) -> datetime | None:
    """Read a day, with its hour before or behind it."""
    parts = [part for part in _ISO.sub(" ", text).split() if part not in ("at", "on")]
    for length in (len(parts), len(parts) - 1, len(parts) - 2):
        for start in (0, len(parts) - length):
            rest = " ".join(parts[:start] + parts[start + length :])
            hour = _hour(rest) if rest else None
            if length > 0 and (hour is not None or not rest):
                at = _day(" ".join(parts[start : start + length]), hour, where, now)
                if at is not None:
                    return at
    return None


def _day(text: str, hour: time | None, where: tzinfo, now: datetime) -> datetime | None:
    today = _today(where, now)
    later = text.removeprefix("next ").removeprefix("this ")
    if _DATE.fullmatch(text):
        return _at(date.fromisoformat(text), hour or MORNING, where)
    if text in ("today", "tonight"):
        return _at(today, hour or EVENING, where)
    if text in ("tomorrow", "tmrw"):
        return _at(today + timedelta(days=1), hour or MORNING, where)
    if text == "next week":
        return _at(today + timedelta(days=7 - today.weekday()), hour or MORNING, where)
    if (weekday := _weekday(later)) is not None:
        first = today + timedelta(days=(weekday - today.weekday()) % 7 or 7 * text.startswith("next "))
        return next(at for at in _on_days(first, hour or MORNING, where, every=7) if at > now)
    return None


def _weekday(text: str) -> int | None:
    found = [at for at, name in enumerate(_WEEKDAYS) if len(text) > 2 and name.startswith(text)]
    return found[0] if found else {"mo": 0, "tu": 1, "we": 2, "weds": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}.get(text)


def _hour(text: str) -> time | None:
    """Read an hour of the day: 17:30, 5pm, 5:30 pm, noon."""
    text = text.removeprefix("at ")
    if text in _NAMED:
        return _NAMED[text]
    match = _HOUR.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _on_days(first: date, hour: time, where: tzinfo, every: int = 1) -> Iterator[datetime]:
    """Yield when the clock shows an hour on a day and on later ones; an hour that is set back comes twice."""
    for at in range(3):
        day = first + timedelta(days=at * every)
        yield _at(day, hour, where)
        yield _at(day, hour.replace(fold=1), where)


def _at(day: date, hour: time, where: tzinfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=where).astimezone(UTC)


def _today(where: tzinfo, now: datetime) -> date:
    return now.astimezone(where).date()


def _near(at: datetime, now: datetime) -> datetime:
    # A time at the end of the calendar cannot be told in every zone.
    if abs(at - now) > timedelta(seconds=durations.LONGEST):
        raise ValueError("too far away")
    return at
