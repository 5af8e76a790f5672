"""What a run tells beyond its channel: in the channels of its playbook, and to its followers."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Card, Colour, Content, Effect
from handlers.events import Person
from handlers.playbook import playbook_of
from handlers.views.followers import tell_followers
from handlers.views.messages import note, post
from handlers.views.progress import progress
from handlers.views.zones import run_zone
from handlers.words import Safe
from store import Message, Run


def announce(ctx: Context, run: Run, kind: str, by: Person, colour: Colour) -> Iterator[Effect]:
    """Say an update or the end (`kind` names the template, too) in the run's channel and wherever it is to be told.

    A channel that is not to be found is named in the run's own, so that nobody believes it was told.
    """
    here = Message(kind=kind, run_id=run.id, place_id=run.channel_id or "")
    yield from post(ctx, here, _content(ctx, run, kind, "post", by, colour))
    elsewhere = _content(ctx, run, kind, "post_elsewhere", by, colour)
    lost = []
    for name in playbook_of(run.definition).updates.broadcast:
        place = ctx.store.place_named(run.team_id, name.removeprefix("~"))
        if place is None:
            lost.append(name)
        elif place.id != run.channel_id:
            yield from post(ctx, Message(kind="broadcast", run_id=run.id, place_id=place.id), elsewhere)
    if lost:
        yield from note(ctx, run, ctx.say("update", channels=Safe(", ".join(lost)))["broadcast_unknown"])
    yield from tell_followers(ctx, run, elsewhere, but=by.id)


def _content(ctx: Context, run: Run, kind: str, block: str, by: Person, colour: Colour) -> Content:
    standing = progress(ctx, run)
    said = ctx.say(
        kind,
        run=run,
        link=ctx.run_link(run),
        done=standing.done,
        total=standing.total,
        who=by.username,
        zone=run_zone(ctx, run),
    )
    return Content(said[block], (Card(colour=colour, text=said["line"]),))
