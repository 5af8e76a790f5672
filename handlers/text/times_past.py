"""Times that are over, as people write them: an hour is the last time that the clock showed it, a weekday the last one.

All else means what it means in `times`.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from handlers.text import durations, times
from handlers.text.plain_forms import bare
from handlers.text.readers import ENGLISH
from handlers.text.time_words import compared

_NOW = frozenset({"now", "just now", "right now"})
_AGO = " ago"
_ROUNDS = (timedelta(days=1), timedelta(days=7))
"""After how long the clock shows an hour again, and the calendar a weekday."""


def parse_past(words: str, where: tzinfo, now: datetime, language: str = ENGLISH) -> datetime:
    """Return the point in time (UTC) that `words` name; one to come only where they can mean no other.

    Raises `times.Unreadable`, which is `times.Ambiguous` where several times may be meant.
    """
    text = " ".join(compared(bare(words)).split())
    if text in _NOW:
        return now
    if text.endswith(_AGO):
        return _ago(words, text.removesuffix(_AGO), where, now)
    try:
        at = times.parse(words, where, now, language)
    except times.Ambiguous as found:
        choices = {_last(words, one, where, now, language) for one in found.choices}
        if len(choices) > 1:
            raise times.Ambiguous(words, sorted(choices)) from None
        return choices.pop()
    return _last(words, at, where, now, language)


def _ago(words: str, text: str, where: tzinfo, now: datetime) -> datetime:
    try:
        span = durations.span(text)
    except ValueError:
        raise times.Unreadable(words) from None
    back = durations.Span(-span.months, -span.days, -span.seconds)
    try:
        return back.after(now, where)
    except (OverflowError, ValueError):
        raise times.FarAway(words) from None


def _last(words: str, at: datetime, where: tzinfo, now: datetime, language: str) -> datetime:
    """Return the last time that words could mean which name one to come, if that comes again and again."""
    if at <= now:
        return at
    try:
        following = times.parse(words, where, at + timedelta(minutes=1), language)
        if _local(following, where) == _local(at, where):
            # On the day on which clocks are set back the same hour comes twice.
            following = times.parse(words, where, following + timedelta(minutes=1), language)
        before = times.parse(words, where, at - timedelta(minutes=1), language)
    except times.Ambiguous:
        following, before = at + _ROUNDS[0], at
    except times.Unreadable:
        return at
    for after in _ROUNDS:
        # A day that is named by today, such as tomorrow, moves with it.
        if before == at and _local(at, where) + after == _local(following, where):
            return (_local(at, where) - after).replace(tzinfo=where).astimezone(UTC)
    return at


def _local(at: datetime, where: tzinfo) -> datetime:
    return at.astimezone(where).replace(tzinfo=None)
