"""When the next status update is due, as it is written before the text of one: `next=2h`, `next=17:30`, `next=none`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.events import CommandGiven
from handlers.text import durations, times
from handlers.text.arguments import first_part, is_none
from store import Run

SOONEST = timedelta(minutes=1)

# No text of an update begins like this by accident, as one might with "next 2h" or "in 2h".
_NEXT = "next="


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
    return Next(ctx.now + timedelta(seconds=seconds) if seconds else None, seconds)


def leading(event: CommandGiven, run: Run, words: str, ctx: Context) -> tuple[Next, str]:
    """Return when the next update is due, and the text. Raises `Refused` where nobody can read when."""
    if words[: len(_NEXT)].casefold() != _NEXT:
        return after(ctx, run.update_every), words
    rest = words[len(_NEXT) :]
    when, text = first_part(rest) if rest == rest.lstrip() else ("", rest)
    if is_none(when):
        return after(ctx, 0), text
    at = times.later(when, ctx.reader.zone, ctx.now)
    if at is None or at < ctx.now + SOONEST:
        raise ctx.refused("update", "next_unreadable", "next", words=when)
    # A length of time holds from then on, as in the dialog; after a point in time the run's own is taken up again.
    try:
        return after(ctx, durations.parse(when)), text
    except ValueError:
        return Next(at, run.update_every or round((at - ctx.now).total_seconds())), text
