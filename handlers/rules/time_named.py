"""Times that people name: read in their language and zone, or refused with the reason and with examples to come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from handlers.context import Context
from handlers.text import times
from handlers.text.readers import Reader
from handlers.text.time_leading import Endless


def time_named(ctx: Context, words: str, by: Reader) -> datetime:
    """Return the point in time to come (UTC) that somebody names. Raises `Refused`."""
    if not words:
        raise ctx.to(by).refused("when", "when")
    with refusing(ctx, words, by):
        at = times.parse(words, by.zone, ctx.now, by.language)
    return to_come(ctx, words, at, by)


def to_come(ctx: Context, words: str, at: datetime, by: Reader) -> datetime:
    """Return a time that words named. Raises `Refused` where it is over."""
    if at <= ctx.now:
        raise ctx.to(by).refused("when", "over", "when", words=words, at=at)
    return at


@contextmanager
def refusing(ctx: Context, words: str, by: Reader) -> Iterator[None]:
    """Turn what cannot be read as a time into a refusal that says why."""
    ctx = ctx.to(by)
    try:
        yield
    except times.Ambiguous as found:
        raise ctx.refused("when", "several", "when", words=words, choices=found.choices) from None
    except times.FarAway:
        raise ctx.refused("when", "far", "when", words=words) from None
    except Endless:
        raise ctx.refused("when", "endless", "when", words=words) from None
    except times.Unreadable as found:
        raise ctx.refused("when", "unreadable", "when", words=found.part) from None
