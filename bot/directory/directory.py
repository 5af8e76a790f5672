"""Who and where is who: people and channels, from memory, from the store, or asked of the server in batches."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from cachetools import LRUCache

from bot.directory import groups
from bot.directory.files import given_files
from bot.directory.places import note_or_doubt, note_place
from bot.directory.protocols import Asks, Rest
from bot.directory.readers import readers_of
from bot.directory.retry import passes
from bot.driver import ServerRefused, ServerUnreachable
from bot.wire.answers import post as read_post
from bot.wire.reading import BadFrame, read_channel, read_member, read_team_members, read_users
from bot.wire.things import Channel, Post, User
from handlers.context import known_person, person_row
from handlers.events import Given, Person, Place, Readers
from handlers.unsure import ToRender, Unsure
from store import UTC_EPOCH, Store

log = structlog.get_logger()
T = TypeVar("T")

BATCH = 100


class Unknown(LookupError):
    """The server knows no such person or channel, or does not show it to the bot."""


class Directory:
    """People and channels by id and by name.

    What was read less than `fresh_for` ago needs no network; older things are read anew, and are still good when
    the server does not answer. Names that nobody has are remembered for `fresh_for`, too. Somebody who pressed a button
    waits `soon` at most for what is asked each time. `on_differing` is told of a channel that is read for another
    purpose and is something else than the handlers know. By `render` templates are rendered, beside the directory.
    """

    def __init__(
        self,
        client: Rest,
        desk: Asks,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        fresh_for: timedelta = timedelta(minutes=5),
        size: int = 20_000,
        soon: timedelta = timedelta(seconds=2),
        on_differing: Callable[[Channel], object] | None = None,
        render: Callable[[ToRender], Awaitable[None]] | None = None,
    ) -> None:
        self._client = client
        self._desk = desk
        self._clock = clock
        self._fresh_for = fresh_for
        self._soon = soon
        # Each with the time of its reading; what was not asked for the longest goes first.
        self._people: LRUCache[str, tuple[Person, datetime]] = LRUCache(size)
        self._names: LRUCache[str, tuple[str, datetime]] = LRUCache(size)
        self._places: LRUCache[str, tuple[Place, datetime]] = LRUCache(size)
        self._place_names: LRUCache[str, tuple[str, datetime]] = LRUCache(size)
        self._on_differing = on_differing
        self._render = render
        self._wanted: dict[str, asyncio.Future[Person | None]] = {}
        self._fetching: set[asyncio.Task[None]] = set()

    async def person(self, person_id: str) -> Person:
        """Return a person. Raises `Unknown`, and `ServerUnreachable` if nothing is known of an older time."""
        kept = self._people.get(person_id) or await self._stored_person(person_id)
        if kept is not None and self._is_fresh(kept[1]):
            return kept[0]
        try:
            person = await self._fetch(person_id)
        except (ServerUnreachable, ServerRefused):
            if kept is None:
                raise
            return kept[0]
        if person is None:
            raise Unknown(person_id)
        return person

    async def people(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id; ids that nobody has are left out."""
        found = await asyncio.gather(*(self.person(each) for each in dict.fromkeys(person_ids)), return_exceptions=True)
        for each in found:
            if isinstance(each, BaseException) and not isinstance(each, Unknown):
                raise each
        return {each.id: each for each in found if isinstance(each, Person)}

    async def people_named(self, usernames: Iterable[str]) -> dict[str, Person]:
        """Return people by user name, in lower case; names that nobody has are left out."""
        names = list(dict.fromkeys(name.lower().lstrip("@") for name in usernames))
        missing = [name for name in names if not self._knows(name)]
        for start in range(0, len(missing), BATCH):
            await self._ask_names(missing[start : start + BATCH])
        found = {name: self._named(name) for name in names}
        return {name: person for name, person in found.items() if person is not None}

    async def place(self, place_id: str) -> Place:
        """Return a channel. Raises `Unknown`, and `ServerUnreachable` if nothing is known of an older time."""
        kept = self._places.get(place_id)
        if kept is not None and self._is_fresh(kept[1]):
            return kept[0]
        try:
            return (await self._ask_channel(f"/channels/{place_id}")).place
        except (ServerUnreachable, ServerRefused) as error:
            if kept is not None:
                return kept[0]
            raise _unknown(error, place_id) from None

    async def place_named(self, team_id: str, name: str) -> Place | None:
        """Return a team's channel by its name, None if there is none that the bot may see."""
        key = f"{team_id}/{name.lower().lstrip('~')}"
        kept = self._place_names.get(key)
        if kept is not None and self._is_fresh(kept[1]):
            return await self.place(kept[0]) if kept[0] else None
        try:
            channel = await self._ask_channel(f"/teams/{team_id}/channels/name/{key.split('/', 1)[1]}")
        except ServerRefused as error:
            if error.status not in (400, 403, 404):
                raise
            self._place_names[key] = ("", self._clock())
            return None
        return channel.place

    async def administers(self, person_id: str, place_id: str) -> bool:
        """Return whether somebody administers a channel, as the server says now.

        It is not kept: of a change the server tells nobody but that person (server source: app/channel.go). Without an
        answer soon, or with one that the bot may not have, they do not.
        """
        try:
            async with asyncio.timeout(self._soon.total_seconds()):
                return await self._ask_head(person_id, place_id)
        except (ServerUnreachable, ServerRefused, TimeoutError) as error:
            log.info("not known whether a channel admin", action="not_asked", place=place_id, error=str(error))
            return False

    async def is_head(self, person_id: str, place_id: str) -> bool:
        """Return whether somebody administers a channel; no if the bot may not know.

        Raises `ServerUnreachable`, and such a `ServerRefused` as passes.
        """
        try:
            return await self._ask_head(person_id, place_id)
        except ServerRefused as error:
            if passes(error):
                raise
            return False

    async def render(self, order: ToRender) -> None:
        """Have it known what templates say. Raises `Unsure` where nobody renders them."""
        if self._render is None:
            raise Unsure(order)
        await self._render(order)

    async def ask_members(self, team_id: str, person_ids: Sequence[str]) -> set[str]:
        """Ask which of some people are in a team, store it for the handlers, and return those who are.

        A team that does not show itself to the bot has nobody in it. Who is deactivated stays a member (server source:
        app/user.go). Raises `ServerUnreachable`.
        """
        found: set[str] = set()
        for start in range(0, len(person_ids), BATCH):
            batch = list(person_ids[start : start + BATCH])
            try:
                members = _read(read_team_members, await self._client.post(f"/teams/{team_id}/members/ids", batch))
            except ServerRefused as error:
                if error.status not in (403, 404):
                    raise
                log.info("team not shown", action="not_asked", team=team_id, error=str(error))
                break
            found |= {each.user_id for each in members if each.delete_at == 0}
        now = self._clock()
        answer = {each: each in found for each in person_ids}
        await self._desk.ask(lambda store: store.learn_members(team_id, answer, now))
        return found & set(person_ids)

    async def ask_groups(self, names: Sequence[str]) -> None:
        """Ask who is in some groups, and store it for the handlers; of one that is not shown nobody is in it.

        Raises `ServerUnreachable`.
        """
        for name in names:
            ids = await self._ask_group(name)
            await self._desk.ask(partial(_learn_group, name, ids, self._clock()))

    async def _ask_group(self, name: str) -> list[str] | None:
        try:
            return [one.id for one in await groups.members(self._client, name) if one.is_active]
        except groups.Unknown as unknown:
            log.info("not known who is in a group", action="not_asked", group=name, why=unknown.why)
        except ServerRefused as error:
            if passes(error):
                raise
            log.info("not known who is in a group", action="not_asked", group=name, error=str(error))
        except BadFrame as error:
            raise ServerUnreachable(f"an answer that cannot be read: {error}") from error
        return None

    async def ask_readers(self, place_id: str, kind: str) -> Readers:
        """Return who reads a channel now; it is not kept. Raises `ServerUnreachable` and `ServerRefused`."""
        try:
            return await readers_of(self._client, place_id, kind)
        except BadFrame as error:
            raise ServerUnreachable(f"an answer that cannot be read: {error}") from error

    async def read_anew(self, person_ids: Sequence[str]) -> None:
        """Ask for people whatever is known of them, and store them. Raises `ServerUnreachable` and `ServerRefused`."""
        for start in range(0, len(person_ids), BATCH):
            await self.learn_people(await self._ask_ids(person_ids[start : start + BATCH]))

    async def post(self, post_id: str) -> Post:
        """Return a post as it stands now; it is not kept. Raises `ServerRefused` where the bot may not see it."""
        return _read(read_post, await self._client.get(f"/posts/{post_id}"))

    async def files(self, file_ids: list[str], most_bytes: int) -> tuple[Given, ...]:
        """Return the files under a message, what is in them as far as they have `most_bytes` at most.

        Raises `ServerUnreachable`, and such a `ServerRefused` as passes.
        """
        return await given_files(self._client, file_ids, most_bytes)

    async def prefetch(self, usernames: Iterable[str], places: Iterable[tuple[str, str]] = ()) -> None:
        """Read what playbooks mention, people by name and channels by (team id, name), before it is needed."""
        await self.people_named(usernames)
        for team_id, name in places:
            await self.place_named(team_id, name)

    def aged(self, person_or_place_id: str) -> None:
        """Take note that something about a person or a channel has changed: it is read anew when it is needed."""
        if (person := self._people.get(person_or_place_id)) is not None:
            self._people[person_or_place_id] = (person[0], UTC_EPOCH)
        if (place := self._places.get(person_or_place_id)) is not None:
            self._places[person_or_place_id] = (place[0], UTC_EPOCH)

    def learn_place(self, channel: Channel) -> None:
        """Take over a channel that was read for another purpose."""
        now = self._clock()
        self._places[channel.id] = (channel.place, now)
        self._place_names[f"{channel.team_id}/{channel.name}"] = (channel.id, now)

    async def store_place(self, channel: Channel) -> None:
        """Take over a channel, and store it for the handlers to find by its name."""
        self.learn_place(channel)
        now = self._clock()
        if self._on_differing is None:
            await self._desk.ask(lambda store: note_place(store, channel, now))
        elif await self._desk.ask(lambda store: note_or_doubt(store, channel, now)):
            self._on_differing(channel)

    async def learn_people(self, users: Iterable[User]) -> None:
        """Take over people that were read for another purpose, and store them."""
        now, users = self._clock(), list(users)
        for user in users:
            self._people[user.id] = (user.person, now)
            self._names[user.username] = (user.id, now)
        rows = [person_row(user.person, now) for user in users]
        if rows:
            await self._desk.ask(lambda store: store.learn(*rows))

    def _is_fresh(self, at: datetime) -> bool:
        # A time in the future means that the clock was set back since: nobody knows how old that is.
        return abs(self._clock() - at) < self._fresh_for

    def _knows(self, name: str) -> bool:
        kept = self._names.get(name)
        if kept is None or not self._is_fresh(kept[1]):
            return False
        person = self._people.get(kept[0]) if kept[0] else None
        return kept[0] == "" or (person is not None and self._is_fresh(person[1]))

    def _named(self, name: str) -> Person | None:
        kept = self._names.get(name)
        person = self._people.get(kept[0]) if kept is not None and kept[0] else None
        # Somebody else may have got the name since.
        return person[0] if person is not None and person[0].username == name else None

    async def _stored_person(self, person_id: str) -> tuple[Person, datetime] | None:
        row = await self._desk.ask(lambda store: store.person(person_id))
        if row is None:
            return None
        kept = (known_person(row), row.seen_at)
        self._people[person_id] = kept
        return kept

    async def _fetch(self, person_id: str) -> Person | None:
        """Read a person together with all the others that are wanted at this moment."""
        if person_id not in self._wanted:
            self._wanted[person_id] = asyncio.get_running_loop().create_future()
            if len(self._wanted) == 1:
                task = asyncio.create_task(self._fetch_wanted())
                self._fetching.add(task)
                task.add_done_callback(self._fetching.discard)
        return await asyncio.shield(self._wanted[person_id])

    async def _fetch_wanted(self) -> None:
        await asyncio.sleep(0)
        wanted, self._wanted = self._wanted, {}
        ids = list(wanted)
        for start in range(0, len(ids), BATCH):
            batch = {person_id: wanted[person_id] for person_id in ids[start : start + BATCH]}
            await self._fetch_batch(batch)

    async def _fetch_batch(self, wanted: dict[str, asyncio.Future[Person | None]]) -> None:
        try:
            users = {user.id: user for user in await self._ask_ids(list(wanted))}
            await self.learn_people(users.values())
        except Exception as error:
            for future in wanted.values():
                future.set_exception(error)
            return
        for person_id, future in wanted.items():
            future.set_result(users[person_id].person if person_id in users else None)

    async def _ask_ids(self, person_ids: Sequence[str]) -> list[User]:
        return _read(read_users, await self._client.post("/users/ids", list(person_ids)))

    async def _ask_names(self, names: list[str]) -> None:
        try:
            users = _read(read_users, await self._client.post("/users/usernames", names))
        except (ServerUnreachable, ServerRefused) as error:
            if not all(self._names.get(name) for name in names):
                raise
            log.info("people not read anew", action="directory_stale", error=str(error))
            return
        await self.learn_people(users)
        for name in set(names) - {user.username for user in users}:
            self._names[name] = ("", self._clock())

    async def _ask_head(self, person_id: str, place_id: str) -> bool:
        answer = await self._client.get(f"/channels/{place_id}/members/{person_id}")
        return _read(read_member, answer).is_admin

    async def _ask_channel(self, path: str) -> Channel:
        channel = _read(read_channel, await self._client.get(path))
        await self.store_place(channel)
        return channel


def _learn_group(name: str, ids: Sequence[str] | None, now: datetime, store: Store) -> None:
    store.learn_group(name, ids or (), now, is_there=ids is not None)


def _read(read: Callable[[Any], T], answer: Any) -> T:
    """Read an answer; one that no Mattermost gives comes from a proxy, say, and counts as no answer."""
    try:
        return read(answer)
    except BadFrame as error:
        raise ServerUnreachable(f"an answer that cannot be read: {error}") from error


def _unknown(error: ServerUnreachable | ServerRefused, place_id: str) -> Exception:
    is_no = isinstance(error, ServerRefused) and error.status in (400, 403, 404)
    return Unknown(place_id) if is_no else error
