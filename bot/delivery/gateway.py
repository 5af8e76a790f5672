"""Carries out effects on the Mattermost server, each so that a second attempt does no harm."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, assert_never

import structlog
from cachetools import LRUCache

from bot.delivery import small_effects
from bot.delivery.create_channel import open_channel
from bot.delivery.invite import invite, present
from bot.delivery.outage import backoff
from bot.delivery.post_once import Poster
from bot.delivery.refusals import LATE_TRIGGER, is_for_all, is_hopeless, reason
from bot.delivery.shown_revisions import Shown
from bot.delivery.upload import uploaded
from bot.directory import groups
from bot.driver import Driver, ServerRefused, ServerUnreachable
from bot.transaction.parcel import Parcel
from bot.transaction.settling import Result
from bot.wire import answers, outgoing
from bot.wire.answers import Server
from bot.wire.reading import read_channel
from bot.wire.things import Post
from handlers import effects as do
from handlers.events import (
    ChannelOpened,
    MessagePosted,
    NoGroup,
    NotInvited,
    PeopleInvited,
    Person,
    Place,
    PostDeleted,
)
from store import Outcome, Reason

log = structlog.get_logger()
Json = Mapping[str, Any]

GIVE_UP = timedelta(hours=24)
"""How long an effect is tried that the server fails on (5xx) while it answers others."""
DIALOG_SECONDS = 5
NOBODY: Mapping[str, NotInvited] = {}
MOST_DIRECTS = 20_000
"""How many channels of direct messages are kept in mind."""


MakeInsights = Callable[[do.PostInsights], Awaitable[do.Post | do.Tell | None]]
"""Works out what runs tell, and returns the message that says so; None where there is nothing to be said."""


MakeExport = Callable[[do.SendRun], Awaitable[do.Tell | None]]
"""Makes a run's files, and returns the message that has them; None where there is nothing to be sent."""


async def _none(effect: do.PostInsights | do.SendRun) -> None:
    return None


class DialogTooLate(Exception):
    """The trigger of a dialog is over: it lives 3 s on servers before 6.0 and 30 s on newer ones."""


