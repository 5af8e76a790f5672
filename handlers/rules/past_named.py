"""Times that are over, as people name them: read in their language and zone, or refused with examples of such times."""

from datetime import datetime

from handlers.context import Context
from handlers.text import times
from handlers.text.times_past import parse_past


def past_named(ctx: Context, words: str) -> datetime:
    """Return the point in time (UTC) that who asks names, whenever it is. Raises `Refused`."""
    if not words.strip():
        raise ctx.refused("time", "when")
    try:
        return parse_past(words, ctx.reader.zone, ctx.now, ctx.reader.language)
    except times.Ambiguous as found:
        raise ctx.refused("time", "choices", "when", words=words, choices=found.choices) from None
    except times.Unreadable as found:
        raise ctx.refused("time", "unreadable", "when", words=found.part) from None
