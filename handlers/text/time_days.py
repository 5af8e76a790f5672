"""How days are written: today, next friday, the 20th, dec 1, 2026-12-01, the end of the month."""

import re
from collections.abc import Iterable
from typing import Literal

from handlers.text.time_pieces import (
    BY,
    CLOSE,
    END,
    PARTS,
    Clock,
    Dated,
    Form,
    Known,
    MonthEnd,
    Part,
    Pieces,
    Relative,
    Weekday,
)
from handlers.text.time_words import ORDINALS

_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "day after tomorrow": 2}
_CALLED: dict[str, Literal["this", "next"]] = {"this": "this", "next": "next"}


def _weekday(match: re.Match[str], known: Known) -> Iterable[Pieces]:
    for day in known.names.weekdays.get(match["name"], ()):
        yield (Weekday(day, "week" if match["week"] else _CALLED.get(match["which"], "")),)


def _month_and_day(match: re.Match[str], known: Known) -> Iterable[Pieces]:
    day = ORDINALS.get(match["day"]) or int(re.sub(r"\D", "", match["day"]) or 0)
    for month in known.names.months.get(match["month"], ()):
        yield (Dated(day, month, int(match["year"] or 0)),)


def _numbers(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """1/2/2026, where one number is the day and the other the month; 24/7 is said of what never ends."""
    one, other, year = int(match["one"]), int(match["other"]), int(match["year"] or 0)
    if year or (one, other) != (24, 7):
        year += 2000 * (0 < year < 100)
        yield from {(Dated(day, month, year),) for day, month in ((one, other), (other, one)) if month <= 12}


def _in_order(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    yield (Dated(int(match["day"]), int(match["month"]), int(match["year"] or 0)),)


def _day_of_month(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    yield (Dated(int(match["day"])),)


def _end(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """The end of a week or month: when work ends on its last day, or when the day does."""
    if (match["of"] or match["short"]) in ("week", "w"):
        return [(Weekday(4, "this"), Clock((CLOSE,))), (Weekday(6, "this"), Clock((END,)))]
    return [(MonthEnd(), Clock((hour,))) for hour in (CLOSE, END)]


_ON = f"(?:(?:{BY}|on|for) )?"
_NAME = r"[^\W\d_]{2,20}"
_DAY = rf"(?P<day>[0-9]{{1,2}}(?:st|nd|rd|th)?|{'|'.join(ORDINALS)})"
_WHICH = "(?:(?P<which>this|next|(?:the |this )?coming) )?"

FORMS: tuple[Form, ...] = (
    (rf"{_ON}tonight", lambda *_: [(Relative(0), Part(*PARTS["night"]))]),
    (rf"{_ON}(?:the )?(?P<day>{'|'.join(_DAYS)})", lambda match, _: [(Relative(_DAYS[match["day"]]),)]),
    (rf"{_ON}{_WHICH}(?P<name>{_NAME})(?P<week> (?:of )?next week)?", _weekday),
    (rf"{_ON}(?P<week>next week) (?:on )?(?P<which>)(?P<name>{_NAME})", _weekday),
    (rf"{_ON}next week", lambda *_: [(Weekday(0, "week"),)]),
    (rf"{_ON}(?:the )?{_DAY}(?: of)?[ -]?(?P<month>{_NAME})(?:[ -](?P<year>20[0-9]{{2}}))?", _month_and_day),
    (rf"{_ON}(?P<month>{_NAME})[ -]?(?:the )?{_DAY}(?:[ -](?P<year>20[0-9]{{2}}))?", _month_and_day),
    (rf"{_ON}(?P<year>[0-9]{{4}})([-/.])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}})", _in_order),
    (rf"{_ON}(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}})", _in_order),
    (rf"{_ON}(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{2}})(?P<year>)", _in_order),
    (rf"{_ON}(?P<one>[0-9]{{1,2}})([-/])(?P<other>[0-9]{{1,2}})\2(?P<year>[0-9]{{4}}|[0-9]{{2}})", _numbers),
    (rf"{_ON}(?P<one>[0-9]{{1,2}})/(?P<other>[0-9]{{1,2}})(?P<year>)", _numbers),
    (rf"{_ON}(?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)", _day_of_month),
    (rf"(?:(?:{BY}|at|on) )?(?:(?:the )?end of (?:the |this )?(?P<of>week|month)|eo(?P<short>[wm]))", _end),
)
"""The forms of days, and what each may mean."""
