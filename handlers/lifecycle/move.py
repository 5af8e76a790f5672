"""Moving a run to another channel of its team."""

from handlers.context import Context
from handlers.controls import RUN_MOVE
from handlers.effects import Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Person, Place, Submission
from handlers.forms import Filled, at_field
from handlers.operations.move_run import move_run, place_from_afar
from handlers.payloads import OfRun
from handlers.rules import permissions, run_named
from handlers.rules.admission import admitted
from handlers.text.arguments import names
from handlers.text.plain_forms import bare
from handlers.text.quotes import unquoted
from store import Run


class ChannelForm(Filled, frozen=True):
    """The dialog that asks where a run is to go."""

    channel: str


def here(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`movehere #12`: the run comes to the channel where this is said."""
    run_id = run_named.run_id(ctx, words) if words.strip() else event.run_id
    run = ctx.store.run(run_id)
    if run_id and (run is None or not permissions.may_see(ctx, event.asker, run)):
        raise ctx.refused("command", "no_such_run", number=run_id)
    if run is None:
        raise ctx.refused("move", "which")
    yield from _move(ctx, admitted(ctx, run.id, event.asker), event.place, event.asker)


def elsewhere(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`move-run ~channel`: to a public channel; for others there is `movehere`."""
    written = names(words)
    name = bare(unquoted(written[0])).lstrip("~").lower() if len(written) == 1 else ""
    if not written and event.trigger_id:
        yield from asked(event, run, ctx)
    else:
        known = ctx.store.place_named(run.team_id, name) if name else None
        yield from _move(ctx, run, place_from_afar(ctx, run, known), event.asker)


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Move to another channel…* in the card's menu."""
    said = ctx.say("move", run=run)
    yield RUN_MOVE.ask(OfRun(run.id), said, Entry(name="channel", label=said["place"], kind="channels"))


def by_dialog(event: Submission[OfRun, ChannelForm], run: Run, ctx: Context) -> Effects:
    """The dialog with the channel, filled in."""
    with at_field("channel"):
        place = place_from_afar(ctx, run, ctx.store.place(event.form.channel))
    yield from _move(ctx, run, place, event.asker)


def _move(ctx: Context, run: Run, place: Place, by: Person) -> Effects:
    yield from move_run(ctx, run, place, by)
    yield ctx.answer("move", "answer", run=run, link=ctx.run_link(run), channel=place.name)
