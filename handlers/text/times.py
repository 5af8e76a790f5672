"""Times as people write them: a length from now, an hour, a day, or a day with an hour, in their own zone.

All ways to read a phrase are looked for. It is a time if these come to one and the same; it is never guessed.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from handlers.text import durations, time_zones
from handlers.text.quotes import MARKS
from handlers.text.readers import ENGLISH
from handlers.text.time_forms import meanings
from handlers.text.time_pieces import Known, Later, Pieces
from handlers.text.time_readings import MOST_PIECES, Moment, readings
from handlers.text.time_words import compared, names

MOST_WORDS = 14
"""How many words a time has at most, and how many of them a piece of it."""
_PIECE = 7

_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75"}
_ISO = re.compile(r"(?<=[0-9])t([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(?:([+-][0-9]{2}:?[0-9]{2})\b)?")
_CLOSING = f"{MARKS} !.:,;"


class Unreadable(ValueError):
    """These words are no time; `part` of them is what was not understood."""

    def __init__(self, words: str, part: str = "") -> None:
        super().__init__(words)
        self.part = part or words


class FarAway(Unreadable):
    """These words name a time that is more than ten years away."""


class Ambiguous(Unreadable):
    """These words may name several times (UTC), the `choices`."""

    def __init__(self, words: str, choices: list[datetime]) -> None:
        super().__init__(words)
        self.choices = choices


def parse(words: str, where: tzinfo, now: datetime, language: str = ENGLISH) -> datetime:
    """Return the point in time (UTC) that `words` name for somebody in the zone `where` who reads a language.

    An hour alone is the next time that the clock shows it, a weekday the next one; both are never over, anything else
    may be. Of an hour before seven written with one digit (3:00), the other half of the day may be meant. A day alone
    means 9:00, today alone 23:59. Raises `Unreadable`, which is `Ambiguous` where several times may be meant.
    """
    found = _Phrase(words, where, now, language).readings()
    if len(found) > 1 and max(found) > now:
        coming = sorted(at for at in found if at > now)
        raise Ambiguous(words, coming if len(coming) > 1 else sorted(found))
    at = max(found)
    # A time at the end of the calendar cannot be told in every zone.
    if abs(at - now) > timedelta(seconds=durations.LONGEST):
        raise FarAway(words)
    return at


def length(words: str) -> int:
    """Return the seconds of a length of time; 0 for all other times, and for months, which have no length."""
    pieces = meanings(_even(words), Known(names(ENGLISH), lambda _: None))
    spans = [piece.span for some in pieces for piece in some if isinstance(piece, Later)]
    return sum(one.days * 86400 + one.seconds for one in spans if not one.months)


class _Phrase:
    """Words taken apart in every way in which pieces of a time cover them."""

    def __init__(self, words: str, where: tzinfo, now: datetime, language: str) -> None:
        self._words, self._here = words, Moment(where, now)
        known = names(language)
        self._known = Known(known, lambda zone: time_zones.named(zone, where, now))
        self._parts = [word for word in _even(words).split() if word not in known.between]
        self._reached = 0

    def readings(self) -> set[datetime]:
        """Return all that the words may mean, at least one. Raises `Unreadable`."""
        if not 0 < len(self._parts) <= MOST_WORDS:
            raise Unreadable(self._words)
        try:
            found = {at for way in self._ways() for at in readings(way, self._here)}
        except OverflowError:
            raise FarAway(self._words) from None
        if not found:
            raise Unreadable(self._words, self._strange())
        return found

    def _ways(self, start: int = 0, before: Pieces = ()) -> Iterator[Pieces]:
        self._reached = max(self._reached, start)
        if start == len(self._parts):
            yield before
        for end in range(start + 1, min(start + _PIECE, len(self._parts)) + 1):
            for piece in meanings(" ".join(self._parts[start:end]), self._known):
                if len(before) + len(piece) <= MOST_PIECES:
                    yield from self._ways(end, (*before, *piece))

    def _strange(self) -> str:
        """Return the words from the first on that is no piece of a time; nothing where each is one."""
        return " ".join(self._parts[self._reached :])


def _even(words: str) -> str:
    text = compared(words)
    for sign, decimals in _FRACTIONS.items():
        text = re.sub(rf"(?<![0-9]){sign}", f"0{decimals}", text).replace(sign, decimals)
    text = _ISO.sub(lambda iso: f" {iso[1]} " + (f"utc{iso[2]}" if iso[2] else ""), text)
    return re.sub(r"[()]", " ", text).lstrip(f"{MARKS} ").rstrip(_CLOSING)
