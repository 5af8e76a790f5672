"""What follows when a run's channel stands: its people, its card, its checklists, and the answer in the prompt."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effects, Pin, Post, Redraw
from handlers.events import ChannelOpened, MessagePosted, PeopleInvited
from handlers.operations.enter_channel import arrive
from handlers.text.words import Safe
from handlers.views.card import refresh_card
from handlers.views.keep import note_if_open

MOST_NAMED = 20
"""How many of those who could not be added are named: a group may be large."""

_WHY = ("unknown", "not_in_team", "deactivated", "forbidden")


def channel_opened(event: ChannelOpened, ctx: Context) -> Effects:
    """Invite people, post the card and the checklists, and say in the prompt where the run is."""
    run = ctx.store.run(event.run_id)
    if run is not None and run.channel_id is None:
        yield from arrive(ctx, run, event.place)


def posted(event: MessagePosted, ctx: Context) -> Iterator[Pin | Redraw]:
    """The run card stands: pin it. A checklist stands: let the card lead there."""
    message = ctx.store.message(event.message_id)
    if message is not None and message.kind == "card":
        yield Pin(message_id=event.message_id)
    elif message is not None and message.kind == "checklist":
        run = ctx.store.run(message.run_id)
        yield from refresh_card(ctx, run) if run is not None else ()


def invited(event: PeopleInvited, ctx: Context) -> Iterator[Post]:
    """Name those who could not be added, and why."""
    run = ctx.store.run(event.run_id)
    if run is None or not event.refused:
        return
    here = ctx.to(ctx.readers_of(run))
    why = (
        here.say("people", name=Safe(name))[reason if reason in _WHY else "error"]
        for name, reason in list(event.refused.items())[:MOST_NAMED]
    )
    more = max(0, len(event.refused) - MOST_NAMED)
    yield from note_if_open(ctx, run, here.say("people", people=Safe(", ".join(why)), more=more), "refused")
