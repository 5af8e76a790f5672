"""Spans of time that figures are about: whole days by the clocks of a zone, how people write them, and their weeks."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

from handlers.text import durations
from handlers.text.numbers import number
from handlers.text.plain_forms import bare
from handlers.text.time_words import compared

DAY = timedelta(days=1)
_ZONES = timedelta(hours=14)
"""How far a zone's clocks may be from UTC."""
_EARLIEST = date(1990, 1, 1)
_LATEST = date(9000, 1, 1)
_ALL = ("all", "ever", "always")
_MONTH = re.compile(r"([12][0-9]{3})-([0-9]{2})")
_QUARTER = re.compile(r"([12][0-9]{3})[ -]?q([1-4])")
_YEAR = re.compile(r"[12][0-9]{3}")
_BETWEEN = re.compile(r" ?(?:\.\.\.?|\N{HORIZONTAL ELLIPSIS}|\N{EN DASH}) ?| (?:-|to|until) ")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both of them in it; without `first` all that were before, too."""

    first: date | None
    last: date

    def holds(self, at: datetime, where: tzinfo) -> bool:
        """Return whether a point in time is on one of its days by a zone's clocks."""
        day = at.astimezone(where).date()
        return day <= self.last and (self.first is None or self.first <= day)

    @property
    def days(self) -> int | None:
        """How many days it has; None where it has no beginning."""
        return (self.last - self.first).days + 1 if self.first is not None else None

    @property
    def before(self) -> Self | None:
        """Return the period of the same length just before; None where there is none."""
        if self.first is None or self.days is None or self.first - _EARLIEST < self.days * DAY:
            return None
        return type(self)(self.first - self.days * DAY, self.first - DAY)

    def bounds(self) -> tuple[datetime | None, datetime]:
        """Return from when (UTC) until when it is somewhere on earth; what is between is in it in some zone, or not."""
        begin = None if self.first is None else _midnight(self.first) - _ZONES
        return begin, _midnight(self.last) + DAY + _ZONES


def last_days(count: int, today: date) -> Period:
    """Return the last so many days, today among them."""
    return _from(today - min(count - 1, (today - _EARLIEST).days) * DAY, today)


def read_period(words: str, today: date) -> Period:
    """Return the period that words name on a day: `30d`, `12 weeks`, `2026-10`, `2026-q3`, `2026`, two days, or `all`.

    A length of time ends today. Raises `ValueError` where they name none.
    """
    text = " ".join(compared(bare(words)).split())
    if text in _ALL:
        return Period(None, today)
    if (found := _MONTH.fullmatch(text)) is not None:
        return _months(number(found[1]), number(found[2]), 1)
    if (found := _QUARTER.fullmatch(text)) is not None:
        return _months(number(found[1]), number(found[2]) * 3 - 2, 3)
    if _YEAR.fullmatch(text):
        return _months(number(text), 1, 12)
    first, *rest = _BETWEEN.split(text)
    if len(rest) == 1 and first and rest[0]:
        return _from(_day(first), today if rest[0] in ("now", "today") else _day(rest[0]))
    return _length(text, today)


def week_of(at: datetime, where: tzinfo) -> date:
    """Return the Monday of the week in which a point in time is by a zone's clocks."""
    day = at.astimezone(where).date()
    return day - day.weekday() * DAY


def weeks(first: date, last: date) -> Iterator[date]:
    """Yield the Mondays of all weeks from that of one day to that of another."""
    monday = first - first.weekday() * DAY
    while monday <= last:
        yield monday
        monday += 7 * DAY


def _length(text: str, today: date) -> Period:
    found = durations.span(text)
    if found.seconds:
        raise ValueError(text)
    months = today.year * 12 + today.month - 1 - found.months
    year, month = divmod(months, 12)
    if year < _EARLIEST.year or found.days > (today - _EARLIEST).days:
        return _from(_EARLIEST, today)
    begin = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])) - found.days * DAY
    return _from(max(begin + DAY, _EARLIEST), today)


def _months(year: int, month: int, count: int) -> Period:
    if not 1 <= month <= 12:
        raise ValueError(month)
    last = month + count - 1
    return _from(date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _from(first: date, last: date) -> Period:
    if last < first or first < _EARLIEST or last > _LATEST:
        raise ValueError(first)
    return Period(first, last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
