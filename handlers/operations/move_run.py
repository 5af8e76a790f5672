"""Moving a run to another channel of its team, where its messages are posted anew; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person, Place
from handlers.operations.enter_channel import found_place, show_all
from handlers.rules.places import is_member, is_public
from handlers.views.elsewhere import shown_elsewhere
from handlers.views.keep import note, take_away
from handlers.views.news import refresh_news
from store import KnownPlace, Run


@dataclass(frozen=True, slots=True)
class Moved:
    """A run lives in another channel now; `left_id` is where it was."""

    run_id: int
    place: Place
    left_id: str


def place_from_afar(ctx: Context, run: Run, known: KnownPlace | None) -> Place:
    """Return the channel that somebody moves a run to from elsewhere. Raises `Refused` where it is not public."""
    if known is None or not known.is_member or known.team_id != run.team_id or known.kind != "O":
        raise ctx.refused("move", "not_there", number=run.called)
    return found_place(known)


def move_run(ctx: Context, run: Run, place: Place, by: Person) -> Doing[Moved]:
    """Move a run to a channel. Raises `Refused` where it cannot live there, or does already."""
    left_id = run.channel_id
    if left_id is None or place.kind not in ("O", "P") or place.team_id != run.team_id:
        raise ctx.refused("move", "other_team", "not_there")
    if left_id == place.id:
        raise ctx.refused("move", "here_already", "not_there", run=run)
    if not is_member(ctx, place):
        raise ctx.refused("start", "not_here")
    for kind in ("card", "checklist", "reminder"):
        for message in ctx.store.messages(kind, run_id=run.id):
            yield from take_away(ctx, message)
    ctx.meet_place(place)
    # A private channel's name is not told in another channel.
    name = place.name if is_public(ctx, place.id) else ""
    if not run.closed_place:
        yield from note(ctx, run, ctx.say("move", run=run, channel=name, who=ctx.username(by.id)), "left")
    run.channel_id, run.own_channel, run.closed_place = place.id, False, ""
    ctx.note(run, "moved", by.id, subject=place.id)
    yield from show_all(ctx, run)
    yield from shown_elsewhere(ctx, run)
    yield from refresh_news(ctx, run)
    return Moved(run.id, place, left_id)
