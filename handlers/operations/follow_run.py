"""Following a run and ceasing to; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.events import Person
from store import Follower, Run


@dataclass(frozen=True, slots=True)
class Following:
    """Whether somebody follows a run now, and did before."""

    follows: bool
    before: bool


def follow_run(ctx: Context, run: Run, by: Person) -> Following:
    """Let somebody be told a run's updates, overdue updates and end by direct message."""
    before = ctx.store.follower(run.id, by.id) is not None
    if not before:
        ctx.store.add(Follower(run_id=run.id, person_id=by.id))
    return Following(True, before)


def unfollow_run(ctx: Context, run: Run, by: Person) -> Following:
    """Let somebody be told nothing of that any more."""
    found = ctx.store.follower(run.id, by.id)
    if found is not None:
        ctx.store.drop(found)
    return Following(False, found is not None)
