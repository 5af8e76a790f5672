"""Lengths of time as people write them ("1h 30m", "an hour and a half"); how they are told is in `sentences`."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

from handlers.text.sentences import say
from handlers.text.time_words import NUMBERS, compared

LONGEST = 3650 * 86400
_MOST_MONTHS = 1200

_SECOND, _MINUTE, _HOUR, _DAY, _WEEK, _MONTH, _YEAR = range(7)
_UNITS = {
    _SECOND: "s sec secs second seconds",
    _MINUTE: "m min mins minute minutes",
    _HOUR: "h hr hrs hour hours",
    _DAY: "d day days",
    _WEEK: "w wk wks week weeks",
    _MONTH: "mo mos mth mths month months",
    _YEAR: "y yr yrs year years",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_SECONDS = {_SECOND: 1, _MINUTE: 60, _HOUR: 3600}
_PARTS = {
    **dict.fromkeys(("half a", "half an", "half", "a half"), Fraction(1, 2)),
    **dict.fromkeys(("quarter of an", "a quarter of an"), Fraction(1, 4)),
    "three quarters of an": Fraction(3, 4),
}
_COUNTS: dict[str, int | Fraction] = {**_PARTS, "a": 1, "an": 1, "another": 1, **NUMBERS}
_SPOKEN = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))

_WORDS = "|".join(sorted(_COUNTS, key=len, reverse=True))
_PART = re.compile(
    rf"(?:and )?(?:(?P<digits>(?!0[0-9]{{3}})[0-9]{{1,9}})(?:[.,](?P<decimals>[0-9]{{1,2}}))? ?|(?P<words>{_WORDS}) )"
    r"(?P<and>and a (?:half|quarter) )?(?P<unit>[a-z]+)(?P<more> and a (?:half|quarter))?(?![a-z]) ?"
)
_BARE_MINUTES = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: months and days keep the hour of the clock, seconds are time that passes."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def of(cls, seconds: int) -> "Span":
        """Return as many whole days as there are in so many seconds, and the rest of them."""
        return cls(days=seconds // 86400, seconds=seconds % 86400)

    def after(self, now: datetime, where: tzinfo) -> datetime:
        """Return the point in time (UTC) that is so much later by a zone's clocks, or raise `OverflowError`."""
        if not self.months and not self.days:
            return now + timedelta(seconds=self.seconds)
        if self.months > _MOST_MONTHS:
            raise OverflowError(self.months)
        local = now.astimezone(where)
        months = local.month - 1 + self.months
        year, month = local.year + months // 12, months % 12 + 1
        local = local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
        return (local + timedelta(days=self.days)).astimezone(UTC) + timedelta(seconds=self.seconds)


def span(text: str) -> Span:
    """Return the length of time that `text` stands for, in small letters; raises `ValueError` where it is none."""
    at, used, total = 0, set[int](), Span()
    while part := _PART.match(text, at):
        unit = _UNIT.get(part["unit"])
        # "In a second" is said of what comes soon.
        if unit is None or unit in used or (part["words"] and unit == _SECOND):
            break
        used.add(unit)
        total, at = _sum(total, _amount(part), unit), part.end()
        if unit == _HOUR and _BARE_MINUTES.fullmatch(text, at) and int(text[at:]) < 60:
            return _sum(total, Fraction(int(text[at:])), _MINUTE)
    if at != len(text) or total == Span():
        raise ValueError(text)
    return total


def parse(text: str) -> int:
    """Return the seconds that `text` stands for; raises `ValueError` that says what is allowed."""
    try:
        found = span(" ".join(compared(text).split()))
    except ValueError:
        raise ValueError(say("mistakes")["duration"]) from None
    seconds = found.days * 86400 + found.seconds
    if found.months:
        raise ValueError(say("mistakes")["duration"])
    if not 0 < seconds <= LONGEST:
        raise ValueError(say("mistakes")["duration_range"])
    return seconds


def written(seconds: int) -> str:
    """Return a length of time as `parse` reads it, and as files and the command line show it."""
    parts: list[str] = []
    for size, unit in _SPOKEN:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def _amount(part: re.Match[str]) -> Fraction:
    """Return how many of a unit are meant, such as 2.5, "half an" or "two and a half"."""
    if part["digits"]:
        amount = Fraction(f"{part['digits']}.{part['decimals'] or 0}")
    else:
        amount = Fraction(_COUNTS[part["words"]])
    for more in filter(None, (part["and"], part["more"])):
        amount += Fraction(1, 2 if "half" in more else 4)
    return amount


def _sum(total: Span, amount: Fraction, unit: int) -> Span:
    """Add so much of a unit; raises `ValueError` where a part of it would mean different things to people."""
    if unit in _SECONDS:
        return Span(total.months, total.days, total.seconds + round(amount * _SECONDS[unit]))
    whole, rest = divmod(amount, 1)
    if rest and (unit != _DAY or not whole):
        raise ValueError(unit)
    if unit in (_MONTH, _YEAR):
        return Span(total.months + whole * (12 if unit == _YEAR else 1), total.days, total.seconds)
    days = whole * (7 if unit == _WEEK else 1)
    return Span(total.months, total.days + days, total.seconds + round(rest * 86400))
