"""Entering something into a run's timeline, taking entries out of it and putting them back; whoever asks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from handlers.context import Context
from handlers.events import Person
from handlers.text.words import shorten
from handlers.views.timeline import number_of
from store import Moment, MomentKind, Run

NOTE_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an entry of a run's timeline, and its number there."""

    what: Literal["noted", "pinned", "removed", "restored"]
    number: int
    moment_id: int


def note_moment(ctx: Context, run: Run, text: str, by: Person) -> Entered:
    """Enter a note. Raises `Refused` where it is empty or too long."""
    if not 0 < len(text) <= NOTE_LIMIT:
        raise ctx.refused("timeline", "note_wrong", "note", limit=NOTE_LIMIT)
    moment = enter(ctx, run, "note", by.id, text)
    return Entered("noted", number_of(ctx, run, moment), moment.id)


def pin_message(
    ctx: Context, run: Run, post_id: str, text: str, author_id: str, said_at: datetime | None, by: Person
) -> Entered | None:
    """Enter a message under its author's name and at its time; None where it is entered already."""
    kept = (one for one in ctx.store.moments(run.id) if one.removed_at is None)
    if any(one.kind == "pinned" and one.post_id == post_id for one in kept):
        return None
    moment = enter(ctx, run, "pinned", author_id or by.id, shorten(text, NOTE_LIMIT), by=by.id)
    moment.at, moment.post_id = min(said_at or ctx.now, ctx.now), post_id
    return Entered("pinned", number_of(ctx, run, moment), moment.id)


def remove_moment(ctx: Context, run: Run, moment: Moment) -> Entered:
    """Take an entry out of the timeline; it keeps its number."""
    moment.removed_at = moment.removed_at or ctx.now
    return Entered("removed", number_of(ctx, run, moment), moment.id)


def restore_moment(ctx: Context, run: Run, moment: Moment) -> Entered:
    """Put an entry back into the timeline."""
    moment.removed_at = None
    return Entered("restored", number_of(ctx, run, moment), moment.id)


def enter(ctx: Context, run: Run, kind: MomentKind, person_id: str, subject: str, **details: Any) -> Moment:
    """Enter what happened, with what else is to be kept of it, and return the entry."""
    return ctx.store.add(
        Moment(run_id=run.id, at=ctx.now, kind=kind, person_id=person_id, subject=subject, details=details)
    )
