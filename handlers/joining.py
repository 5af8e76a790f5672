"""People who come to a run's channel and leave it; everybody is welcomed once."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import PeopleInvited, PersonJoined, PersonLeft
from handlers.taking_part import let_go, membership, take_in


def joined(event: PersonJoined, ctx: Context) -> Iterator[Effect]:
    """Who joins the channel of an active run takes part in it, unless the playbook says otherwise."""
    for run in ctx.store.runs_in(event.place.id):
        if membership(run).join_run:
            yield from take_in(ctx, run, event.person)


def invited(event: PeopleInvited, ctx: Context) -> Iterator[Effect]:
    """Who was added by the bot takes part, whether or not the server's own word of it comes.

    So does who came into the channel before the bot knew that it is a run's, unless the playbook says otherwise.
    """
    run = ctx.store.run(event.run_id)
    ctx.meet(*event.added, *event.present)
    if run is None:
        return
    # All are looked for at once.
    ctx.store.participants(event.run_id)
    for person in (*event.added, *(event.present if membership(run).join_run else ())):
        yield from take_in(ctx, run, person)


def left(event: PersonLeft, ctx: Context) -> Iterator[Effect]:
    """Who leaves the channel takes part no more, unless the playbook says otherwise."""
    for run in ctx.store.runs_in(event.place_id):
        if membership(run).leave_run:
            yield from let_go(ctx, run, event.person_id)
