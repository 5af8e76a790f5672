"""Taking part in a run and ceasing to: what holds for everybody, however it comes about."""

from collections.abc import Iterator
from datetime import timedelta

from handlers.context import Context
from handlers.effects import Content, Effect, Invite, RemovePerson, Tell
from handlers.events import Person
from handlers.playbooks.people import Membership
from handlers.playbooks.playbook import playbook_of
from handlers.rules.digest_time import plan_digest
from handlers.rules.progress import progress
from handlers.rules.rotas import plan_turn
from handlers.rules.teams import outside
from handlers.text.words import Safe
from handlers.views.brief import brief
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from store import Participant, Run

LATE = timedelta(minutes=10)
"""Who joins a run that is older than this is told how it stands, and not only welcomed."""


def membership(run: Run) -> Membership:
    """Return how a run and its channel follow each other."""
    return Membership.model_validate(run.definition.get("membership", {}))


def is_in(ctx: Context, run: Run, person_id: str) -> bool:
    """Return whether somebody takes part in a run."""
    found = ctx.store.participant(run.id, person_id)
    return found is not None and found.is_in


def bring_in(ctx: Context, run: Run, people: list[Person]) -> Iterator[Effect]:
    """Let people of the team take part: through the channel where the run says so, at once otherwise."""
    gone = outside(ctx, run, [person.id for person in people])
    people = [person for person in people if person.id not in gone]
    if not people:
        return
    if membership(run).join_channel and run.channel_id and not run.closed_place:
        ids = tuple(person.id for person in people)
        yield Invite(run_id=run.id, place_id=run.channel_id, person_ids=ids)
        return
    for person in people:
        yield from take_in(ctx, run, person, by_channel=False)


def take_in(ctx: Context, run: Run, person: Person, *, by_channel: bool = True) -> Iterator[Effect]:
    """Take note that somebody takes part; who is new is welcomed, in the channel or by direct message."""
    if person.is_bot or not run.is_active:
        return
    participant = ctx.store.participant(run.id, person.id)
    if participant is None:
        participant = Participant(run_id=run.id, person_id=person.id)
        ctx.store.add(participant)
    if not participant.is_in:
        participant.joined_at, participant.left_at = ctx.now, None
        ctx.note(run, "joined", person.id)
        plan_digest(ctx, person.id)
    if participant.welcomed_at is None:
        participant.welcomed_at = ctx.now
        place = (run.channel_id or "") if by_channel else ""
        yield Tell(person_id=person.id, place_id=place, content=_welcome(ctx, run, person), later=True)


def let_go(ctx: Context, run: Run, person_id: str) -> Iterator[Effect]:
    """Take note that somebody takes part no longer; their roles are free from now on, also where they never did."""
    participant = ctx.store.participant(run.id, person_id)
    if participant is not None and participant.is_in:
        participant.left_at = ctx.now
        ctx.note(run, "left", person_id)
    freed = [one for one in ctx.store.role_holders(run.id) if one.person_id == person_id]
    for one in freed:
        one.person_id, one.by_hand = "", False
    if freed:
        plan_turn(ctx, run)
        yield from refresh_card(ctx, run)
        yield from refresh_checklists(ctx, run)


def out_of_channel(run: Run, person_id: str) -> Iterator[RemovePerson]:
    """Remove somebody from a run's channel, where it is the run's own and the playbook says so."""
    if run.own_channel and run.channel_id and not run.closed_place and membership(run).leave_channel:
        yield RemovePerson(run_id=run.id, place_id=run.channel_id, person_id=person_id)


def _welcome(ctx: Context, run: Run, person: Person) -> Content:
    words = playbook_of(run.definition).welcome
    if ctx.now - run.created_at > LATE:
        return brief(ctx, run, person.id, welcome=words)
    standing = progress(ctx, run)
    coming = standing.open[0] if standing.open else None
    said = ctx.say(
        "people",
        run=run,
        link=ctx.run_link(run),
        playbook=run.definition["title"],
        owner=ctx.username(run.owner_id),
        welcome=words,
        next_task={"number": Safe(coming.number), "title": coming.task.title} if coming else None,
        done=standing.done,
        total=standing.total,
    )
    return Content(said["welcome"])
