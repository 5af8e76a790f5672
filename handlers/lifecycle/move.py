"""Moving a run to another channel of its team: its messages are posted there anew."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.controls import RUN_MOVE
from handlers.effects import Answer, Ask, Content, Correct, Dialog, Effect, Entry, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person, Place, Submission
from handlers.forms import Filled
from handlers.operations.enter_channel import found_place, show_all
from handlers.payloads import OfRun
from handlers.rules import permissions
from handlers.rules.places import is_member, is_public
from handlers.text.numbers import number
from handlers.views.elsewhere import shown_elsewhere
from handlers.views.keep import note, take_away
from store import KnownPlace, Run


class ChannelForm(Filled, frozen=True):
    """The dialog that asks where a run is to go."""

    channel: str


def here(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`movehere #12`: the run comes to the channel where this is said."""
    run = ctx.store.run(number(words) if words.strip() else event.run_id)
    said = ctx.say("move")
    if run is None or not permissions.may_see(ctx, event.asker, run):
        yield Refuse(title=said["which_title"], text=said["which"])
    elif (refusal := permissions.refusal(ctx, "change", event.asker, run)) is not None:
        yield refusal
    elif not run.is_active:
        yield permissions.finished(ctx, run, event.asker)
    else:
        yield from _move(ctx, run, event.place, event.asker)


def elsewhere(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`move-run ~channel`: to a public channel; for others there is `movehere`."""
    name = words.strip().lstrip("~").lower()
    known = ctx.store.place_named(run.team_id, name) if name else None
    if not name and event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    elif (problem := _problem(ctx, run, known)) is not None or known is None:
        yield problem or permissions.gone(ctx)
    else:
        yield from _move(ctx, run, found_place(known), event.asker)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Move to another channel…* in the card's menu."""
    yield Ask(dialog=_dialog(ctx, run))


def by_dialog(event: Submission[OfRun, ChannelForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog with the channel, filled in."""
    known = ctx.store.place(event.form.channel)
    if (problem := _problem(ctx, run, known)) is not None or known is None:
        yield Correct(errors={"channel": problem.text if problem else ""})
    else:
        yield from _move(ctx, run, found_place(known), event.asker)


def _problem(ctx: Context, run: Run, known: KnownPlace | None) -> Refuse | None:
    """Say why somebody cannot move a run there from afar; that a private channel is there is told to nobody."""
    if known is not None and known.is_member and known.team_id == run.team_id and known.kind == "O":
        return None
    said = ctx.say("move", number=run.id)
    return Refuse(title=said["not_there_title"], text=said["not_there"])


def _move(ctx: Context, run: Run, place: Place, asker: Person) -> Iterator[Effect]:
    said = ctx.say("move", run=run, channel=place.name, who=ctx.username(asker.id))
    if run.channel_id is None or place.kind not in ("O", "P") or place.team_id != run.team_id:
        yield Refuse(title=said["not_there_title"], text=said["other_team"])
    elif run.channel_id == place.id:
        yield Refuse(title=said["not_there_title"], text=said["here_already"])
    elif not is_member(ctx, place):
        told = ctx.say("start")
        yield Refuse(title=told["not_here_title"], text=told["not_here"])
    else:
        yield from _carry(ctx, run, place, asker)


def _carry(ctx: Context, run: Run, place: Place, asker: Person) -> Iterator[Effect]:
    for kind in ("card", "checklist", "reminder"):
        for message in ctx.store.messages(kind, run_id=run.id):
            yield from take_away(ctx, message)
    ctx.meet_place(place)
    # A private channel's name is not told in another channel.
    name = place.name if is_public(ctx, place.id) else ""
    said = ctx.say("move", run=run, channel=name, who=ctx.username(asker.id))
    if not run.closed_place:
        yield from note(ctx, run, said["left"])
    run.channel_id, run.own_channel, run.closed_place = place.id, False, ""
    ctx.note(run, "moved", asker.id, subject=place.id)
    yield from show_all(ctx, run)
    yield from shown_elsewhere(ctx, run)
    yield Answer(content=Content(ctx.say("move", run=run, link=ctx.run_link(run), channel=place.name)["answer"]))


def _dialog(ctx: Context, run: Run) -> Dialog:
    said = ctx.say("move", run=run)
    return RUN_MOVE.dialog(
        OfRun(run.id),
        said["dialog_title"],
        intro=said["intro"],
        entries=(Entry(name="channel", label=said["place"], kind="channels"),),
        submit=said["submit"],
    )
