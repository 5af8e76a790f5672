"""People who come to a run's channel and leave it; everybody is welcomed once."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Content, Effect, Tell
from handlers.events import PeopleInvited, Person, PersonJoined, PersonLeft
from handlers.playbook import Playbook
from handlers.views.progress import progress
from handlers.words import Safe
from store import Participant, Run


def joined(event: PersonJoined, ctx: Context) -> Iterator[Effect]:
    """Who joins the channel of an active run takes part in it."""
    for run in ctx.store.runs_in(event.place.id):
        yield from _take_in(ctx, run, event.person)


def invited(event: PeopleInvited, ctx: Context) -> Iterator[Effect]:
    """Who was added by the bot takes part, whether or not the server's own word of it comes."""
    run = ctx.store.run(event.run_id)
    for person in event.added:
        ctx.meet(person)
        if run is not None:
            yield from _take_in(ctx, run, person)


def left(event: PersonLeft, ctx: Context) -> Iterator[Effect]:
    """Who leaves the channel takes part no more."""
    for run in ctx.store.runs_in(event.place_id):
        participant = ctx.store.participant(run.id or 0, event.person_id)
        if participant is not None and participant.is_in:
            participant.left_at = ctx.now
            ctx.note(run, "left", event.person_id)
    yield from ()


def _take_in(ctx: Context, run: Run, person: Person) -> Iterator[Effect]:
    assert run.id is not None
    if person.is_bot or not run.is_active:
        return
    participant = ctx.store.participant(run.id, person.id)
    if participant is None:
        participant = ctx.store.add(Participant(run_id=run.id, person_id=person.id))
    if not participant.is_in:
        participant.joined_at, participant.left_at = ctx.now, None
        ctx.note(run, "joined", person.id)
    if participant.welcomed_at is None:
        participant.welcomed_at = ctx.now
        yield Tell(person_id=person.id, place_id=run.channel_id or "", content=_welcome(ctx, run))


def _welcome(ctx: Context, run: Run) -> Content:
    standing = progress(ctx, run)
    coming = standing.open[0] if standing.open else None
    said = ctx.say(
        "people",
        run=run,
        link=ctx.run_link(run),
        playbook=run.definition["title"],
        owner=ctx.username(run.owner_id),
        welcome=Playbook.model_validate(run.definition).welcome,
        next_task={"number": Safe(coming.number), "title": coming.task.title} if coming else None,
        done=standing.done,
        total=standing.total,
    )
    return Content(said["welcome"])
