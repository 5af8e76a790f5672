"""The gap: after a start, a loss or an overflow, reads what was missed, and only where something moved."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.directory.directory import Directory
from bot.directory.protocols import Rest
from bot.directory.retry import Passing, Patience, passes
from bot.driver import ServerRefused
from bot.listening.channel_workers import ChannelWorkers
from bot.listening.filter import Ear, HeardPost, Once
from bot.listening.history import History
from bot.listening.memberships import Memberships
from bot.listening.read_marks import Watermarks
from bot.listening.report import Reporter
from bot.listening.websocket import TokenRefused
from bot.wire.answers import post as read_post
from bot.wire.reading import BadFrame, read_channel, read_channels, read_teams
from bot.wire.things import Channel, Post, Team
from handlers.events import Place
from store import Unavailable

log = structlog.get_logger()

AT_ONCE = 4
"""How many channels are read at a time."""
OVERLAP_MS = 5_000
"""How far behind a mark is read again: the server tells posts not quite in the order of their times."""


@dataclass(eq=False, repr=False, kw_only=True)
class CatchUp:
    """Reads what was missed, as often as it is `wanted`, and the beginnings of channels that the bot came into.

    A channel that is new to the bot is heard from when the bot joined it, and at the very first start from then on.
    `learn_words` asks anew what there is to listen for, before what was missed is read; it raises what passes.
    """

    client: Rest
    memberships: Memberships
    marks: Watermarks
    lanes: ChannelWorkers
    directory: Directory
    reporter: Reporter
    ear: Ear
    once: Once
    patience: Patience
    learn_words: Callable[[], Awaitable[None]]
    overlap_ms: int = OVERLAP_MS

    def __post_init__(self) -> None:
        self._history = History(self._get)
        self._width = asyncio.Semaphore(AT_ONCE)
        self._floor: int | None = None
        self._entering: dict[str, int] = {}
        self._gap = False
        self._wake = asyncio.Event()
        self.is_complete = asyncio.Event()
        """Set while nothing is known to be missing."""

    def want(self) -> None:
        """Read what was missed, soon; what was heard so far keeps its place."""
        if not self._gap:
            # Before anything that is kept back is dropped: no mark may pass it.
            self.marks.lose()
        self.lanes.hold()
        if self._gap:
            return
        self._gap = True
        self.is_complete.clear()
        if self._floor is None:
            self._floor = self.marks.newest()
        self._wake.set()

    def enter(self, place_id: str, since: int | None = None) -> None:
        """Take up a channel that the bot came into, soon; with what was said in it from now on, or `since` then."""
        newest = self.marks.newest()
        self._entering.setdefault(place_id, newest if since is None else min(since, newest))
        self._wake.set()

    async def run(self) -> None:
        """Catch up until cancelled. Raises `TokenRefused`."""
        attempt = 0
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._round()
                attempt = 0
            except (*Passing, BadFrame) as error:
                if isinstance(error, ServerRefused) and error.status == 401:
                    raise TokenRefused from None
                log.warning("catch-up failed", action="catchup_failed", error=str(error))
                if not isinstance(error, Unavailable):
                    # Without the database nothing could go on in any case, and later it would come before the gap.
                    await self.lanes.let_all_go()
                await self._again(self.patience.wait(error, attempt))
                attempt += 1

    async def _again(self, wait: float) -> None:
        await self.patience.sleep(wait)
        self._wake.set()
        if self._floor is not None:
            self._gap = True

    async def _round(self) -> None:
        if self._gap:
            self._gap = False
            await self._close_gap()
        else:
            while self._entering and not self._gap:
                await self._enter(*next(iter(self._entering.items())))
        if not self._gap and self._floor is not None:
            self._floor = None
            self.marks.closed()
            await self.lanes.let_all_go()
            self.is_complete.set()

    async def _close_gap(self) -> None:
        entering = dict(self._entering)
        await self.learn_words()
        teams, channels = await self._list()
        floor = self._floor or max((each.last_post_at for each in channels.values()), default=0)
        await self.memberships.note_teams(teams)
        await self.reporter.teams_anew([team.id for team in teams])
        await self._note_changed(channels)
        await self._note_gone({team.id for team in teams}, channels)
        new = {one: min(floor, entering.get(one, floor)) for one in channels if one not in self.memberships.mine}
        await self._note_new({place_id: (channels[place_id], since) for place_id, since in new.items()})
        for place_id in entering:
            self._entering.pop(place_id, None)
        starts = dict.fromkeys(channels, floor) | new
        # A reaction moves no channel's last post.
        looked_at = await self.reporter.reacted_in()
        moved = [
            each
            for each in channels.values()
            if each.id in looked_at or self._has_moved(each, starts[each.id], each.id in new)
        ]
        log.info("catching up", action="catchup", channels=len(channels), moved=len(moved), new=len(new))
        for place_id in channels.keys() - {each.id for each in moved}:
            await self._finish(place_id, channels[place_id].last_post_at)
        done = await asyncio.gather(
            *(self._read(each, starts[each.id], is_new=each.id in new) for each in moved), return_exceptions=True
        )
        for failure in done:
            if failure is not None:
                raise failure

    async def _list(self) -> tuple[list[Team], dict[str, Channel]]:
        """List the bot's teams and channels; the server names direct ones with each team."""
        teams = [team for team in read_teams(await self._get("/users/me/teams")) if team.delete_at == 0]
        channels: dict[str, Channel] = {}
        for team in teams:
            for channel in read_channels(await self._get(f"/users/me/teams/{team.id}/channels")):
                if channel.delete_at == 0:
                    channels[channel.id] = channel
                    self.directory.learn_place(channel)
        return teams, channels

    async def _note_changed(self, channels: dict[str, Channel]) -> None:
        for channel in await self.memberships.differing(channels):
            await self.reporter.changed(channel)

    async def _note_gone(self, team_ids: set[str], channels: Iterable[str]) -> None:
        mine = self.memberships.mine
        for place_id in mine.keys() - set(channels):
            in_team = mine[place_id] == "" or mine[place_id] in team_ids
            archived = in_team and await self._is_archived(place_id)
            await self.lanes.put(place_id, partial(self.gone, place_id, archived, in_team and not archived))

    async def gone(self, place_id: str, archived: bool, by_hand: bool) -> None:
        """Report that a channel was archived, or that the bot is no longer in it, be it by somebody's hand."""
        # Told first: of a channel that is known as left, this would not be told again.
        await self.reporter.closed(place_id, "archived" if archived else "removed")
        await self.memberships.left(place_id, by_hand=by_hand)
        if not archived:
            await self.reporter.unknown(place_id)

    async def _is_archived(self, place_id: str) -> bool:
        try:
            return read_channel(await self._get(f"/channels/{place_id}")).delete_at > 0
        except ServerRefused as error:
            if error.status not in (403, 404):
                raise
            return False

    async def _note_new(self, marks: dict[str, tuple[Channel, int]]) -> None:
        known = await self.memberships.entered(marks)
        self.marks.start({place_id: mark for place_id, (_, mark) in marks.items()})
        for place_id in known:
            await self.lanes.put(place_id, partial(self._back, place_id))

    async def _back(self, place_id: str) -> None:
        await self.reporter.reopened(place_id)
        await self.memberships.is_back(place_id)

    def _has_moved(self, channel: Channel, floor: int, is_new: bool) -> bool:
        if is_new:
            return channel.last_post_at > floor
        # Where the last thing was heard just before the gap, something may have come out of order.
        return channel.last_post_at > min(self.marks.heard(channel.id), floor - self.overlap_ms)

    async def _enter(self, place_id: str, floor: int) -> None:
        """Take up one channel, and what was said in it since the bot came; it is to be entered until that is done."""
        if place_id not in self.memberships.mine:
            await self._take_up(place_id, floor)
        self._entering.pop(place_id, None)

    async def _take_up(self, place_id: str, floor: int) -> None:
        try:
            channel = read_channel(await self._get(f"/channels/{place_id}"))
            self.directory.learn_place(channel)
            await self._note_changed({channel.id: channel})
            await self._note_new({place_id: (channel, max(floor, self.marks.heard(place_id)))})
            await self._read(channel, floor, is_new=True)
        except (ServerRefused, BadFrame) as error:
            if isinstance(error, ServerRefused) and passes(error):
                raise
            log.info("channel not taken up", action="enter_failed", place=place_id, error=str(error))

    async def _read(self, channel: Channel, floor: int, *, is_new: bool) -> None:
        start = floor if is_new else self._resumed(channel, floor)
        async with self._width:
            try:
                posts, is_whole = await self._history.since(channel.id, start - 1, self._is_of_use)
            except ServerRefused as error:
                if error.status not in (403, 404):
                    raise
                posts, is_whole = [], True
            if not is_whole:
                await self._meet_standing(channel.id, start)
        self.lanes.give_up(channel.id, {post.id for post in posts})
        if is_new:
            start = self._begun(channel, posts, floor)
        for post in posts:
            await self._meet(post, channel.place, start)
            await self._meet_reactions(post, start)
        await self._finish(channel.id, max([channel.last_post_at, *(post.create_at for post in posts)]))

    def _resumed(self, channel: Channel, floor: int) -> int:
        """Return from when on (ms) a known channel is read: after its mark, or a little before it.

        What was heard long before the gap came in order by now, and the store may have forgotten that it was heard.
        """
        mark = min(self.marks.heard(channel.id), channel.last_post_at)
        return mark + 1 - (self.overlap_ms if mark >= floor - self.overlap_ms else 0)

    def _begun(self, channel: Channel, posts: list[Post], floor: int) -> int:
        """Return from when on (ms) a new channel is heard: since the bot joined it, or since it exists."""
        joined = [post.create_at for post in posts if post.joined_id == self.ear.me.id]
        return max([channel.create_at, floor, *joined])

    def _is_of_use(self, post: Post) -> bool:
        return bool(post.delete_at or post.joined_id or post.left_id) or post.is_spoken

    async def _meet(self, post: Post, place: Place, start: int) -> None:
        """Let a post that was read go the way of one that is heard."""
        if post.delete_at:
            await self.lanes.put(place.id, partial(self.reporter.deleted, place.id, post.id))
            return
        deed = self._deed(post, place) if post.create_at >= start and post.id not in self.once else None
        if deed is not None:
            await self.lanes.put(place.id, deed, post.create_at, post.id)

    async def _meet_reactions(self, post: Post, since: int) -> None:
        for reaction in post.metadata.reactions or ():
            if reaction.create_at >= since and self.ear.minds(reaction) and not post.delete_at:
                await self.lanes.put(post.channel_id, partial(self.reporter.reacted, post.channel_id, reaction))

    async def _meet_standing(self, place_id: str, since: int) -> None:
        """Look at each of the bot's own messages: of so many changes not all deletions and reactions are told."""
        for post_id in await self.reporter.standing_in(place_id):
            try:
                post = read_post(await self._get(f"/posts/{post_id}"))
            except ServerRefused as error:
                if error.status != 404:
                    raise
                post = None
            if post is None or post.delete_at:
                await self.lanes.put(place_id, partial(self.reporter.deleted, place_id, post_id))
            else:
                await self._meet_reactions(post, since)

    def _deed(self, post: Post, place: Place) -> Any:
        if post.joined_id or post.left_id:
            return self._coming_or_going(post, place.id)
        found = self.ear.listen(post, place.team_id, place.kind)
        return None if found is None else partial(self.reporter.message, HeardPost(post, place, *found))

    def _coming_or_going(self, post: Post, place_id: str) -> Any:
        if self.ear.me.id in (post.joined_id, post.left_id):
            return None
        if post.joined_id:
            return partial(self.reporter.joined, place_id, post.joined_id)
        return partial(self.reporter.left, place_id, post.left_id)

    async def _finish(self, place_id: str, until: int) -> None:
        if self._gap:
            # More was lost since the channels were listed: this one has to be read again.
            return
        self.marks.caught_up(place_id, until)
        await self.lanes.let_go(place_id)

    async def _get(self, path: str, params: dict[str, Any] | None = None) -> Any:
        return await self.patience.insist(lambda: self.client.get(path, params=params), trouble=self.lanes.let_all_go)
