"""Which channels the bot is in, in memory and in the store, with what a restart needs to know of each."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime

from bot.directory.places import differs, note_place
from bot.directory.protocols import Asks
from bot.wire.things import Channel, Team
from store import KnownTeam, Store


class Memberships:
    """The bot's channels by id, with the id of their team; a channel that it left stays in the store."""

    def __init__(self, desk: Asks, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._desk = desk
        self._clock = clock
        self.mine: dict[str, str] = {}

    async def load(self) -> dict[str, int]:
        """Read from the store; return up to when (ms) each channel was heard."""
        places = await self._desk.ask(lambda store: store.watched_places())
        self.mine = {place.id: place.team_id for place in places}
        return {place.id: place.heard_until for place in places}

    async def note_teams(self, teams: Iterable[Team]) -> None:
        """Store the teams that the bot is in."""
        now = self._clock()
        rows = [KnownTeam(id=each.id, name=each.name, title=each.display_name, seen_at=now) for each in teams]
        await self._desk.ask(lambda store: store.learn(*rows))

    async def entered(self, channels: dict[str, tuple[Channel, int]]) -> set[str]:
        """Store channels that the bot is in now, each with its mark (ms); return those that it was in before.

        These are stored by `is_back`, once everything that follows is decided.
        """
        now = self._clock()
        known = await self._desk.ask(
            lambda store: {
                place_id for place_id, (channel, mark) in channels.items() if _enter(store, channel, mark, now)
            }
        )
        self.mine |= {place_id: channel.team_id for place_id, (channel, _) in channels.items()}
        return known

    async def is_back(self, place_id: str) -> None:
        """Store that the bot is again in a channel that it was in before."""
        await self._desk.ask(lambda store: _turn(store, place_id, is_member=True, by_hand=False))

    async def differing(self, channels: dict[str, Channel]) -> list[Channel]:
        """Return those of some channels that are something else than is stored of them: renamed, or converted."""
        return await self._desk.ask(lambda store: [each for each in channels.values() if differs(store, each)])

    async def doubt(self, place_id: str) -> None:
        """Store that nobody knows at the moment what a channel is."""
        await self._desk.ask(lambda store: store.doubt(place_id))

    async def left(self, place_id: str, *, by_hand: bool) -> None:
        """Store that the bot is no longer in a channel; one that it was removed from by hand is not joined again."""
        await self._desk.ask(lambda store: _turn(store, place_id, is_member=False, by_hand=by_hand))
        self.mine.pop(place_id, None)

    async def is_known(self, place_id: str) -> bool:
        """Return whether the bot is, or once was, in a channel."""
        return await self._desk.ask(lambda store: store.place(place_id) is not None)

    async def not_to_join(self, place_ids: Collection[str]) -> set[str]:
        """Return those channels that the bot was removed from by hand."""
        return await self._desk.ask(lambda store: {each for each in place_ids if _was_left(store, each)})


def _enter(store: Store, channel: Channel, mark: int, now: datetime) -> bool:
    row = note_place(store, channel, now)
    known = row.heard_until > 0
    if not known:
        row.is_member, row.left_by_hand = True, False
    row.heard_until = max(row.heard_until, mark)
    return known


def _was_left(store: Store, place_id: str) -> bool:
    row = store.place(place_id)
    return row is not None and row.left_by_hand


def _turn(store: Store, place_id: str, *, is_member: bool, by_hand: bool) -> None:
    if (row := store.place(place_id)) is not None:
        row.is_member, row.left_by_hand = is_member, by_hand
