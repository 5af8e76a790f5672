"""How the hours of a day are written: 17:30, 5pm, at 9, half past nine, noon, the end of the working day."""

import re
from collections.abc import Iterable
from datetime import time

from handlers.text.time_pieces import BY, CLOSE, PARTS, Clock, Form, Known, Midnight, Part, Pieces, Relative
from handlers.text.time_words import NUMBERS


def _twelve(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """5pm, 5:30 p.m."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if 1 <= hour <= 12:
        yield (Clock((time(hour % 12 + (12 if match["half"] == "p" else 0), minute),)),)


def _digital(match: re.Match[str], known: Known) -> Iterable[Pieces]:
    """17:30, 09:05, 17:00Z; without a zero the early hours are also a way to write the late ones."""
    clock = Clock(_faces(match["hour"], match["minute"]))
    yield (clock, *_glued(match, known))


def _dotted(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """17.30; in the first half of the day it may be something else, and a date up to 31.12."""
    is_date = 1 <= int(match["minute"]) <= 12
    is_clear = bool(match["at"]) or is_date or int(match["hour"]) > 12
    yield (Clock(_faces(match["hour"], match["minute"]), needs="" if is_clear else "day"),)


def _with_h(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """at 17h, tomorrow 17h30; alone the first is a length of time, and the second may be one."""
    if not (match["at"] or match["minute"]) and len(match["hour"]) < 2:
        return
    is_clear = bool(match["at"]) or (bool(match["minute"]) and int(match["hour"]) > 6)
    yield (Clock(_faces(match["hour"], match["minute"] or "00"), needs="" if is_clear else "day"),)


def _four_digits(match: re.Match[str], known: Known) -> Iterable[Pieces]:
    """0900, at 1730, 1730 hours; others look like years."""
    is_clear = bool(match["at"] or match["zone"] or match["hours"]) or match["hour"].startswith("0")
    if is_clear or not 1900 <= int(match["hour"] + match["minute"]) <= 2100:
        clock = Clock((time(int(match["hour"]), int(match["minute"])),), needs="" if is_clear else "day")
        yield (clock, *_glued(match, known))


def _spoken(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """at 9, nine o'clock; a number alone is one only next to a day that is no date."""
    is_clear = bool(match["at"] or match["clock"])
    yield (Clock(_faces(match["hour"], "00", spoken=True), spoken=True, needs="" if is_clear else "near"),)


def _past(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """half past five, quarter to six, ten past 9."""
    minute = {"half": 30, "quarter": 15}.get(match["minute"]) or _number(match["minute"])
    hour = _number(match["hour"])
    if 1 <= hour <= 12 and (minute < 30 or (minute == 30 and match["way"] == "past")):
        if match["way"] == "to":
            hour, minute = (hour - 2) % 12 + 1, 60 - minute
        yield (Clock(_faces(str(hour), str(minute), spoken=True), spoken=True),)


def _faces(hour: str, minute: str, *, spoken: bool = False) -> tuple[time, ...]:
    """Return the hours of the day that digits may mean; raises `ValueError` where there is no such hour."""
    number = _number(hour)
    early = time(number, int(minute))
    if spoken and not number:
        raise ValueError(hour)
    is_written_late = not 1 <= number <= 12 or hour.startswith("0")
    return (early,) if is_written_late else (early, early.replace(hour=(number + 12) % 24))


def _glued(match: re.Match[str], known: Known) -> Pieces:
    zone = known.zone(match["zone"]) if match["zone"] else None
    return (zone,) if zone is not None else ()


def _part(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    """in the morning, this afternoon, night."""
    hours, alone = PARTS[match["part"]]
    part = Part(hours, alone, is_near=(match["which"] or "").endswith(("the", "by")) and match["part"] != "night")
    yield (Relative(0), part) if (match["which"] or "").endswith("this") else (part,)


def _number(word: str) -> int:
    return NUMBERS.get(word) or int(word)


_AT = f"(?P<at>(?:{BY}|at|@) |@)?"
_HOUR = "(?P<hour>[0-9]{1,2})"
_MINUTE = "(?P<minute>[0-9]{2})"
_NUMBER = "[0-9]{1,2}|[a-z-]{1,20}"
_CLOSE = "eod|cob|eob|(?:close|end) of business|end of (?:the )?(?:(?:work(?:ing)?|business) ?)?day"

FORMS: tuple[Form, ...] = (
    (rf"{_AT}{_HOUR}(?:[:.]{_MINUTE})? ?(?P<half>[ap])\.? ?m", _twelve),
    (rf"{_AT}{_HOUR}:{_MINUTE}(?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?(?P<zone>z|\+[0-9]{{2}}:?[0-9]{{2}})?", _digital),
    (rf"{_AT}{_HOUR}\.{_MINUTE}", _dotted),
    (rf"{_AT}{_HOUR} ?h{_MINUTE}?", _with_h),
    (rf"{_AT}(?P<hour>[0-9]{{2}}){_MINUTE}(?P<zone>z)?(?P<hours> (?:hours|hrs))?", _four_digits),
    (rf"{_AT}(?P<hour>{_NUMBER})(?P<clock> o'?clock)?", _spoken),
    (rf"{_AT}(?:a )?(?P<minute>[a-z-]{{1,20}})(?: minutes)? (?P<way>past|to) (?P<hour>{_NUMBER})", _past),
    (rf"{_AT}(?P<minute>[0-9]{{1,2}})(?: minutes)? (?P<way>past) (?P<hour>{_NUMBER})", _past),
    (rf"{_AT}(?:12 )?(?:noon|midday)", lambda *_: [(Clock((time(12),)),)]),
    (rf"{_AT}(?:12 )?midnight", lambda *_: [(Midnight(),)]),
    (rf"{_AT}(?:the )?(?:{_CLOSE})", lambda *_: [(Clock((CLOSE,), of_today=True),)]),
    (rf"(?:(?P<which>at|(?:{BY} )?this|(?:in|by) the|by) )?(?P<part>{'|'.join(PARTS)})", _part),
)
"""The forms of hours and parts of the day, and what each may mean."""
