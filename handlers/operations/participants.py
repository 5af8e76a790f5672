"""Taking part in a run and ceasing to: what holds for everybody, however it comes about."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing, Effects, Invite, Refused, RemovePerson, Tell
from handlers.events import Person
from handlers.playbooks.people import Membership
from handlers.rules import teams
from handlers.rules.follow_ups import is_workable
from handlers.rules.jobs import plan_digest
from handlers.rules.rotas import plan_turn
from handlers.views.brief import welcome
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from handlers.views.keep import in_words
from store import Participant, Run


@dataclass(frozen=True, slots=True)
class Brought:
    """Who takes part in a run now, or `is_waited_for` until its channel has taken them in; nobody if all did before."""

    people: tuple[Person, ...] = ()
    is_waited_for: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """Who takes part in a run no longer; nobody where nobody did."""

    people: tuple[Person, ...] = ()


def membership(run: Run) -> Membership:
    """Return how a run and its channel follow each other."""
    return Membership.model_validate(run.definition.get("membership", {}))


def is_in(ctx: Context, run: Run, person_id: str) -> bool:
    """Return whether somebody takes part in a run."""
    found = ctx.store.participant(run.id, person_id)
    return found is not None and found.is_in


def join(ctx: Context, run: Run, person: Person) -> Doing[Brought]:
    """Let somebody take part who wants to. Raises `Refused` where they are not in the run's team."""
    if is_in(ctx, run, person.id):
        return Brought()
    # Who looks after the server may see it all the same.
    if teams.outside(ctx, run, [person.id]):
        raise ctx.refused("members", "join_outside", "not_in_team", run=run)
    yield from bring_in(ctx, run, [person])
    return _brought(ctx, run, [person])


def invite(ctx: Context, run: Run, people: Sequence[Person]) -> Doing[Brought]:
    """Let people take part whom somebody wants to; bots do not. Raises `Refused` where not all are in the team."""
    new = [one for one in people if not is_in(ctx, run, one.id) and not one.is_bot]
    teams.require(ctx, run, [one.id for one in new])
    yield from bring_in(ctx, run, new, tells=True)
    return _brought(ctx, run, new)


def remove(ctx: Context, run: Run, people: Sequence[Person], by: Person) -> Doing[Removed]:
    """Take people out of a run and tell them. Raises `Refused` where its owner is one of them."""
    inside = [one for one in people if is_in(ctx, run, one.id)]
    if any(one.id == run.owner_id for one in people):
        raise _owner_stays(ctx, run, by)
    for one in inside:
        yield from _out(ctx, run, one.id)
        if one.id != by.id:
            said = ctx.say("members", run=run, who=by.username, owner=ctx.username(run.owner_id))
            yield in_words(ctx, one.id, said, "removed_told")
    return Removed(tuple(inside))


def leave(ctx: Context, run: Run, person: Person) -> Doing[Removed]:
    """Let somebody take part no longer. Raises `Refused` for the owner, who hands over first."""
    if not is_in(ctx, run, person.id):
        return Removed()
    if person.id == run.owner_id and run.is_active:
        raise _owner_stays(ctx, run, person)
    yield from _out(ctx, run, person.id)
    return Removed((person,))


def _brought(ctx: Context, run: Run, people: Sequence[Person]) -> Brought:
    return Brought(tuple(people), not all(is_in(ctx, run, one.id) for one in people))


def _owner_stays(ctx: Context, run: Run, by: Person) -> Refused:
    is_you = by.id == run.owner_id
    return ctx.refused("members", "owner_stays", run=run, owner=ctx.username(run.owner_id), is_you=is_you)


def bring_in(ctx: Context, run: Run, people: Sequence[Person], *, tells: bool = False) -> Effects:
    """Let people of the team take part who do not yet: through the channel where the run says so, at once otherwise.

    The server tells whom it adds to a channel; with `tells` those who take part at once are told, too.
    """
    new = [person for person in people if not is_in(ctx, run, person.id)]
    gone = teams.outside(ctx, run, [person.id for person in new])
    people = [person for person in new if person.id not in gone]
    if not people:
        return
    if membership(run).join_channel and run.channel_id and not run.closed_place and not ctx.is_direct(run):
        ids = tuple(person.id for person in people)
        yield Invite(run_id=run.id, place_id=run.channel_id, person_ids=ids)
        return
    for person in people:
        is_new = _takes_part(ctx, run, person)
        if is_new and tells:
            yield Tell(person_id=person.id, content=welcome(ctx, run, person), later=True)


def take_in(ctx: Context, run: Run, person: Person) -> Effects:
    """Take note that somebody who is in the channel takes part; who is new is told there how the run stands.

    Whoever starts a run knows.
    """
    if _takes_part(ctx, run, person) and person.id != run.creator_id and run.channel_id:
        content = welcome(ctx, run, person)
        yield Tell(person_id=person.id, place_id=run.channel_id, content=content, later=True, only_whispered=True)


def _takes_part(ctx: Context, run: Run, person: Person) -> bool:
    """Take note that somebody takes part; return whether it is for the first time."""
    if person.is_bot or not is_workable(ctx, run):
        return False
    participant = ctx.store.participant(run.id, person.id)
    if participant is None:
        participant = Participant(run_id=run.id, person_id=person.id)
        ctx.store.add(participant)
    if not participant.is_in:
        participant.joined_at, participant.left_at = ctx.now, None
        ctx.note(run, "joined", person.id)
        plan_digest(ctx, person.id)
    is_new = participant.welcomed_at is None
    participant.welcomed_at = participant.welcomed_at or ctx.now
    return is_new


def let_go(ctx: Context, run: Run, person_id: str) -> Effects:
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


def _out(ctx: Context, run: Run, person_id: str) -> Effects:
    """Let somebody go, also out of the run's own channel where the playbook says so."""
    yield from let_go(ctx, run, person_id)
    if run.own_channel and run.channel_id and not run.closed_place and membership(run).leave_channel:
        yield RemovePerson(run_id=run.id, place_id=run.channel_id, person_id=person_id)
