"""People who come to a run's channel and leave it; everybody is welcomed once."""

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import PeopleInvited, PersonJoined, PersonLeft, TeamLeft
from handlers.operations.channel_head import make_head
from handlers.operations.participants import is_in, let_go, membership, take_in
from handlers.rules import teams
from handlers.views.keep import note


def joined(event: PersonJoined, ctx: Context) -> Effects:
    """Who joins the channel of an active run takes part in it, unless the playbook says otherwise."""
    for run in ctx.store.runs_in(event.place.id):
        # Who joined long ago may have left the team since, of which no channel says a word.
        if membership(run).join_run and not teams.outside(ctx, run, [event.person.id]):
            row = ctx.store.participant(run.id, event.person.id)
            was_gone = row is not None and row.left_at is not None
            yield from take_in(ctx, run, event.person)
            # Who leaves a channel is its admin no more (server source: app/channel.go).
            if was_gone and run.is_active and run.owner_id == event.person.id:
                yield from make_head(ctx, run, event.person.id)


def invited(event: PeopleInvited, ctx: Context) -> Effects:
    """Who was added by the bot takes part, and who came into the channel before the bot knew that it is a run's."""
    run = ctx.store.run(event.run_id)
    ctx.meet(*event.added, *event.present)
    if run is None:
        return
    ctx.store.learn_members(run.team_id, {person.id: True for person in event.added}, ctx.now)
    # All are looked for at once.
    ctx.store.participants(event.run_id)
    for person in (*event.added, *(event.present if membership(run).join_run else ())):
        yield from take_in(ctx, run, person)


def left_team(event: TeamLeft, ctx: Context) -> Effects:
    """Who leaves a team takes part and has a role in none of its runs; of one that they own, this is said once."""
    ctx.store.learn_members(event.team_id, {event.person_id: False}, ctx.now)
    for found in ctx.store.runs_of(event.person_id, by_role=True):
        run = ctx.store.run(found.id) if found.team_id == event.team_id else None
        if run is None or not run.is_active:
            continue
        took_part = is_in(ctx, run, event.person_id)
        yield from let_go(ctx, run, event.person_id)
        if took_part and run.owner_id == event.person_id and run.channel_id and not run.closed_place:
            yield from note(ctx, run, ctx.say("people", who=ctx.username(run.owner_id)), "owner_left_team")


def left(event: PersonLeft, ctx: Context) -> Effects:
    """Who leaves the channel takes part no more, unless the playbook says otherwise."""
    for run in ctx.store.runs_in(event.place_id):
        if membership(run).leave_run:
            yield from let_go(ctx, run, event.person_id)
