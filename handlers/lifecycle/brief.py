"""How a run stands, in one message, for who asks."""

from collections.abc import Iterator

from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Answer, Button, Content, Effect, Refuse, Tell
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.operations.participants import is_in
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.text.numbers import number
from handlers.views.brief import brief
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`brief`."""
    yield Answer(content=_with_ways_in(ctx, run, event.asker))


def by_button(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Brief me*: told to who pressed, and to nobody else."""
    run = ctx.store.run(number(event.arg))
    if run is None:
        yield permissions.gone(ctx)
    elif (
        not _is_asked(ctx, run, event.asker)
        and (refusal := permissions.refusal(ctx, "see", event.asker, run)) is not None
    ):
        yield refusal
    else:
        place = run.channel_id if event.place.id == run.channel_id else ""
        yield Tell(person_id=event.asker.id, place_id=place or "", content=_with_ways_in(ctx, run, event.asker))


def looked(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Look at a run…* below the list of runs."""
    run = admitted(ctx, event.choice, event.asker, "see", even_finished=True)
    yield run if isinstance(run, Refuse) else Answer(content=_with_ways_in(ctx, run, event.asker))


def _with_ways_in(ctx: Context, run: Run, asker: Person) -> Content:
    """Return the brief, for who does not take part with the buttons that begin to; of a finished run, to restart it."""
    content = brief(ctx, run, asker.id)
    said = ctx.say("brief", run=run)
    controls: tuple[Button, ...] = ()
    if not run.is_active:
        if permissions.is_offered(ctx, "finish", asker, run):
            controls = (Button(said["restart"], "run.restart", str(run.id)),)
    elif not is_in(ctx, run, asker.id):
        follows = ctx.store.follower(run.id, asker.id) is not None
        controls = (
            Button(said["join"], "run.join", str(run.id), "primary"),
            Button(said["unfollow" if follows else "follow"], "run.follow", str(run.id)),
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
