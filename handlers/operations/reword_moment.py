"""Showing something that happened at another time or in other words; what was recorded stays as it was."""

from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.correct_facts import correct_facts
from handlers.operations.enter_moment import NOTE_LIMIT
from handlers.views.timeline import number_of
from store import Moment, Run


@dataclass(frozen=True, slots=True)
class Reworded:
    """An entry of the timeline by its number, as it is shown now and as it was recorded."""

    number: int
    moment_id: int
    at: datetime
    words: str
    recorded_at: datetime
    recorded: str


def reword_moment(
    ctx: Context, run: Run, moment: Moment, by: Person, *, at: datetime | None, words: str | None
) -> Doing[Reworded]:
    """Show an entry at a time (UTC) and in words of its own, None for what was recorded.

    Raises `Refused` where the time is still to come, and where the words are too long.
    """
    if at is not None and at > ctx.now:
        raise ctx.refused("retro", "event_to_come", "event", at=at)
    if words is not None and not 0 < len(words) <= NOTE_LIMIT:
        raise ctx.refused("timeline", "note_wrong", "note", limit=NOTE_LIMIT)
    moment.shown_at = at if at != moment.at else None
    moment.shown_words = words if words != moment.subject else None
    moment.shown_by = by.id if moment.is_reworded else None
    yield from correct_facts(ctx, run, "events", "people")
    shown = moment.subject if moment.shown_words is None else moment.shown_words
    return Reworded(number_of(ctx, run, moment), moment.id, moment.seen_at, shown, moment.at, moment.subject)
