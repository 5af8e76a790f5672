"""What the sandbox's tests use to talk to it: people, their websockets, and an integration."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

from sandbox import Sandbox

Json = Any
OPEN_HOOK = re.compile(r"/hooks/(commands/)?[a-z0-9]{26}")
"""Paths outside the API, which need no login."""


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    body: Json
    headers: Mapping[str, str]

    @property
    def error(self) -> str:
        return str(self.body["id"])


@dataclass
class Person:
    """Somebody with a token."""

    mm: Sandbox
    http: aiohttp.ClientSession
    id: str = ""
    token: str = ""

    async def call(self, method: str, path: str, body: Json = None, **options: Any) -> Reply:
        headers = {"Content-Type": "application/json"} | options.pop("headers", {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            options["data"] = body if isinstance(body, str | bytes) else json.dumps(body)
        address = self.mm.url + (path if OPEN_HOOK.match(path) else "/api/v4" + path)
        async with self.http.request(method, address, headers=headers, **options) as response:
            text = await response.text()
            return Reply(response.status, _value(text), response.headers)

    async def ok(self, method: str, path: str, body: Json = None) -> Json:
        reply = await self.call(method, path, body)
        assert reply.status < 400, reply
        return reply.body

    async def get(self, path: str) -> Json:
        return await self.ok("GET", path)

    async def post(self, path: str, body: Json = None) -> Json:
        return await self.ok("POST", path, body)

    async def put(self, path: str, body: Json = None) -> Json:
        return await self.ok("PUT", path, body)

    async def delete(self, path: str) -> Json:
        return await self.ok("DELETE", path)

    async def say(self, channel_id: str, message: str, **more: Any) -> Json:
        return await self.post("/posts", {"channel_id": channel_id, "message": message} | more)

    @contextlib.asynccontextmanager
    async def listen(self, query: str = "", hello: bool = True) -> AsyncIterator["Ears"]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        address = f"{self.mm.url}/api/v4/websocket{query}"
        async with self.http.ws_connect(address, headers=headers, max_msg_size=0) as socket:
            ears = Ears(socket)
            if hello:
                ears.hello = await ears.next("hello")
            yield ears


@dataclass
class Ears:
    """An open websocket."""

    socket: aiohttp.ClientWebSocketResponse
    hello: Json = None
    heard: list[Json] = field(default_factory=list)
    pings: int = 0

    async def frame(self, seconds: float = 2) -> Json:
        message = await self.socket.receive(seconds)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        found = json.loads(message.data)
        self.heard.append(found)
        return found

    async def next(self, event: str) -> Json:
        while True:
            found = await self.frame()
            if found.get("event") == event:
                return found

    async def ask(self, **frame: Any) -> Json:
        """Send an action and return the reply to it."""
        await self.socket.send_json(frame)
        while True:
            found = await self.frame()
            if "status" in found:
                return found

    async def ping(self) -> list[Json]:
        """Return all events that were sent before the answer to a ping."""
        self.pings += 1
        before = len(self.heard)
        reply = await self.ask(seq=self.pings, action="ping")
        assert reply["data"]["text"] == "pong"
        return [row for row in self.heard[before:] if "event" in row]

    async def ended(self, seconds: float = 10) -> int | None:
        """Wait for the end and return the close code, 1006 if there was no close frame."""
        while True:
            message = await self.socket.receive(seconds)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return self.socket.close_code


@dataclass
class Integration:
    """A server that commands, buttons and dialogs call; it answers what it is told to."""

    url: str = ""
    answer: Json = field(default_factory=dict)
    status: int = 200
    content_type: str = "application/json"
    wait: float = 0
    bodies: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{name:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        if request.path == "/moved":
            raise web.HTTPFound("/final")
        text = await request.text()
        form = request.content_type == "application/x-www-form-urlencoded"
        self.bodies.append(await request.post() if form else _value(text))
        self.headers.append(dict(request.headers) | {":method": request.method})
        await asyncio.sleep(self.wait)
        body = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        headers = {"Content-Type": self.content_type}
        return web.Response(status=self.status, body=body.encode(), headers=headers)


@dataclass
class Stage:
    """A server with a team, an administrator, two people, a bot and a private channel of the bot's."""

    mm: Sandbox
    admin: Person
    alice: Person
    bob: Person
    bot: Person
    nobody: Person
    team: Json
    channel: Json

    @property
    def major(self) -> int:
        return int(self.mm.world.version.major)

    @property
    def modern(self) -> bool:
        return self.major >= 10

    async def public(self, owner: Person, name: str = "pub") -> Json:
        body = {"team_id": self.team["id"], "name": name, "display_name": name.title(), "type": "O"}
        return await owner.post("/channels", body)

    async def button(self, url: str, **more: Any) -> Json:
        """Let the bot post a message with a button and a menu."""
        call = {"url": url, "context": {"secret": "S"}}
        menu = {"id": "sel1", "type": "select", "name": "Pick", "options": [{"text": "One", "value": "1"}]}
        button = {"id": "btn1", "type": "button", "name": "Press", "style": "primary"}
        actions = [button | {"integration": call}, menu | {"integration": call}]
        props = {"attachments": [{"text": "t", "actions": actions}]}
        return await self.bot.say(self.channel["id"], "with button", props=props, **more)

    async def command(self, url: str, trigger: str = "run") -> Json:
        body = {"team_id": self.team["id"], "trigger": trigger, "method": "P", "url": url}
        return await self.admin.post("/commands", body)

    async def run(self, person: Person, text: str, **more: Any) -> Reply:
        body = {"channel_id": self.channel["id"], "team_id": self.team["id"], "command": text}
        return await person.call("POST", "/commands/execute", body | more)