class Gateway:
    """Speaks to the server in the bot's name; `learn_server` comes first."""

    server: Server
    _poster: Poster

    def __init__(
        self,
        driver: Driver,
        writer: outgoing.Writer,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        insights: MakeInsights = _none,
        exports: MakeExport = _none,
    ) -> None:
        self.driver = driver
        self.writer = writer
        self.clock = clock
        self.chance = chance
        self._ephemeral = True
        self.insights = insights
        self.exports = exports
        self._shown = Shown()
        self._directs: LRUCache[str, str] = LRUCache(MOST_DIRECTS)

    async def learn_server(self) -> Server:
        """Ask the server for its version, its limits, the bot's account and its rights.

        Raises `ServerRefused` (401: the token is bad) and `ServerUnreachable`.
        """
        user = await self.driver.users.get_user("me")
        config = await self.driver.client.get("/config/client", params={"format": "old"})
        self.server = answers.server(config, user, await self._may_whisper(user))
        self._poster = Poster(self.driver, self.server.me.id)
        self._ephemeral = self.server.ephemeral is not False
        return self.server

    async def perform(self, parcel: Parcel) -> Result:
        """Deliver an effect, or say when to try again, or give it up with an `Undeliverable`.

        Raises `ServerUnreachable`, and those `ServerRefused` that are not about this effect (bad token, rate limit,
        a proxy's error page): then nothing else would be delivered either.
        """
        try:
            return await self._carry_out(parcel)
        except ServerRefused as refusal:
            if is_for_all(refusal):
                raise
            return self._judge(parcel, refusal)

    def try_again(self, parcel: Parcel, said: str) -> Result:
        """Return that an effect is to be tried again, later each time, and given up after a day."""
        now = self.clock()
        if now - parcel.created_at >= GIVE_UP:
            return self._give_up(parcel, "refused", said)
        wait = backoff(parcel.attempts, self.chance())
        log.info("put off", action="put_off", effect=parcel.kind, said=said, seconds=wait.total_seconds())
        return Result(row_id=parcel.row_id, retry_at=now + wait)

    async def open_dialog(
        self, trigger_id: str, dialog: do.Dialog, person_id: str, place: Place, root_id: str = ""
    ) -> None:
        """Open a dialog for the person whose press or command in `place`, or in a thread there, gave the trigger.

        Raises `DialogTooLate`, `ServerRefused` and `ServerUnreachable`.
        """
        request = self.writer.dialog(trigger_id, dialog, person_id, place, self.clock(), root_id)
        try:
            async with asyncio.timeout(DIALOG_SECONDS):
                await self.driver.integration_actions.open_dialog(request)
        except TimeoutError:
            raise ServerUnreachable("no answer to a dialog in time") from None
        except ServerRefused as refusal:
            if refusal.id == LATE_TRIGGER:
                raise DialogTooLate(refusal.message) from refusal
            raise

    def noticed(self, post_id: str, revision: int) -> bool:
        """Take note of the revision that one of the bot's posts shows now; return whether it fell back."""
        return self._shown.notice(post_id, revision)

    def shows(self, post_id: str) -> int:
        """Return the revision that a post is known to show, 0 if none is known."""
        return self._shown.revision(post_id)

    async def _carry_out(self, parcel: Parcel) -> Result:
        match parcel.effect:
            case do.OpenChannel() as effect:
                return await self._open_channel(parcel, effect)
            case do.Invite() as effect:
                return await self._invite(parcel, effect)
            case do.Post() as effect:
                return await self._post(parcel, effect)
            case do.Tell() as effect:
                return await self._tell(parcel, effect)
            case do.PostInsights() as effect:
                return await self._made(parcel, await self.insights(effect))
            case do.SendRun() as effect:
                return await self._made(parcel, await self.exports(effect))
            case do.Edit() as effect:
                return await self._edit(parcel, effect)
            case do.Pin() | do.Delete() | do.React():
                return await self._on_post(parcel, parcel.effect)
            case do.ChangeChannel() as effect:
                await small_effects.change_channel(self.driver, effect)
                return Result(row_id=parcel.row_id)
            case do.ArrangeChannel() as effect:
                arranged = await small_effects.arrange_channel(self.driver, effect, self.clock())
                return Result(row_id=parcel.row_id, event=arranged)
            case do.RemovePerson() as effect:
                await small_effects.remove_person(self.driver, effect)
                return Result(row_id=parcel.row_id)
            case do.SetHead() as effect:
                await small_effects.set_head(self.driver, effect)
                return Result(row_id=parcel.row_id)
            case do.RunCommand() as effect:
                event = await small_effects.run_command(self.driver, parcel, effect, self.clock())
                return Result(row_id=parcel.row_id, event=event)
            case _:
                assert_never(parcel.effect)

    async def _open_channel(self, parcel: Parcel, effect: do.OpenChannel) -> Result:
        channel = await open_channel(self.driver, effect, self.server.me.id, is_repeated=parcel.is_repeated)
        place = read_channel(channel).place
        return Result(row_id=parcel.row_id, event=ChannelOpened(at=self.clock(), run_id=effect.run_id, place=place))

    async def _invite(self, parcel: Parcel, effect: do.Invite) -> Result:
        try:
            added, refused = await invite(self.driver, effect, self.server)
        except groups.Unknown as unknown:
            return Result(row_id=parcel.row_id, event=self._invited(effect, no_group=unknown.why))
        there = await present(self.driver, effect.place_id) if effect.meet else ()
        return Result(row_id=parcel.row_id, event=self._invited(effect, added=added, refused=refused, present=there))

    def _invited(
        self,
        effect: do.Invite,
        *,
        added: tuple[Person, ...] = (),
        refused: Mapping[str, NotInvited] = NOBODY,
        present: tuple[Person, ...] = (),
        no_group: NoGroup | Literal[""] = "",
    ) -> PeopleInvited:
        return PeopleInvited(
            at=self.clock(),
            run_id=effect.run_id,
            added=added,
            refused=dict(refused),
            present=present,
            action_id=effect.action_id,
            no_group=no_group,
        )

    async def _post(self, parcel: Parcel, effect: do.Post) -> Result:
        if effect.under is not None and parcel.gone and not parcel.post_id:
            # Why the thread has no first post was told already.
            return Result(row_id=parcel.row_id, outcome="gone")
        root_id = effect.root_id if effect.under is None or parcel.gone else parcel.post_id
        post = await self._stand(parcel, effect, effect.place_id, root_id)
        return self._posted(parcel, effect.message_id, post)

    async def _tell(self, parcel: Parcel, effect: do.Tell) -> Result:
        can_whisper = effect.place_id and effect.message_id is None and effect.attached is None
        if can_whisper and (outcome := await self._whisper(parcel, effect)):
            return Result(row_id=parcel.row_id, outcome=outcome)
        if effect.only_whispered:
            return Result(row_id=parcel.row_id, outcome="unheard")
        direct = await self._direct(effect.person_id)
        root_id = effect.root_id if effect.place_id in ("", direct) else ""
        post = await self._stand(parcel, effect, direct, root_id)
        if effect.message_id is None:
            return Result(row_id=parcel.row_id)
        return self._posted(parcel, effect.message_id, post)

    async def _made(self, parcel: Parcel, made: do.Post | do.Tell | None) -> Result:
        """Deliver a message that was made just now, if there is one."""
        if made is None:
            return Result(row_id=parcel.row_id, outcome="unheard")
        written = replace(parcel, effect=made)
        return await (self._tell(written, made) if isinstance(made, do.Tell) else self._post(written, made))

    async def _stand(self, parcel: Parcel, effect: do.Post | do.Tell, place_id: str, root_id: str) -> Post:
        """Return the post of a message, an earlier attempt's or a new one, with the files that it has."""

        async def body() -> outgoing.Json:
            ids = await uploaded(self.driver, parcel, place_id, effect.attached)
            content = effect.attached.instead if effect.attached is not None and not ids else effect.content
            # The buttons of a direct message carry no thread.
            of_thread = root_id if isinstance(effect, do.Post) else ""
            written = self._body(parcel, content, effect.message_id, root_id=of_thread)
            return {**written, "file_ids": ids} if ids else written

        return await self._poster.stand(parcel, place_id, body, root_id)

    async def _direct(self, person_id: str) -> str:
        """Return the channel of the direct messages with somebody, which is one and the same for ever."""
        if person_id not in self._directs:
            made = await self.driver.channels.create_direct_message_channel([self.server.me.id, person_id])
            self._directs[person_id] = str(made["id"])
        return self._directs[person_id]

    async def _edit(self, parcel: Parcel, effect: do.Edit) -> Result:
        if parcel.gone or not parcel.post_id:
            return Result(row_id=parcel.row_id, outcome="gone")
        if await self._shows_already(parcel, effect.revision):
            return Result(row_id=parcel.row_id, outcome="shown")
        # Whoever has posted it may still have to know its post by the key.
        known_by = replace(parcel, key=parcel.post_key or parcel.key)
        body = self._body(known_by, effect.content, effect.message_id, effect.revision)
        try:
            await self.driver.posts.patch_post(parcel.post_id, options=body)
        except ServerRefused as refusal:
            return await self._gone(parcel, refusal)
        return Result(row_id=parcel.row_id)

    async def _on_post(self, parcel: Parcel, effect: do.Pin | do.Delete | do.React) -> Result:
        if not parcel.post_id or (parcel.gone and not isinstance(effect, do.Delete)):
            return Result(row_id=parcel.row_id, outcome="gone")
        try:
            match effect:
                case do.Pin():
                    await self.driver.posts.pin_post_to_channel(parcel.post_id)
                case do.Delete():
                    await self.driver.posts.delete_post(parcel.post_id)
                case do.React():
                    await small_effects.react(self.driver, self.server.me.id, parcel.post_id, effect)
        except ServerRefused as refusal:
            return await self._gone(parcel, refusal)
        return Result(row_id=parcel.row_id)

    async def _whisper(self, parcel: Parcel, effect: do.Tell) -> Outcome | Literal[""]:
        """Show it to one person in the channel; return what came of it, nothing where the bot has no right to.

        Nobody can look up later whether it was shown: where an attempt before this one may have shown it, it stays at
        that.
        """
        if not self._ephemeral:
            return ""
        if parcel.is_repeated:
            log.info("not whispered again", action="unsure", effect=parcel.kind, row=parcel.row_id)
            return "unsure"
        body = self._body(parcel, effect.content, None, root_id=effect.root_id)
        try:
            await self.driver.posts.create_ephemeral_post(
                options=outgoing.new_ephemeral(effect.person_id, effect.place_id, body, root_id=effect.root_id)
            )
        except ServerRefused as refusal:
            if refusal.status != 403 or is_for_all(refusal):
                raise
            self._ephemeral = False
        return "ephemeral" if self._ephemeral else ""

    async def _may_whisper(self, user: Json) -> bool | None:
        """Return whether a role of the bot's lets it post ephemerally, None if the server does not tell."""
        try:
            roles = await self.driver.client.post("/roles/names", options=str(user["roles"]).split())
        except ServerRefused:
            return None
        return any("create_post_ephemeral" in (role.get("permissions") or []) for role in roles)

    async def _shows_already(self, parcel: Parcel, revision: int) -> bool:
        if self.shows(parcel.post_id) < revision and parcel.is_repeated:
            try:
                post = await self.driver.posts.get_post(parcel.post_id)
            except ServerRefused as refusal:
                if not is_hopeless(refusal):
                    raise
            else:
                self.noticed(parcel.post_id, answers.post(post).revision or 0)
        return self.shows(parcel.post_id) >= revision

    async def _gone(self, parcel: Parcel, refusal: ServerRefused) -> Result:
        """Return that the post was deleted by hand; raise `refusal` where it was not."""
        if refusal.status not in (403, 404) or is_for_all(refusal) or not await self._is_deleted(parcel):
            raise refusal
        event = PostDeleted(at=self.clock(), post_id=parcel.post_id, place_id=parcel.place_id)
        return Result(row_id=parcel.row_id, outcome="gone", event=event)

    async def _is_deleted(self, parcel: Parcel) -> bool:
        # Editing a deleted post is refused like one in a channel that the bot was removed from (403).
        try:
            post = await self.driver.posts.get_post(parcel.post_id)
        except ServerRefused as refusal:
            if not is_hopeless(refusal):
                raise
            return refusal.status == 404
        return answers.post(post).delete_at > 0

    def _body(
        self, parcel: Parcel, content: do.Content, message_id: int | None, revision: int = 1, root_id: str = ""
    ) -> outgoing.Json:
        return self.writer.body(
            content, key=parcel.key, revision=revision, message_id=message_id, now=self.clock(), root_id=root_id
        )

    def _posted(self, parcel: Parcel, message_id: int, post: Post) -> Result:
        return Result(
            row_id=parcel.row_id,
            event=MessagePosted(at=self.clock(), message_id=message_id, post_id=post.id),
            message_id=message_id,
            post_id=post.id,
            place_id=post.channel_id,
        )

    def _judge(self, parcel: Parcel, refusal: ServerRefused) -> Result:
        if not is_hopeless(refusal):
            return self.try_again(parcel, str(refusal))
        return self._give_up(parcel, reason(refusal), str(refusal))

    def _give_up(self, parcel: Parcel, why: Reason, said: str) -> Result:
        log.warning("given up", action="given_up", effect=parcel.kind, said=said, reason=why)
        return Result(row_id=parcel.row_id, outcome=why, event=parcel.undeliverable(why, self.clock()))
