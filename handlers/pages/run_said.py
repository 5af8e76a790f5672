"""What happened in a run and what was said of it, as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.views.timeline import moment_words
from store import Moment, Run

QUOTED = 80
"""How much of what is quoted in an entry of the timeline stands in it."""
WHOLE = 3000
"""How many characters of a note stand in its entry."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the timeline, its words as Markdown; `text` is all that was written, where that is longer."""

    at: datetime
    words: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Said:
    """A status update."""

    at: datetime
    who: str
    text: str


def updates_of(ctx: Context, moments: Sequence[Moment]) -> list[Said]:
    """Return the status updates among what happened, in the order of that."""
    return [Said(one.at, ctx.username(one.person_id), one.subject) for one in moments if one.kind == "update"]


def happened(ctx: Context, run: Run, moment: Moment) -> Happened:
    """Return an entry of the timeline as a page shows it."""
    is_long = moment.kind in ("pinned", "finished") and len(moment.subject) > QUOTED
    return Happened(
        at=moment.at,
        words=moment_words(ctx, moment, WHOLE),
        text=moment.subject if is_long else "",
        link=ctx.post_of_run_link(run, moment.post_id),
    )
