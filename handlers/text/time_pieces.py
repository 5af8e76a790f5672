"""What the pieces of a time mean, such as `5pm`, `on friday` or `dec 1`; `time_forms` reads them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time
from typing import Literal

from handlers.text.durations import Span
from handlers.text.time_words import Names
from handlers.text.time_zones import Zone

MORNING, CLOSE, END = time(9), time(17), time(23, 59)
"""What a day means by itself, the end of the working day, and the end of today."""
PARTS = {
    "morning": ((1, 12), MORNING),
    "afternoon": ((12, 18), time(14)),
    "evening": ((17, 24), time(20)),
    "night": ((18, 24), time(20)),
}
"""The hours of a part of the day, and the one that it means by itself."""
BY = "(?:by|until|till|til)"
"""What may stand before any point in time, in a regular expression."""


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour of the day, early or late where it has two `faces`; `of_today` unless a day is named.

    A `spoken` hour on a day is in the morning from 7 to 11. What `needs` a day, or a word for one next to it, is a mere
    number without.
    """

    faces: tuple[time, ...]
    spoken: bool = False
    of_today: bool = False
    needs: Literal["", "day", "near"] = ""


@dataclass(frozen=True, slots=True)
class Midnight:
    """The end of today; of another day nobody knows whether its beginning or its end is meant."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: its hours, and the one that it means by itself; `is_near` if it is the next of its kind."""

    hours: tuple[int, int]
    alone: time
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Relative:
    """So many days from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday is 0; `which` is how it was called: this one, the next, or that of next week."""

    day: int
    which: Literal["", "this", "next", "week"] = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, or as much of one as was said."""

    day: int
    month: int = 0
    year: int = 0


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last day of this month."""


@dataclass(frozen=True, slots=True)
class Later:
    """A length of time, from now on or, with `from_day`, from the day that is named behind it."""

    span: Span
    from_day: bool = False


Day = Relative | Weekday | Dated | MonthEnd
Piece = Clock | Midnight | Part | Day | Later | Zone
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody's words may name: days and months in their language, and zones."""

    names: Names
    zone: Callable[[str], Zone | None]


Form = tuple[str, Callable[[re.Match[str], Known], Iterable[Pieces]]]
"""A regular expression for a whole piece, and what it may mean; where that raises `ValueError`, it means nothing."""
