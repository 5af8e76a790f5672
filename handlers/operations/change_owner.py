"""Changing who owns a run, and all that follows from it."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Content, Edit, Effect, Tell
from handlers.events import Person
from handlers.operations.change_tasks import settled
from handlers.operations.participants import bring_in, is_in
from handlers.text.words import zone
from handlers.views.handover import close_handovers
from handlers.views.keep import note, show
from handlers.views.reminder import reminder_due
from store import Run


def change_owner(ctx: Context, run: Run, person: Person, by: Person) -> Iterator[Effect]:
    """Make somebody a run's owner: role tasks and reminders follow, a handover that waits is withdrawn."""
    before = ctx.username(run.owner_id)
    run.owner_id = person.id
    ctx.note(run, "owner_changed", by.id, subject=f"@{person.username}")
    yield from close_handovers(ctx, run, "withdrawn", owner=person.username)
    if not is_in(ctx, run, person.id):
        yield from bring_in(ctx, run, [person])
    said = ctx.say(
        "handover",
        run=run,
        link=ctx.run_link(run),
        owner=person.username,
        before=before,
        who=by.username,
        zone=zone(person.timezone),
    )
    if run.channel_id and not run.closed_place:
        yield from note(ctx, run, said["changed"])
    if person.id != by.id:
        yield Tell(person_id=person.id, content=Content(said["now_yours"]))
    yield from _address_reminders(ctx, run)
    yield from settled(ctx, run)


def _address_reminders(ctx: Context, run: Run) -> Iterator[Edit]:
    for message in ctx.store.messages("reminder", run_id=run.id):
        job = ctx.store.job(message.job_id)
        if job is not None:
            yield from show(message, reminder_due(ctx, run, job))
