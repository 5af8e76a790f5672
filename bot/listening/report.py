"""Puts what was heard into the words of the handlers: looks up who and where, and hands the event to the desk."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeVar

import msgspec
import structlog

from bot.directory.directory import Directory, Unknown
from bot.directory.doubts import decided
from bot.directory.mentions import MOST, mentions_in, too_many
from bot.directory.protocols import Asks
from bot.directory.retry import Passing, passes
from bot.driver import ServerRefused
from bot.listening.filter import Ear, HeardPost
from bot.transaction.pace import PersonalPace, Word
from bot.wire.things import Channel, Post, Reaction
from handlers.context import Installation
from handlers.effects import Content
from handlers.events import (
    AnyEvent,
    Given,
    MessageHeard,
    Person,
    PersonJoined,
    PersonLeft,
    PlaceChanged,
    PlaceClosed,
    PlaceReopened,
    PlaceUnknown,
    PostDeleted,
    ReactionAdded,
    TeamLeft,
)
from handlers.exchange.files import MOST_BYTES
from handlers.routes.commands import WITH_FILES
from handlers.routes.finding import split
from handlers.text.sentences import say
from store import WhyClosed

log = structlog.get_logger()
T = TypeVar("T")


class Desk(Asks, Protocol):
    """The dispatcher: one transaction for each event or question."""

    here: Installation

    async def dispatch(self, event: AnyEvent) -> object: ...

    async def tell(self, person_id: str, content: Content, once: str = "") -> None: ...


class Reporter:
    """Reports one thing after the other; what only concerns runs is asked of the store first.

    What it raises passes: server or storage could not answer, nothing has happened, and it is to be reported again. An
    event that breaks its handler is told to whom it came from, and is over.
    """

    def __init__(
        self,
        desk: Desk,
        directory: Directory,
        *,
        pace: PersonalPace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._directory = directory
        self._pace = pace or PersonalPace(0)
        self._clock = clock

    async def message(self, heard: HeardPost, word: Word = "go") -> None:
        """Report a message; a bot that hides being one gives no commands, and who is too fast (`word`) none now."""
        author = await self._look_up(lambda: self._directory.person(heard.post.user_id))
        if author is None:
            return
        command = None if author.is_bot else heard.command
        if command is None and not heard.hits:
            return
        names = mentions_in(heard.text)
        if command is not None and (word != "go" or len(names) > MOST):
            await self._not_taken(heard, word, len(names))
            return
        await self._tell(
            MessageHeard(
                at=self._clock(),
                said_at=datetime.fromtimestamp(heard.post.create_at / 1000, UTC) if heard.post.create_at else None,
                post_id=heard.post.id,
                root_id=heard.post.root_id,
                place=heard.place,
                author=author,
                text=heard.text,
                hits=heard.hits,
                command=command,
                named=await self._named(names[:MOST]),
                files=await self._files(heard, command),
            )
        )

    async def edited(self, post: Post, ear: Ear) -> None:
        """Report a message whose words were changed, if there are keywords in it now; it gives no command any more."""
        place = await self._look_up(lambda: self._directory.place(post.channel_id))
        found = ear.listen(post, place.team_id, place.kind) if place is not None else None
        if place is not None and found is not None:
            await self.message(HeardPost(post, place, found[0], None))

    async def joined(self, place_id: str, person_id: str) -> None:
        """Report that somebody came into a channel, if it has runs."""
        if not await self._has_runs(place_id):
            return
        place = await self._look_up(lambda: self._directory.place(place_id))
        person = await self._look_up(lambda: self._directory.person(person_id))
        if place is not None and person is not None:
            await self._tell(PersonJoined(at=self._clock(), place=place, person=person))

    async def left(self, place_id: str, person_id: str) -> None:
        """Report that somebody is no longer in a channel, if it has runs."""
        if await self._has_runs(place_id):
            await self._tell(PersonLeft(at=self._clock(), place_id=place_id, person_id=person_id))

    async def left_team(self, team_id: str, person_id: str) -> None:
        """Report that somebody is no longer in a team."""
        await self._tell(TeamLeft(at=self._clock(), team_id=team_id, person_id=person_id))

    async def switched(self, person_id: str, *, is_active: bool) -> None:
        """Take note that somebody's account is active or not, if it is anybody's whom the bot knows."""
        await self._desk.ask(lambda store: store.switch_person(person_id, is_active=is_active))

    async def teams_anew(self, team_ids: Collection[str]) -> None:
        """Ask who is in the bot's teams now of those whom their runs concern, and report who has left meanwhile."""
        await self._desk.ask(lambda store: store.doubt_members(team_ids))
        concerned = await self._desk.ask(lambda store: store.concerned())
        for team_id in concerned.keys() & team_ids:
            people = sorted(concerned[team_id])
            # Of who was deactivated meanwhile no membership tells.
            await self._look_up(partial(self._directory.read_anew, people))
            inside = await self._look_up(partial(self._directory.ask_members, team_id, people))
            # Where nobody is said to be in it, the team does not show itself, and nobody counts as having left.
            for person_id in people if inside else ():
                if inside is not None and person_id not in inside:
                    await self.left_team(team_id, person_id)

    async def closed(self, place_id: str, why: WhyClosed) -> None:
        """Report that a channel cannot be used any more."""
        await self._tell(PlaceClosed(at=self._clock(), place_id=place_id, why=why))

    async def reopened(self, place_id: str) -> None:
        """Report that a channel can be used again."""
        await self._tell(PlaceReopened(at=self._clock(), place_id=place_id))

    async def changed(self, channel: Channel) -> None:
        """Report what a channel is now."""
        self._directory.learn_place(channel)
        await self._tell(PlaceChanged(at=self._clock(), place=channel.place, as_of=channel.update_at))

    async def unknown(self, place_id: str) -> None:
        """Report that the server says no more what a channel is."""
        await self._tell(PlaceUnknown(at=self._clock(), place_id=place_id))

    async def deleted(self, place_id: str, post_id: str) -> None:
        """Report that a post was deleted, if the bot has something to do with it."""
        if await self._matters(place_id, post_id):
            await self._tell(PostDeleted(at=self._clock(), post_id=post_id, place_id=place_id))

    async def reacted(self, place_id: str, reaction: Reaction) -> None:
        """Report a reaction, if it stands under a message of the bot's, or pins something to the timeline of a run."""
        message_id = await self._desk.ask(lambda store: getattr(store.message_at(reaction.post_id), "id", None))
        pins = reaction.emoji_name == "pushpin" and await self._has_runs(place_id)
        if message_id is None and not pins:
            return
        place = await self._look_up(lambda: self._directory.place(place_id))
        asker = await self._look_up(lambda: self._directory.person(reaction.user_id))
        post = await self._look_up(lambda: self._directory.post(reaction.post_id)) if pins else None
        if place is None or asker is None or asker.is_bot or (pins and post is None):
            return
        if post is not None:
            await self._look_up(lambda: self._directory.person(post.user_id))
        await self._tell(
            ReactionAdded(
                at=self._clock(),
                emoji=reaction.emoji_name,
                once=f"reaction:{reaction.post_id}:{reaction.user_id}:{reaction.emoji_name}:{reaction.create_at}",
                asker=asker,
                place=place,
                post_id=reaction.post_id,
                message_id=message_id,
                author_id=post.user_id if post else "",
                text=post.text if post else "",
                said_at=datetime.fromtimestamp(post.create_at / 1000, UTC) if post and post.create_at else None,
            )
        )

    async def reacted_in(self) -> set[str]:
        """Return the channels where a reaction may mean something."""
        return await self._desk.ask(lambda store: store.places_with_reactions())

    async def standing_in(self, place_id: str) -> Sequence[str]:
        """Return the posts of the bot's in a channel whose deletion, or a reaction to which, would mean something."""
        return await self._desk.ask(lambda store: store.standing_in(place_id))

    async def _not_taken(self, heard: HeardPost, word: Word, names: int) -> None:
        """Tell once that a command was too much, and take it as dealt with, so that no catching up takes it up."""
        once = f"post:{heard.post.id}"
        if word == "wait":
            await self._desk.ask(lambda store: store.once(once, self._clock(), heard.place.id))
            return
        told = self._pace.told() if word == "tell" else too_many(names)
        await self._desk.tell(heard.post.user_id, Content(told), once)

    async def _files(self, heard: HeardPost, command: str | None) -> tuple[Given, ...]:
        """Return the files of a message to the bot alone whose command is about them."""
        ids = heard.post.file_ids
        if not ids or command is None or heard.place.kind != "D" or split(command)[0] not in WITH_FILES:
            return ()
        return await self._directory.files(ids, MOST_BYTES)

    async def _named(self, names: Sequence[str]) -> dict[str, Person]:
        if not names:
            return {}
        return await self._look_up(lambda: self._directory.people_named(names)) or {}

    async def _has_runs(self, place_id: str) -> bool:
        return await self._desk.ask(lambda store: bool(store.runs_in(place_id)))

    async def _matters(self, place_id: str, post_id: str) -> bool:
        # Replies of a deleted thread are not told one by one, so a thread with an offer of ours counts as well.
        return await self._desk.ask(
            lambda store: (
                store.message_at(post_id) is not None
                or bool(store.offered_in(post_id))
                or bool(store.runs_in(place_id))
            )
        )

    async def _look_up(self, question: Callable[[], Awaitable[T]]) -> T | None:
        """Ask the directory; None if the server knows nobody and nothing of that id."""
        try:
            return await question()
        except (Unknown, ServerRefused, msgspec.MsgspecError) as error:
            if passes(error):
                raise
            log.warning("not known", action="look_up_failed", error=str(error))
            return None

    async def _tell(self, event: AnyEvent) -> None:
        try:
            await decided(self._desk.dispatch, self._directory, event, self._directory.is_head)
        except Passing:
            raise
        except Exception:
            log.exception("event failed", action="event_failed", event_kind=type(event).__name__)
            await self._excuse(event)

    async def _excuse(self, event: AnyEvent) -> None:
        """Tell whom an event came from that it led to nothing: once a day for each kind."""
        match event:
            case MessageHeard(author=person) | ReactionAdded(asker=person):
                said = say("door", self._desk.here.reader(person))["event_failed"]
                once = f"failed:{type(event).__name__}:{person.id}:{event.at.date()}"
                await self._desk.tell(person.id, Content(said), once)
            case _:
                return
