"""How a run stands, in one message, for who asks."""

from collections.abc import Iterator

from handlers import permissions
from handlers.context import Context
from handlers.effects import Answer, Effect, Tell
from handlers.events import ButtonPressed, CommandGiven
from handlers.views.brief import brief
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`brief`."""
    yield Answer(content=brief(ctx, run, event.asker.id))


def by_button(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Brief me*: told to who pressed, and to nobody else."""
    run = ctx.store.run(int(event.arg))
    if run is None:
        yield permissions.gone(ctx)
    elif (event.asker.id not in _asked(ctx, run)) and (
        refusal := permissions.refusal(ctx, "see", event.asker, run)
    ) is not None:
        yield refusal
    else:
        place = run.channel_id if event.place.id == run.channel_id else ""
        yield Tell(person_id=event.asker.id, place_id=place or "", content=brief(ctx, run, event.asker.id))


def _asked(ctx: Context, run: Run) -> set[str]:
    """Return who is asked to take the run over: they may know what they would take."""
    handover = ctx.store.open_handover(run.id or 0)
    return {handover.to_id} if handover is not None else set()
