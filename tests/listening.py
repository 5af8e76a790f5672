"""A sandbox server with a team and a bot, a listener on it, and a desk that writes down what it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from bot.directory.directory import Directory
from bot.directory.retry import Patience
from bot.driver import Client, connect
from bot.listening.listener import Listener
from bot.wire.reading import read_user
from bot.wire.things import Channel
from handlers.context import Installation
from handlers.effects import Content
from handlers.events import AnyEvent, Hit, MessageHeard, Person
from sandbox import Sandbox
from store import Database, PlaybookRow, Run, Store, Unavailable

T = TypeVar("T")
QUICK = Patience(
    hello=0.5,
    ping_every=0.2,
    pong_within=0.3,
    first_retry=0.01,
    longest_retry=0.05,
    flush_every=0.02,
    arrivals=0.02,
    restored_every=0.02,
)
IN_TIME = 10.0


class Desk:
    """A dispatcher that only writes down: each message once, as the handlers' store would have it."""

    def __init__(self) -> None:
        self.database = Database("sqlite://")
        self.database.migrate()
        self.here = Installation(bot=Person(id="bot", username="muster"), site_url="https://chat.example.com", menus={})
        self.events: list[AnyEvent] = []
        self.repeated: list[str] = []
        self.fail = 0
        self.failure: Exception = Unavailable("the database is away")
        self.is_away: Callable[[AnyEvent], bool] = lambda event: False
        self.excuses: list[tuple[str, str]] = []
        self.blocked = asyncio.Event()
        self.blocked.set()
        self._changed = asyncio.Condition()

    async def dispatch(self, event: AnyEvent) -> None:
        await self.blocked.wait()
        if self.fail:
            self.fail -= 1
            raise self.failure
        if self.is_away(event):
            raise Unavailable("the database is away")
        if isinstance(event, MessageHeard) and not await self.ask(
            lambda store: store.once(f"post:{event.post_id}", event.at)
        ):
            self.repeated.append(event.post_id)
            return
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    async def tell(self, person_id: str, content: Content, once: str = "") -> None:
        if not once or await self.ask(lambda store: store.once(once, datetime.now(UTC))):
            self.excuses.append((person_id, content.text))

    async def ask(self, question: Callable[[Store], T]) -> T:
        with self.database.transaction() as store:
            return question(store)

    async def until(self, ready: Callable[[list[AnyEvent]], bool]) -> None:
        """Wait until what was told is `ready`."""
        try:
            async with asyncio.timeout(IN_TIME), self._changed:
                await self._changed.wait_for(lambda: ready(self.events))
        except TimeoutError:
            raise AssertionError(f"only this was told: {self.events}") from None

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, MessageHeard)]

    async def hears(self, *texts: str) -> None:
        """Wait for the last of these messages, and check that these were heard, in this order."""
        await self.until(lambda events: texts[-1] in self.texts)
        assert self.texts == list(texts), self.texts

    async def told(self, kind: type[T]) -> T:
        """Wait for an event of a kind, and return the first."""
        await self.until(lambda events: any(isinstance(event, kind) for event in events))
        return next(event for event in self.events if isinstance(event, kind))


class Words:
    """Keywords: the playbook 1 is watched for by the word "outage"."""

    def __init__(self, word: str = "outage") -> None:
        self.word = word

    def find(self, text: str, team_id: str, place_id: str = "") -> tuple[Hit, ...]:
        return (Hit(playbook_id=1, keywords=(self.word,)),) if self.word in text.lower() else ()


async def nothing_new() -> None:
    """Learn no other words to listen for."""


