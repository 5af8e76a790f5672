"""Changing who owns a run, and all that follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing, Edit
from handlers.events import Person
from handlers.operations.change_tasks import settled
from handlers.operations.channel_head import make_head
from handlers.operations.participants import bring_in
from handlers.rules import permissions, teams
from handlers.views.handover import close_handovers, of_handover
from handlers.views.keep import in_words, note_if_open, show, tell_about
from handlers.views.prompt import refresh_questions
from handlers.views.reminder import reminder_due
from store import Run


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """The ids of who owns a run now and who did before; nothing was changed where both are the same."""

    owner_id: str
    before_id: str

    @property
    def is_new(self) -> bool:
        return self.owner_id != self.before_id


def change_owner(ctx: Context, run: Run, to: Person, by: Person) -> Doing[OwnerChanged]:
    """Make somebody a run's owner. Raises `Refused` where `by` may not, where it is finished, or `to` cannot be."""
    permissions.require(ctx, "own", by, run)
    if not run.is_active:
        raise permissions.finished(ctx, run, by)
    require_fit(ctx, run, to)
    if to.id == run.owner_id:
        return OwnerChanged(to.id, to.id)
    return (yield from make_owner(ctx, run, to, by))


def require_fit(ctx: Context, run: Run, person: Person) -> None:
    """Raise `Refused` where somebody cannot own a run: bots, guests, and who is not in its team."""
    if person.is_bot or person.is_guest:
        block = "not_for_bot" if person.is_bot else "not_for_guest"
        raise ctx.refused("members", block, "not_for", owner=person.username)
    teams.require(ctx, run, [person.id])


def make_owner(ctx: Context, run: Run, to: Person, by: Person) -> Doing[OwnerChanged]:
    """Let a run be somebody's who may own it: role tasks and reminders follow, a handover that waits is withdrawn."""
    changed = OwnerChanged(to.id, run.owner_id)
    said = of_handover(ctx, run, owner=to.username, by=by.username)
    run.owner_id = to.id
    ctx.note(run, "owner_changed", by.id, subject=f"@{to.username}", to=to.id, before=changed.before_id)
    yield from close_handovers(ctx, run, "withdrawn", owner=to.username)
    yield from bring_in(ctx, run, [to])
    yield from make_head(ctx, run, to.id, changed.before_id)
    yield from note_if_open(ctx, run, said, "changed")
    if to.id != by.id:
        yield in_words(ctx, to.id, said, "now_yours")
    if changed.before_id != by.id:
        block = "accepted" if to.id == by.id else "no_longer_yours"
        yield from tell_about(ctx, run, changed.before_id, said, block)
    yield from _address_reminders(ctx, run)
    yield from settled(ctx, run)
    yield from refresh_questions(ctx, run)
    return changed


def _address_reminders(ctx: Context, run: Run) -> Iterator[Edit]:
    for message in ctx.store.messages("reminder", run_id=run.id):
        job = ctx.store.job(message.job_id)
        if job is not None:
            yield from show(message, reminder_due(ctx, run, job))
