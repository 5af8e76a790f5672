"""Which dates the name of a day may mean, seen from today."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import assert_never

from handlers.text.sentences import COMING
from handlers.text.time_pieces import Dated, Day, MonthEnd, Relative, Weekday

Options = tuple[date, ...]
"""Days of which the first counts that is not over."""


def dates_of(day: Day, today: date) -> Iterator[Options]:
    """Yield the days that a name may mean, as far as there are such days."""
    match day:
        case Relative(days):
            yield (today + timedelta(days=days),)
        case MonthEnd():
            yield (today.replace(day=monthrange(today.year, today.month)[1]),)
        case Weekday():
            yield from _named(day, today)
        case Dated():
            yield from _dated(day, today)
        case _:
            assert_never(day)


def _named(weekday: Weekday, today: date) -> Iterable[Options]:
    coming = today + timedelta(days=(weekday.day - today.weekday()) % 7)
    if weekday.which == "this":
        return [(coming,)]
    if not weekday.which:
        return [(coming, coming + timedelta(days=7))]
    # Weeks begin on Monday for some and on Sunday for others; and some mean by "next Friday" the first that comes.
    monday = today + timedelta(days=7 - today.weekday() + weekday.day)
    sunday = today + timedelta(days=7 - (today.weekday() + 1) % 7 + (weekday.day + 1) % 7)
    first = {today + timedelta(days=(weekday.day - today.weekday() - 1) % 7 + 1)} if weekday.which == "next" else set()
    return [(day,) for day in sorted({monday, sunday} | first)]


def _dated(one: Dated, today: date) -> Iterable[Options]:
    if one.year:
        days = _existing([(one.year, one.month)], one.day)
    elif one.month:
        every = _existing([(today.year + ahead, one.month) for ahead in range(-8, 9)], one.day)
        coming = [day for day in every if day >= today][:1]
        days = [day for day in coming if day - today < COMING] or [day for day in every if day < today][-1:]
    else:
        months = [divmod(today.year * 12 + today.month - 1 + ahead, 12) for ahead in range(3)]
        days = [day for day in _existing([(year, at + 1) for year, at in months], one.day) if day >= today][:1]
    return [(day,) for day in days]


def _existing(months: Iterable[tuple[int, int]], day: int) -> list[date]:
    """Return the dates of a day in some months, as far as these have so many days."""
    return [
        date(year, month, day)
        for year, month in months
        if 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    ]
