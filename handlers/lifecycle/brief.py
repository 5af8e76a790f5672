"""How a run stands, in one message, for who asks."""

from msgspec.structs import replace

from handlers.context import Context
from handlers.controls import RUN_FOLLOW, RUN_JOIN, RUN_RESTART
from handlers.effects import Answer, Button, Content, Effects, Tell
from handlers.events import ButtonPressed, CommandGiven, Person, Press
from handlers.operations.participants import is_in
from handlers.payloads import OfRun
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.views.brief import brief
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`brief`."""
    yield Answer(content=_with_ways_in(ctx, run, event.asker))


def by_button(event: Press[OfRun], ctx: Context) -> Effects:
    """*Brief me*: told to who pressed, and to nobody else."""
    run = ctx.store.run(event.payload.run_id)
    if run is None:
        raise permissions.gone(ctx)
    if not _is_asked(ctx, run, event.asker):
        permissions.require(ctx, "see", event.asker, run)
    yield from shown(event, run, ctx)


def shown(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Brief me* in the card's menu."""
    place = run.channel_id if event.place.id == run.channel_id else ""
    yield Tell(person_id=event.asker.id, place_id=place or "", content=_with_ways_in(ctx, run, event.asker))


def looked(event: Press[OfRun], ctx: Context) -> Effects:
    """*Look at a run…* below the list of runs."""
    run = admitted(ctx, event.payload.run_id, event.asker, "see", even_finished=True)
    yield Answer(content=_with_ways_in(ctx, run, event.asker))


def _with_ways_in(ctx: Context, run: Run, asker: Person) -> Content:
    """Return the brief, for who does not take part with the buttons that begin to; of a finished run, to restart it."""
    content, said, of = brief(ctx, run, asker.id), ctx.say("brief", run=run), OfRun(run.id)
    controls: tuple[Button, ...] = ()
    if not run.is_active and permissions.is_offered(ctx, "finish", asker, run):
        controls = (RUN_RESTART.button(said["restart"], of),)
    elif run.is_active and not is_in(ctx, run, asker.id):
        follows = ctx.store.follower(run.id, asker.id) is not None
        controls = (
            RUN_JOIN.button(said["join"], of, "primary"),
            RUN_FOLLOW.button(said["unfollow" if follows else "follow"], of),
        )
    if not controls:
        return content
    return replace(content, cards=(replace(content.cards[0], controls=controls), *content.cards[1:]))


def _is_asked(ctx: Context, run: Run, person: Person) -> bool:
    """Return whether somebody is asked to take the run over and still could: they may know what they would take."""
    if not run.is_active or permissions.is_outside(ctx, person, run):
        return False
    handover = ctx.store.open_handover(run.id)
    return handover is not None and handover.to_id == person.id
