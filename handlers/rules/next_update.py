"""When the next status update is due, as it is written before the text of one: `next=2h`, `next=17:30`, `next=none`."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import CommandGiven
from handlers.rules.time_named import refusing, time_named, to_come
from handlers.text import times
from handlers.text.arguments import first_part, first_word, is_none
from handlers.text.durations import Span
from handlers.text.plain_forms import aligned
from handlers.text.quotes import is_opening, quoted
from handlers.text.time_leading import Leading
from handlers.text.time_leading import leading as leading_time
from handlers.text.words import Safe
from store import Run

SOONEST = timedelta(minutes=1)

# No text of an update begins like this by accident, as one might with "next 2h" or "in 2h".
_NEXT = re.compile(r"next\s*=\s*|--?next(?:\s*=\s*|\s+)", re.IGNORECASE)
# Words for none with which a text may begin, too: "no more updates", "never again", "none of them".
_GOING_ON = re.compile(r"(?i:no one|no(?!\s+one\b)|no-one|noone|nothing|nobody|never|clear)\s+(?=[a-z])|(?i:none of)\b")


@dataclass(frozen=True, slots=True)
class Next:
    """The next update is due at a time or not at all, and then every so many seconds."""

    due_at: datetime | None
    every: int

    def seconds(self, now: datetime) -> int:
        """Return how long it takes until then, 0 for never."""
        return round((self.due_at - now).total_seconds()) if self.due_at is not None else 0


def after(ctx: Context, seconds: int) -> Next:
    """Return that the next update is due after so many seconds, and each after it; 0 for none."""
    return Next(Span.of(seconds).after(ctx.now, ctx.reader.zone) if seconds else None, seconds)


def leading(event: CommandGiven, run: Run, words: str, ctx: Context) -> tuple[Next, str]:
    """Return when the next update is due, and the text. Raises `Refused` where nobody can read when."""
    begin = _NEXT.match(aligned(words))
    if begin is None:
        return after(ctx, run.update_every), words
    rest = words[begin.end() :]
    if _GOING_ON.match(rest):
        raise _nothing(ctx, ctx.refused("when", "endless", "when", words=rest).refusal.text)
    first, text = first_part(rest)
    second, behind = first_word(text)
    if is_none(f"{first} {second}"):
        return after(ctx, 0), behind
    if is_none(first):
        return after(ctx, 0), text
    try:
        is_marked = quoted(rest) is not None or is_opening(rest)
        found = _in_marks(ctx, first, text) if is_marked or not rest else _before_text(ctx, rest)
    except Refused as refused:
        raise _nothing(ctx, refused.refusal.text) from None
    # A length of time holds from then on, as in the dialog; after a point in time the run's own is taken up again.
    seconds = times.length(found.words)
    every = seconds or run.update_every or round((found.at - ctx.now).total_seconds())
    return Next(found.at, every), found.rest


def _in_marks(ctx: Context, words: str, text: str) -> Leading:
    return Leading(_due(ctx, words, time_named(ctx, words, ctx.reader)), words, text)


def _before_text(ctx: Context, words: str) -> Leading:
    with refusing(ctx, words, ctx.reader):
        found = leading_time(words, ctx.reader.zone, ctx.now, ctx.reader.language)
    _due(ctx, found.words, to_come(ctx, found.words, found.at, ctx.reader))
    return found


def _due(ctx: Context, words: str, at: datetime) -> datetime:
    if at < ctx.now + SOONEST:
        raise ctx.refused("update", "next_too_soon", "next", words=words)
    return at


def _nothing(ctx: Context, why: str) -> Refused:
    return ctx.refused("update", "next_nothing", "next", why=Safe(why))
