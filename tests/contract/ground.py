"""Ground for the contract suite: a server, real or not, a team, people, a bot, and an integration that it can call."""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import websockets
from aiohttp import web
from stage import ADMIN, free_port, real_server

from sandbox import Sandbox
from sandbox.human import Human, Refused
from tests.accounts import disable_bot, person

Json = dict[str, Any]


@dataclass
class Call:
    """A request that the server made to the integration."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        from urllib.parse import parse_qsl

        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class Integration:
    """What the server calls; each path answers as it is told to."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, Callable[[], web.Response]] = {}
        self.url = f"http://127.0.0.1:{free_port()}"

    def answer(self, path: str, body: Any = None, *, status: int = 200, text: str | None = None) -> str:
        """Let a path answer so from now on; return its address."""
        if text is not None:
            self.answers[path] = lambda: web.Response(status=status, text=text)
        else:
            self.answers[path] = lambda: web.json_response({} if body is None else body, status=status)
        return self.url + path

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Integration"]:
        async def take(request: web.Request) -> web.Response:
            self.calls.append(Call(request.path, dict(request.headers), await request.read()))
            return self.answers[request.path]()

        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        host, port = self.url.removeprefix("http://").split(":")
        await web.TCPSite(runner, host, int(port)).start()
        try:
            yield self
        finally:
            await runner.cleanup()


@dataclass
class Bot:
    """The bot's account, spoken for by its token."""

    url: str
    id: str
    username: str
    token: str
    session: aiohttp.ClientSession

    async def rest(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """Send a request below /api/v4. Raises `Refused`."""
        status, read = await self.raw(method, path, body, **params)
        if status >= 400:
            raise Refused(status, read)
        return read

    async def upload(self, channel_id: str, name: str, content: bytes) -> Json:
        """Upload a file for a channel. Raises `Refused`."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/octet-stream"}
        where = {"channel_id": channel_id, "filename": name}
        async with self.session.post(f"{self.url}/api/v4/files", data=content, params=where, headers=headers) as answer:
            read = await answer.json()
            if answer.status >= 400:
                raise Refused(answer.status, read)
            return dict(read["file_infos"][0])

    async def raw(self, method: str, path: str, body: Any = None, **params: Any) -> tuple[int, Any]:
        """Send a request below /api/v4 and return its status and body."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.url}/api/v4{path}"
        async with self.session.request(method, address, json=body, params=params, headers=headers) as answer:
            text = await answer.text()
            try:
                return answer.status, json.loads(text)
            except ValueError:
                return answer.status, text


@dataclass
class Ground:
    """All of it."""

    url: str
    version: str
    team: Json
    admin: Human
    alice: Human
    bob: Human
    bot: Bot
    integration: Integration
    _sockets: AsyncExitStack = field(repr=False)

    @property
    def is_old(self) -> bool:
        return self.version.startswith("5.")

    async def channel(self, kind: str = "O", *members: str) -> Json:
        """Let the bot create a channel with some members."""
        name = f"c-{secrets.token_hex(4)}"
        made = await self.bot.rest(
            "POST", "/channels", {"team_id": self.team["id"], "name": name, "display_name": name, "type": kind}
        )
        for user_id in members:
            await self.bot.rest("POST", f"/channels/{made['id']}/members", {"user_id": user_id})
        return made

    async def socket(self, query: str = "", token: str | None = None) -> "Socket":
        """Connect the bot's websocket."""
        address = self.url.replace("http", "ws", 1) + "/api/v4/websocket" + query
        headers = {"Authorization": f"Bearer {self.bot.token if token is None else token}"}
        connection = await self._sockets.enter_async_context(
            websockets.connect(address, additional_headers=headers, max_size=None, proxy=None)
        )
        return Socket(connection)

    async def command(self, path: str, body: Any = None, **how: Any) -> Json:
        """Register a slash command that calls the integration at `path`."""
        url = self.integration.answer(path, body, **how)
        return await self.admin.rest(
            "POST",
            "/commands",
            {"team_id": self.team["id"], "trigger": f"c{secrets.token_hex(4)}", "method": "P", "url": url},
        )

    async def button(self, channel: Json, path: str, body: Any = None, kind: str = "button", **how: Any) -> Json:
        """Let the bot post a button, or a menu, that calls the integration at `path`."""
        action = {
            "id": "b1",
            "type": kind,
            "options": [{"text": "Two", "value": "two"}] if kind == "select" else None,
            "name": "Press",
            "integration": {"url": self.integration.answer(path, body, **how), "context": {"k": "v"}},
        }
        return await self.bot.rest(
            "POST",
            "/posts",
            {
                "channel_id": channel["id"],
                "message": "m",
                "props": {"attachments": [{"text": "t", "actions": [action]}]},
            },
        )


class Socket:
    """A websocket of the bot's, frame by frame."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.frames: list[Json] = []

    async def frame(self, that: Callable[[Json], bool], within: float = 10) -> Json:
        """Return the next frame that fits; those before it are kept in `frames`."""
        async with asyncio.timeout(within):
            while True:
                read = json.loads(await self.connection.recv())
                self.frames.append(read)
                if that(read):
                    return read

    async def event(self, kind: str, within: float = 10, **data: Any) -> Json:
        """Return the next event of a kind whose data contain these values."""
        return await self.frame(
            lambda one: one.get("event") == kind and all(one["data"].get(k) == v for k, v in data.items()), within
        )


@asynccontextmanager
async def ground(version: str = "") -> AsyncIterator[Ground]:
    """Set all up on the server that MUSTER_TEST_SERVER names, or on a sandbox of that version."""
    async with AsyncExitStack() as stack:
        url = real_server()
        if not url:
            url = (await stack.enter_async_context(Sandbox(version=version or "11.6", admin=ADMIN))).url
        login = os.environ.get("MUSTER_TEST_ADMIN", ADMIN[0]), os.environ.get("MUSTER_TEST_PASSWORD", ADMIN[1])
        admin = await stack.enter_async_context(Human(url, *login))
        mark = secrets.token_hex(3)
        team = await admin.rest("POST", "/teams", {"name": f"con-{mark}", "display_name": "Contract", "type": "O"})
        admin.team_id = team["id"]
        alice, bob = [
            await stack.enter_async_context(await person(admin, url, team, f"{name}-{mark}"))
            for name in ("alice", "bob")
        ]
        stack.push_async_callback(disable_bot, admin, f"bot-{mark}")
        made = await admin.rest("POST", "/bots", {"username": f"bot-{mark}", "display_name": "Bot"})
        token = await admin.rest("POST", f"/users/{made['user_id']}/tokens", {"description": "t"})
        await admin.rest("POST", f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": made["user_id"]})
        session = await stack.enter_async_context(aiohttp.ClientSession())
        bot = Bot(url, made["user_id"], made["username"], token["token"], session)
        config = await admin.rest("GET", "/config/client", format="old")
        integration = await stack.enter_async_context(Integration().listening())
        yield Ground(url, config["Version"], team, admin, alice, bob, bot, integration, stack)
