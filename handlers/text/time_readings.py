"""What pieces of a time mean together to somebody at a moment: the points in time, several where people may differ."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import TypeVar

from handlers.text.time_dates import Options, dates_of
from handlers.text.time_pieces import (
    END,
    MORNING,
    Clock,
    Dated,
    Day,
    Later,
    Midnight,
    MonthEnd,
    Part,
    Piece,
    Relative,
    Weekday,
)
from handlers.text.time_zones import Zone, own

MOST_PIECES = 6
"""A weekday with a date, an hour, a part of the day, a zone and a length of time."""
_FIRST_CLEAR = 7
"""From this hour on up to noon, a mere number on a day is in the morning."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moment:
    """Who reads when: the zone of their clock, and the present time (UTC)."""

    where: tzinfo
    now: datetime


@dataclass(frozen=True, slots=True)
class Phrase:
    """Pieces that make sense together."""

    days: tuple[Day, ...] = ()
    clock: Clock | Midnight | None = None
    part: Part | None = None
    zone: Zone | None = None
    later: Later | None = None


def readings(pieces: tuple[Piece, ...], here: Moment) -> set[datetime]:
    """Return all points in time (UTC) that pieces may mean together; none where they make no sense so."""
    phrase = _composed(pieces)
    if phrase is None:
        return set()
    if phrase.later is not None and not (phrase.days or phrase.clock or phrase.part):
        return {phrase.later.span.after(here.now, here.where)} if not phrase.later.from_day else set()
    zone = phrase.zone or own(here.where)
    # Whoever names a zone in which it is another day already may mean either day.
    todays = {here.now.astimezone(where).date() for where in (here.where, *zone.where)}
    return {
        at
        for today in todays
        for options in _days(phrase, today, here)
        for at in _times(phrase, options, zone, today, here)
    }


def _composed(pieces: tuple[Piece, ...]) -> Phrase | None:
    """Return the phrase that pieces make: one of each kind at most, but a weekday may go with a date."""
    days = tuple(one for one in pieces if isinstance(one, Relative | Weekday | Dated | MonthEnd))
    clocks = [one for one in pieces if isinstance(one, Clock | Midnight)]
    parts = [one for one in pieces if isinstance(one, Part)]
    zones = [one for one in pieces if isinstance(one, Zone)]
    spans = [one for one in pieces if isinstance(one, Later)]
    if len(days) > 2 or any(len(some) > 1 for some in (clocks, parts, zones, spans)):
        return None
    phrase = Phrase(days, _only(clocks), _only(parts), _only(zones), _only(spans))
    return phrase if _makes_sense(phrase, pieces) else None


def _only(some: Sequence[T]) -> T | None:
    return some[0] if some else None


def _makes_sense(phrase: Phrase, pieces: tuple[Piece, ...]) -> bool:
    days, clock, part, later = phrase.days, phrase.clock, phrase.part, phrase.later
    called = [day.which for day in days if isinstance(day, Weekday)]
    if len(days) == 2 and called not in ([""], ["this"], ["next"]):
        return False
    if later is not None and (bool(days) != later.from_day or (later.span.seconds and (days or clock or part))):
        return False
    if later is not None and days == (Relative(0),):
        # "From today" is "from now": at the same hour.
        return False
    if (phrase.zone and not clock) or (part and not (days or clock or later or part.is_near)):
        return False
    match clock.needs if isinstance(clock, Clock) else "":
        case "day":
            return bool(days or part or phrase.zone)
        case "near":
            return part is not None or any(
                isinstance(one, Relative) and other == clock for one, other in pairwise(pieces)
            )
    return True


def _days(phrase: Phrase, today: date, here: Moment) -> Iterator[Options]:
    """Yield the days that a phrase may mean; where it names none, those on which its hour comes next."""
    later = phrase.later
    if not phrase.days:
        coming = tuple(today + timedelta(days=ahead) for ahead in range(3))
        if later is not None:
            coming = (later.span.after(here.now, here.where).date(),)
        elif _is_of_today(phrase):
            coming = (today,)
        yield coming
        return
    weekdays = [day for day in phrase.days if isinstance(day, Weekday)]
    others = [day for day in phrase.days if not isinstance(day, Weekday)]
    named = [options for day in (others or weekdays) for options in dates_of(day, today)]
    if others and weekdays:
        named = [options for options in named if options[0].weekday() == weekdays[0].day]
    if later is not None:
        named = [(_shifted(day, later),) for options in named for day in (options if today in options else options[:1])]
    yield from named


def _is_of_today(phrase: Phrase) -> bool:
    """Return whether a phrase without a day means today; "in the morning" is said of the next one."""
    if isinstance(phrase.clock, Clock):
        return phrase.clock.of_today
    return phrase.clock is None and phrase.part is not None and phrase.part.alone != MORNING


def _shifted(day: date, later: Later) -> date:
    begin = datetime.combine(day, time(), tzinfo=UTC)
    return later.span.after(begin, UTC).date()


def _times(phrase: Phrase, options: Options, zone: Zone, today: date, here: Moment) -> Iterable[datetime]:
    """Return all that the hour of a phrase may mean on days of which the first counts that is not over."""

    def at(hour: time, options: Options = options) -> list[datetime]:
        return _first(options, hour, zone, here.now)

    if isinstance(phrase.clock, Midnight):
        following = tuple(day + timedelta(days=1) for day in options)
        return at(time(), following) + (at(time()) if phrase.days != (Relative(0),) and phrase.days else [])
    hours = _hours(phrase, options, today)
    if len(hours) < 2:
        return [one for hour in hours for one in at(hour)]
    early, late = (at(hour) for hour in hours)
    if not phrase.days and phrase.later is None:
        # A clock of 24 hours shows the early one; whoever thinks of 12 means the one that comes first.
        is_to_come = hours[0].hour >= _FIRST_CLEAR or max(early).astimezone(here.where).date() == today
        return {*early, *min(early, late), *([] if is_to_come else late)}
    coming = [points for points in (early, late) if max(points) > here.now] or [early]
    is_clear = isinstance(phrase.clock, Clock) and phrase.clock.spoken and hours[0].hour >= _FIRST_CLEAR
    return coming[0] if is_clear else {one for points in coming for one in points}


def _hours(phrase: Phrase, options: Options, today: date) -> list[time]:
    """Return the hours that a phrase may name; where it names none, what its day means by itself."""
    part = phrase.part
    if isinstance(phrase.clock, Clock):
        faces = phrase.clock.faces
        if part is not None:
            return [hour for hour in faces if part.hours[0] <= hour.hour < part.hours[1]]
        return list(faces if phrase.clock.spoken or faces[0].hour < _FIRST_CLEAR else faces[:1])
    if part is not None:
        return [part.alone]
    is_today = options == (today,) and phrase.later is None
    return [END if is_today else MORNING]


def _first(options: Options, hour: time, zone: Zone, now: datetime) -> list[datetime]:
    """Return when the clocks of a zone show an hour on the first day on which that is not over."""
    every = [list(zone.at(datetime.combine(day, hour))) for day in options]
    # What the zone's name may mean is the same on all these days, unless the clocks are changed in between.
    ways = [[some[min(way, len(some) - 1)] for some in every] for way in range(max(map(len, every)))]
    return [next((at for folds in way for at in folds if at > now), way[0][0]) for way in ways]
