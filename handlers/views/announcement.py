"""What a run tells beyond its channel: in the channels of its playbook, and to its followers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.context import Context, known_person
from handlers.effects import Card, Colour, Content, Doing, Tell
from handlers.events import Person
from handlers.playbooks.playbook import playbook_of
from handlers.rules import permissions
from handlers.rules.places import is_in_doubt, may_go_to
from handlers.rules.progress import progress
from handlers.rules.teams import outside
from handlers.text.readers import Reader
from handlers.text.words import Safe
from handlers.views.keep import in_words, note, post
from handlers.views.timeline import outcome_of
from store import KnownPlace, Message, Run

Told = Literal["update", "finish"]
"""What is told beyond the channel: the kind of the message, and its template."""


def announce(ctx: Context, run: Run, kind: Told, by: Person, colour: Colour) -> Doing["Targets"]:
    """Say an update or the end in the run's channel and wherever it is to be told, and return where that is.

    A channel that is not to be found is named in the run's own, so that nobody believes it was told.
    """

    def content(to: Reader, block: str = "post_elsewhere") -> Content:
        return _content(ctx, run, kind, block, by, colour, to)

    all_here = ctx.readers_of(run)
    here = Message(kind=kind, run_id=run.id, place_id=run.channel_id or "")
    yield from post(ctx, here, content(all_here, "post"))
    elsewhere = content(all_here)
    there = targets(ctx, run)
    for place in there.places:
        yield from post(ctx, Message(kind="broadcast", run_id=run.id, place_id=place.id), elsewhere)
    if there.lost:
        yield from note(ctx, run, ctx.say("update", channels=Safe(", ".join(there.lost))), "broadcast_unknown")
    yield from tell_followers(ctx, run, content, but=by.id)
    return there


def tell_followers(ctx: Context, run: Run, content: Callable[[Reader], Content], *, but: str = "") -> Iterator[Tell]:
    """Tell everybody who follows a run, except `but`; `content` is made for each in their language.

    Followers who may not see the run any more are told that once, and follow it no longer; while it is in doubt what
    its channel is, they are told nothing. Nor are those who are not known to be in its team, unless they look after the
    server.
    """
    followers = list(ctx.store.followers(run.id))
    # All are asked about at once.
    away = outside(ctx, run, [one.person_id for one in followers])
    people = ctx.store.people(one.person_id for one in followers)
    for one in followers:
        person = known_person(people[one.person_id]) if one.person_id in people else None
        if person is None or (one.person_id in away and not (person.is_admin and person.is_active)):
            continue
        if not permissions.is_listed(ctx, person, run):
            if is_in_doubt(ctx, run):
                continue
            ctx.store.drop(one)
            yield in_words(ctx, one.person_id, ctx.say("members", number=run.id), "no_longer")
        elif one.person_id != but:
            yield Tell(person_id=one.person_id, content=content(ctx.readers_of(run, ctx.reader_of(person))))


def tell_kept(ctx: Context, run: Run, kept: Sequence[str], by: Person) -> Iterator[Tell]:
    """Tell who said words of a confidential run to which channels these do not go."""
    if kept:
        said = ctx.say("update", run=run, channels=Safe(", ".join(kept)))
        yield in_words(ctx, by.id, said, "broadcast_kept", "" if run.closed_place else run.channel_id or "")


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


def _content(ctx: Context, run: Run, kind: Told, block: str, by: Person, colour: Colour, to: Reader) -> Content:
    standing = progress(ctx, run)
    link, done, total = ctx.run_link(run), standing.done, standing.total
    outcome = outcome_of(ctx, run)
    said = ctx.say(kind, to, run=run, link=link, done=done, total=total, who=by.username, outcome=outcome)
    return Content(said[block], (Card(colour=colour, text=said["line"]),))
