"""How a run stands, in the few things that are to be seen first."""

from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.rules.progress import progress
from handlers.text.escaping import as_typed
from handlers.text.opening import first_sentence
from handlers.views.timeline import outcome_of
from store import Run

SENTENCE = 220
"""How many characters of a summary stand at the head of the page, at most."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to be seen first: how the run stands. What people wrote is Markdown. It is `called` 12, or INC-0042."""

    number: int
    called: str
    name: str
    state: str
    is_late: bool
    sentence: str
    summary: str
    owner: str
    created_at: datetime
    creator: str
    finished_at: datetime | None
    finished_by: str
    update_due_at: datetime | None
    outcome: str
    done: int
    total: int

    @property
    def is_active(self) -> bool:
        return self.state != "finished"


def standing_of(ctx: Context, run: Run) -> Standing:
    """Return how a run stands."""
    counted, is_late = progress(ctx, run), run.is_update_late(ctx.now)
    return Standing(
        number=run.id,
        called=run.called,
        name=run.name,
        state=run.state,
        is_late=is_late,
        sentence=first_sentence(as_typed(run.summary), SENTENCE),
        summary=run.summary,
        owner=ctx.username(run.owner_id),
        created_at=run.created_at,
        creator=ctx.username(run.creator_id),
        finished_at=run.finished_at,
        finished_by=ctx.username(run.finished_by) if run.finished_by else "",
        update_due_at=run.update_due_at if run.is_active else None,
        outcome=outcome_of(ctx, run),
        done=counted.done,
        total=counted.total,
    )