async def log_in(mm: Sandbox, http: aiohttp.ClientSession, name: str, password: str) -> Person:
    person = Person(mm, http)
    reply = await person.call("POST", "/users/login", {"login_id": name, "password": password})
    assert reply.status == 200, reply
    person.id, person.token = reply.body["id"], reply.headers["Token"]
    return person


@contextlib.asynccontextmanager
async def staged(version: str, **options: Any) -> AsyncIterator[Stage]:
    """Set the stage, by REST alone."""
    async with Sandbox(version=version, **options) as mm, aiohttp.ClientSession() as http:
        nobody = Person(mm, http)
        admin = await log_in(mm, http, "admin", "Admin-pass-2026")
        team = await admin.post("/teams", {"name": "team1", "display_name": "Team 1", "type": "O"})
        people = []
        for name in ("alice", "bob"):
            body = {"username": name, "email": f"{name}@example.com", "password": "Pass-word-1"}
            await nobody.post("/users", body)
            people.append(await log_in(mm, http, name, "Pass-word-1"))
        alice, bob = people
        made = await admin.post("/bots", {"username": "pb", "display_name": "Playbook bot", "description": "d"})
        secret = await admin.post(f"/users/{made['user_id']}/tokens", {"description": "t"})
        bot = Person(mm, http, made["user_id"], secret["token"])
        for person in (alice, bob, bot):
            membership = {"team_id": team["id"], "user_id": person.id}
            await admin.post(f"/teams/{team['id']}/members", membership)
        body = {"team_id": team["id"], "name": "run-1", "display_name": "Run 1", "type": "P"}
        channel = await bot.post("/channels", body)
        await bot.post(f"/channels/{channel['id']}/members", {"user_id": alice.id})
        yield Stage(mm, admin, alice, bob, bot, nobody, team, channel)


async def until(condition: Callable[[], object]) -> None:
    """Wait until the server, which runs in the same loop, has come to something."""
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 - nothing signals that the server has noticed
            await asyncio.sleep(0)


def _value(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return text
