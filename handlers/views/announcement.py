"""What a run tells beyond its channel: in the channels of its playbook, and to its followers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from handlers.context import Context
from handlers.effects import Card, Colour, Content, Effect, Tell
from handlers.events import Person
from handlers.playbooks.playbook import playbook_of
from handlers.rules.places import may_go_to
from handlers.rules.progress import progress
from handlers.rules.zones import run_zone
from handlers.text.words import Safe
from handlers.views.followers import tell_followers
from handlers.views.keep import note, post
from store import KnownPlace, Message, Run

Told = Literal["update", "finish"]
"""What is told beyond the channel: the kind of the message, and its template."""


def announce(ctx: Context, run: Run, kind: Told, by: Person, colour: Colour) -> Iterator[Effect]:
    """Say an update or the end in the run's channel and wherever it is to be told.

    A channel that is not to be found is named in the run's own, so that nobody believes it was told. Where words of a
    confidential run do not go is told to who said them.
    """
    here = Message(kind=kind, run_id=run.id, place_id=run.channel_id or "")
    yield from post(ctx, here, _content(ctx, run, kind, "post", by, colour))
    elsewhere = _content(ctx, run, kind, "post_elsewhere", by, colour)
    there = targets(ctx, run)
    for place in there.places:
        yield from post(ctx, Message(kind="broadcast", run_id=run.id, place_id=place.id), elsewhere)
    if there.lost:
        yield from note(ctx, run, ctx.say("update", channels=Safe(", ".join(there.lost)))["broadcast_unknown"])
    if there.kept:
        told = ctx.say("update", run=run, channels=Safe(", ".join(there.kept)))["broadcast_kept"]
        where = "" if run.closed_place else run.channel_id or ""
        yield Tell(person_id=by.id, place_id=where, content=Content(told))
    yield from tell_followers(ctx, run, elsewhere, but=by.id)


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a run is told besides its own channel; and the names of those not found, and of those that may not hear."""

    places: tuple[KnownPlace, ...]
    lost: tuple[str, ...]
    kept: tuple[str, ...]


def targets(ctx: Context, run: Run) -> Targets:
    """Return the channels that a run's playbook names, and which of them its words go to."""
    names = playbook_of(run.definition).updates.broadcast
    found = {name: ctx.store.place_named(run.team_id, name.removeprefix("~")) for name in names}
    there = {name: place for name, place in found.items() if place is not None and place.id != run.channel_id}
    return Targets(
        places=tuple({place.id: place for place in there.values() if may_go_to(ctx, run, place)}.values()),
        lost=tuple(name for name, place in found.items() if place is None),
        kept=tuple(name for name, place in there.items() if not may_go_to(ctx, run, place)),
    )


def _content(ctx: Context, run: Run, kind: Told, block: str, by: Person, colour: Colour) -> Content:
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
