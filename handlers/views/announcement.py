"""What a run tells beyond its channel: in the channels of its playbook, and to its followers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.context import Context, known_person
from handlers.effects import Answer, Card, Colour, Content, Doing, Edit, Tell
from handlers.events import Person
from handlers.playbooks.playbook import playbook_of
from handlers.rules import permissions
from handlers.rules.places import is_in_doubt, may_go_to
from handlers.rules.planned_actions import broadcast_on
from handlers.rules.progress import progress
from handlers.rules.teams import outside
from handlers.text.readers import Reader
from handlers.text.words import Safe, calls_in
from handlers.views.amounts import lengths_of
from handlers.views.keep import in_words, note_if_open, post, reader_of, show
from handlers.views.news import news, news_in, refresh_news
from handlers.views.timeline import outcome_of
from store import KnownPlace, Message, MessageKind, Occasion, Run

Told = Literal["update", "finish", "restart"]
"""What is told beyond the channel: its template, and in the channel its kind of message."""


def announce(ctx: Context, run: Run, kind: Literal["update", "finish"], by: Person, colour: Colour) -> Doing["Targets"]:
    """Say an update or the end in the run's channel and wherever it is to be told, and return where that is.

    In their words people call whom they name, but not those who follow the run, who are told directly. A channel that
    is closed is told nothing.
    """
    here = Message(kind=kind, run_id=run.id, place_id=run.channel_id or "")
    content = _content(ctx, run, kind, "post", by, colour, ctx.readers_of(run))
    calls = calls_in(run.last_update_text if kind == "update" else outcome_of(ctx, run))
    followers = {ctx.username(one.person_id) for one in ctx.store.followers(run.id)}
    if not run.closed_place:
        yield from post(ctx, here, content, calls=calls - followers - {by.username})
    return (yield from broadcast(ctx, run, kind, by, colour))


def broadcast(ctx: Context, run: Run, kind: Told, by: Person, colour: Colour) -> Doing["Targets"]:
    """Say something wherever it is to be told beyond the run's channel, and return where that is.

    In a channel all of it stands in one thread, whose first post shows how the run stands. Followers are told of all,
    channels of what the playbook has them told.
    """
    there = NOWHERE
    if kind in broadcast_on(playbook_of(run.definition)):
        there = yield from show_news(ctx, run)
    else:
        yield from refresh_news(ctx, run)
    word: MessageKind = "finish" if kind == "finish" else "broadcast"
    for place in there.places:
        content = _content(ctx, run, kind, "post_elsewhere", by, colour, ctx.readers_of(run))
        message = Message(kind=word, run_id=run.id, place_id=place.id)
        yield from post(ctx, message, content, under=news_in(ctx, run, place.id))
    yield from tell_followers(
        ctx, run, lambda to: _content(ctx, run, kind, "post_elsewhere", by, colour, to), but=by.id
    )
    return there


def show_news(ctx: Context, run: Run) -> Doing["Targets"]:
    """Show how a run stands in the channels of its playbook, and return these.

    A channel that is not to be found is named in the run's own, so that nobody believes it was told.
    """
    there = targets(ctx, run)
    yield from refresh_news(ctx, run)
    for place in there.places:
        if news_in(ctx, run, place.id) is None:
            message = Message(kind="news", run_id=run.id, place_id=place.id)
            content = news(ctx, run, message, progress(ctx, run))
            if content is not None:
                yield from post(ctx, message, content)
    if there.lost:
        yield from note_if_open(ctx, run, ctx.say("update", channels=Safe(", ".join(there.lost))), "broadcast_unknown")
    return there


def unsay_finish(ctx: Context, run: Run) -> Iterator[Edit]:
    """Let what was said of the end of a run that is in progress again tell so, wherever it can be edited.

    Where the run's words go no more, its name of today does not either.
    """
    for message in ctx.store.messages("finish", run_id=run.id):
        is_here = message.place_id == run.channel_id
        place = ctx.store.place(message.place_id)
        if not run.closed_place if is_here else place is not None and may_go_to(ctx, run, place):
            said = ctx.say("restart", reader_of(ctx, message), run=run, link=ctx.run_link(run))
            yield from show(message, Content(said["was_finished" if is_here else "was_finished_elsewhere"]))
            message.kind = "note"


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
            yield in_words(ctx, one.person_id, ctx.say("members", number=run.called), "no_longer")
        elif one.person_id != but:
            yield Tell(person_id=one.person_id, content=content(ctx.reader_of(person)))


def tell_kept(ctx: Context, run: Run, kept: Sequence[str]) -> Iterator[Answer]:
    """Answer who said words of a confidential run to which channels these do not go."""
    if kept:
        yield ctx.answer("update", "broadcast_kept", run=run, channels=Safe(", ".join(kept)))


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a run is told besides its own channel; and the names of those not found, and of those that may not hear."""

    places: tuple[KnownPlace, ...]
    lost: tuple[str, ...]
    kept: tuple[str, ...]


NOWHERE = Targets((), (), ())


def targets(ctx: Context, run: Run, on: Occasion | None = None) -> Targets:
    """Return the channels that a run's playbook names, and where its words go of these; none if not told `on` that."""
    book = playbook_of(run.definition)
    if on is not None and on not in broadcast_on(book):
        return NOWHERE
    names = book.updates.broadcast
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
    lengths = lengths_of(ctx, run)
    said = ctx.say(kind, to, run=run, link=link, done=done, total=total, who=by.username, outcome=outcome, **lengths)
    return Content(said[block], (Card(colour=colour, text=said["line"]),))