@dataclass
class Scene:
    """Alice and a bot named muster in the team "ops", both in the channels "general" and "side"."""

    mm: Sandbox
    admin: Client
    alice: Client
    bot: Client
    token: str
    me: Person
    alice_id: str
    team_id: str
    client: Callable[[str], Client]
    desk: Desk = field(default_factory=Desk)
    channels: dict[str, str] = field(default_factory=dict)
    edits: list[tuple[str, int]] = field(default_factory=list)

    async def channel(self, name: str, *, with_bot: bool = True, kind: str = "O") -> str:
        made = await self.alice.post(
            "/channels", {"team_id": self.team_id, "name": name, "display_name": name, "type": kind}
        )
        self.channels[name] = made["id"]
        if with_bot:
            await self.alice.post(f"/channels/{made['id']}/members", {"user_id": self.me.id})
        return str(made["id"])

    async def say(self, message: str, channel: str = "general", by: Client | None = None, **more: Any) -> Any:
        # No two messages within one millisecond: nobody could tell their order afterwards.
        self.mm.clock.advance(seconds=0.002)
        body = {"channel_id": self.channels.get(channel, channel), "message": message} | more
        return await (by or self.alice).post("/posts", body)

    def listener(self, **options: Any) -> Listener:
        def differs(channel: Channel) -> None:
            listener.differs(channel)

        directory = Directory(self.bot, self.desk, on_differing=differs)
        listener = Listener(
            self.mm.url,
            options.pop("token", self.token),
            **{
                "me": self.me,
                "client": self.bot,
                "desk": self.desk,
                "directory": directory,
                "keywords": Words(),
                "learn_words": nothing_new,
                "on_own_edit": lambda post_id, revision: self.edits.append((post_id, revision)),
                "patience": QUICK,
            }
            | options,
        )
        return listener

    @contextlib.asynccontextmanager
    async def listening(self, **options: Any) -> AsyncIterator[Listener]:
        listener = self.listener(**options)
        async with self.running(listener):
            yield listener

    @contextlib.asynccontextmanager
    async def running(self, listener: Listener) -> AsyncIterator[None]:
        task = asyncio.create_task(listener.run())
        try:
            complete = asyncio.create_task(listener.is_complete.wait())
            async with asyncio.timeout(IN_TIME):
                await asyncio.wait({task, complete}, return_when=asyncio.FIRST_COMPLETED)
            complete.cancel()
            if task.done():
                await task
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def run_in(self, place_id: str) -> None:
        """Let there be a run in a channel, so that who comes and goes there matters."""
        now = datetime.now(UTC)
        book = PlaybookRow(key=place_id, title="Incident", source="test")
        run = Run(
            key=place_id,
            playbook_id=1,
            playbook_version=1,
            definition={},
            name="Incident",
            team_id=self.team_id,
            channel_id=place_id,
            owner_id=self.alice_id,
            creator_id=self.alice_id,
            created_at=now,
        )
        await self.desk.ask(lambda store: (store.add(book), store.add(run)))

    def seen(self, method: str, path: str) -> int:
        """Return how many requests of the bot's the server saw, by method and beginning of the path."""
        return sum(
            1
            for each in self.mm.requests
            if each.method == method and each.path.startswith(path) and each.user == self.me.username
        )


@contextlib.asynccontextmanager
async def scene(version: str = "11.6", **options: Any) -> AsyncIterator[Scene]:
    async with Sandbox(version=version, **options) as mm, _Clients(mm) as clients:
        admin = await clients.login("admin", "Admin-pass-2026")
        team = await admin.post("/teams", {"name": "ops", "display_name": "Operations", "type": "O"})
        user = await admin.post(
            "/users", {"username": "alice", "email": "alice@example.com", "password": "Alice-pass-2026"}
        )
        made = await admin.post("/bots", {"username": "muster", "display_name": "Muster"})
        token = await admin.post(f"/users/{made['user_id']}/tokens", {"description": "test"})
        for user_id in (user["id"], made["user_id"]):
            await admin.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": user_id})
        bot = clients.of(token["token"])
        me = read_user(await bot.get("/users/me")).person
        alice = await clients.login("alice", "Alice-pass-2026")
        found = Scene(mm, admin, alice, bot, token["token"], me, user["id"], team["id"], clients.of)
        for name in ("general", "side"):
            await found.channel(name)
        yield found


class _Clients:
    def __init__(self, mm: Sandbox) -> None:
        self._mm = mm
        self._open: list[Client] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._open:
            await client.close()

    def of(self, token: str) -> Client:
        client: Client = connect(self._mm.url, token).client
        self._open.append(client)
        return client

    async def login(self, name: str, password: str) -> Client:
        session = self.of("")._open()
        async with session.post(
            f"{self._mm.url}/api/v4/users/login",
            json={"login_id": name, "password": password},
            headers={"Authorization": ""},
        ) as answer:
            return self.of(answer.headers["Token"])
