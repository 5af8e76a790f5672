"""The way in from the websocket: every message passes here, and the few that concern the bot become events.

Reading never waits for what is done with a message. A message that concerns nobody costs its decoding and a search
for keywords; all others go to a few workers, in order per channel, and are heard at least once, whatever the socket
or this process does; that they count only once is the handlers' promise.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import assert_never

import structlog

from bot.directory.directory import Directory
from bot.directory.protocols import Rest
from bot.directory.retry import Patience, passes
from bot.driver import ServerRefused
from bot.listening.catchup import CatchUp
from bot.listening.channel_workers import ChannelWorkers
from bot.listening.filter import Ear, HeardPost, Keywords, Once
from bot.listening.join_delay import Arrivals
from bot.listening.memberships import Memberships
from bot.listening.read_marks import Watermarks
from bot.listening.report import Desk, Reporter
from bot.listening.websocket import Line, TokenRefused
from bot.transaction.pace import PersonalPace
from bot.wire import happenings
from bot.wire.happenings import Happening
from bot.wire.incoming import AnyFrame, happening
from bot.wire.reading import BadFrame, read_channel
from bot.wire.things import Channel, Post, Reaction
from handlers.events import Person
from store import Conflict, Unavailable

log = structlog.get_logger()

PUT_RIGHT_MS = 5 * 60 * 1000
"""How long after it was said a message may be edited so that a keyword in it is heard."""


class Listener:
    """Hears the server at `url` as the bot `me`; `keywords` may be replaced at any time.

    `learn_words` asks for the newest `keywords` before what was missed is read; it raises what passes. `on_own_edit` is
    told the post and the revision of each of the bot's own messages that was edited. A message that begins with
    `prefix`, where there is one, is a command.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        me: Person,
        client: Rest,
        desk: Desk,
        directory: Directory,
        keywords: Keywords,
        learn_words: Callable[[], Awaitable[None]],
        memberships: Memberships | None = None,
        on_own_edit: Callable[[str, int], None] = lambda post_id, revision: None,
        patience: Patience | None = None,
        pace: PersonalPace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        room: int = 10_000,
        workers: int = 4,
        overlap_ms: int = 5_000,
        verify: bool = True,
        prefix: str = "",
    ) -> None:
        self._client = client
        self._desk = desk
        self._directory = directory
        self._on_own_edit = on_own_edit
        self._patience = patience or Patience()
        self._ear = Ear(me, keywords, prefix, desk.here.trigger)
        self._once = Once()
        self._marks = Watermarks()
        self._lanes = ChannelWorkers(
            self._marks,
            self._once,
            workers=workers,
            room=room,
            patience=self._patience,
            clock=clock,
            lost=self.lost,
        )
        self.stalls = self._lanes.stalls
        self.memberships = memberships or Memberships(desk, clock=clock)
        self._pace = pace or PersonalPace(0)
        self._reporter = Reporter(desk, directory, pace=self._pace, clock=clock)
        self._arrivals = Arrivals(self._marks, self._arrived, self._patience.arrivals)
        self.line = Line(
            url,
            token,
            hear=self._hear,
            lost=self.lost,
            check=lambda: client.get("/users/me"),
            patience=self._patience,
            verify=verify,
        )
        self._catchup = CatchUp(
            client=client,
            memberships=self.memberships,
            marks=self._marks,
            lanes=self._lanes,
            directory=directory,
            reporter=self._reporter,
            ear=self._ear,
            once=self._once,
            patience=self._patience,
            learn_words=learn_words,
            overlap_ms=overlap_ms,
        )

    @property
    def keywords(self) -> Keywords:
        return self._ear.keywords

    @keywords.setter
    def keywords(self, keywords: Keywords) -> None:
        self._ear.keywords = keywords

    @property
    def waiting(self) -> int:
        """Return how many messages and other events wait for a worker."""
        return self._lanes.waiting

    async def meet(self, place_id: str, person_id: str) -> None:
        """Have it decided now that somebody came into a channel, if that was heard and is still to be told.

        Raises what passes; then it is to be asked again.
        """
        await self._arrivals.meet(place_id, person_id, self._reporter.joined)

    @property
    def is_complete(self) -> asyncio.Event:
        """Set while nothing is known to be missing."""
        return self._catchup.is_complete

    def take_up_again(self, restored: Mapping[str, int]) -> None:
        """Go on in channels that can be used again since a time (server's ms), which the server did not tell.

        It tells nothing of them to a connection that it knows to be without them, so there has to be another.
        """
        for place_id, since in restored.items():
            self._offer(place_id, partial(self._reporter.reopened, place_id))
            self._catchup.enter(place_id, since)
        self.line.renew()

    async def run(self) -> None:
        """Listen until cancelled. Raises `TokenRefused`."""
        self._marks.start(await self._patience.insist(self.memberships.load))
        try:
            async with asyncio.TaskGroup() as group:
                for part in (self.line.run, self._catchup.run, self._lanes.run, self._keep_marks):
                    group.create_task(part())
        except BaseExceptionGroup as group_error:
            raise _plain(group_error) from None
        finally:
            self._arrivals.close()
            await self._store_marks()

    def _hear(self, frame: AnyFrame) -> None:
        try:
            if (what := happening(frame)) is not None:
                self._note(what)
        except BadFrame as error:
            log.warning("unreadable event", action="bad_event", event_kind=frame.event, error=str(error))
            self.lost()

    def _hear_message(self, said: happenings.Posted) -> None:
        """Look at a message, most of which concern nobody: nothing is made of one until it does."""
        post = said.post
        if (found := self._ear.listen(post, said.team_id, said.kind)) is not None and post.id not in self._once:
            heard = HeardPost(post, said.place, *found)
            # By the time when it was said: what had to wait, or is read later, was written no faster for that.
            word = self._pace.ask(post.user_id) if heard.command is not None else "go"
            self._arrivals.tell_now(post.channel_id, post.user_id)
            self._offer(post.channel_id, partial(self._reporter.message, heard, word), post.create_at, post.id)
        self._passed(post.channel_id, post.create_at)

    def _hear_edited(self, post: Post) -> None:
        """Look for a keyword that somebody has put right; what was heard before is not heard again."""
        if post.id not in self._once:
            self._offer(post.channel_id, partial(self._reporter.edited, post, self._ear))

    def _passed(self, place_id: str, at: int) -> None:
        self._marks.passed(place_id, at)
        if place_id not in self.memberships.mine:
            self._catchup.enter(place_id)

    def _note(self, what: Happening) -> None:
        me = self._ear.me.id
        match what:
            case happenings.Posted() as said:
                self._hear_message(said)
            case happenings.Edited(post):
                if post.user_id == me and post.revision is not None:
                    self._on_own_edit(post.id, post.revision)
                elif post.user_id != me and 0 < post.edit_at <= post.create_at + PUT_RIGHT_MS:
                    self._hear_edited(post)
            case happenings.Deleted(post):
                self._offer(post.channel_id, partial(self._reporter.deleted, post.channel_id, post.id))
            case happenings.Reacted(place_id, reaction):
                self._reacted(place_id, reaction)
            case happenings.Added(place_id, person_id):
                self._added(place_id, person_id)
            case happenings.Removed(place_id, person_id):
                self._removed(place_id, person_id)
            case happenings.Archived() | happenings.Restored() | happenings.ChannelChanged():
                self._note_place(what)
            case happenings.TeamsChanged(person_id, team_id, left):
                if person_id == me:
                    self.lost()
                elif left:
                    self._offer(team_id, partial(self._reporter.left_team, team_id, person_id))
            case happenings.UserChanged(person_id, is_active):
                self._directory.aged(person_id)
                if is_active is not None:
                    self._offer(person_id, partial(self._reporter.switched, person_id, is_active=is_active))
            case happenings.Hello():
                pass
            case _:
                assert_never(what)

    def _reacted(self, place_id: str, reaction: Reaction) -> None:
        if self._ear.minds(reaction):
            self._arrivals.tell_now(place_id, reaction.user_id)
            self._offer(place_id, partial(self._reporter.reacted, place_id, reaction))

    def _added(self, place_id: str, person_id: str) -> None:
        if person_id in ("", self._ear.me.id):
            # In the channel's own order: the bot may have been removed from it a moment ago.
            self._offer(place_id, partial(self._enter, place_id))
        else:
            self._arrivals.came(place_id, person_id)

    def _arrived(self, place_id: str, person_id: str) -> None:
        self._offer(place_id, partial(self._reporter.joined, place_id, person_id))

    def _note_place(self, what: happenings.Archived | happenings.Restored | happenings.ChannelChanged) -> None:
        match what:
            case happenings.Archived(place_id):
                if place_id in self.memberships.mine:
                    self._offer(place_id, partial(self._catchup.gone, place_id, True, False))
            case happenings.Restored(place_id):
                self._offer(place_id, partial(self._reopen, place_id))
            case happenings.ChannelChanged(place_id, None):
                self._directory.aged(place_id)
                self._offer(place_id, partial(self._look_at, place_id))
            case happenings.ChannelChanged(_, Channel() as channel):
                self.differs(channel)

    def differs(self, channel: Channel) -> None:
        """Report, in the channel's order, what a channel is now that is something else than the handlers know."""
        self._offer(channel.id, partial(self._reporter.changed, channel))

    def _removed(self, place_id: str, person_id: str) -> None:
        if person_id == self._ear.me.id:
            self._offer(place_id, partial(self._catchup.gone, place_id, False, True))
        else:
            self._arrivals.tell_now(place_id, person_id)
            self._offer(place_id, partial(self._reporter.left, place_id, person_id))

    async def _enter(self, place_id: str) -> None:
        self._catchup.enter(place_id)

    async def _look_at(self, place_id: str) -> None:
        """Ask the server what a channel is now that was converted; until it answers nobody takes it for public."""
        if not await self.memberships.is_known(place_id):
            return
        await self.memberships.doubt(place_id)
        try:
            channel = read_channel(await self._client.get(f"/channels/{place_id}"))
        except (ServerRefused, BadFrame) as error:
            if passes(error):
                raise
            log.info("not known what a channel is now", action="channel_unknown", place=place_id, error=str(error))
            await self._reporter.unknown(place_id)
        else:
            await self._reporter.changed(channel)

    async def _reopen(self, place_id: str) -> None:
        """Take a restored channel up again, if the bot is in it; teams are told of all their public channels."""
        if await self.memberships.is_known(place_id):
            try:
                await self._client.get(f"/channels/{place_id}/members/me")
            except ServerRefused as error:
                if passes(error):
                    raise
                return
            self._catchup.enter(place_id)
            # That a public channel was restored is also told to connections that hear nothing else of it.
            self.line.renew()

    def _offer(self, place_id: str, do: Callable[[], Awaitable[None]], at: int = 0, post_id: str = "") -> None:
        if not self._lanes.offer(place_id, do, at, post_id):
            # What has no room is not kept, but read again when there is some.
            self.lost()

    def lost(self) -> None:
        """Have what was missed read soon: something may not have been heard, or not with the right keywords."""
        self._catchup.want()

    async def _keep_marks(self) -> None:
        while True:
            await self._patience.sleep(self._patience.flush_every)
            await self._store_marks()

    async def _store_marks(self) -> None:
        marks = self._marks.take_changed()
        if not marks:
            return
        try:
            await self._desk.ask(lambda store: store.hear(marks))
        except (Unavailable, Conflict) as error:
            log.info("marks not stored", action="marks_failed", why=str(error))
            self._marks.put_back(marks)
        except Exception:
            log.exception("marks not stored", action="marks_failed")
            self._marks.put_back(marks)


def _plain(group: BaseExceptionGroup[BaseException]) -> BaseException:
    refused = group.subgroup(TokenRefused)
    return TokenRefused() if refused is not None else group
