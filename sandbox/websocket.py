"""The websocket endpoint: connecting, authenticating, resuming and staying alive."""

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import WSMsgType, web

from .connection import Connection
from .errors import ApiError
from .hub import Event
from .ids import is_id, new_id
from .jsontext import dump
from .model import User
from .websocket_actions import act
from .world import World

_INBOUND_LIMIT = 8192


class Endpoint:
    """Serves `/api/v4/websocket`. The times are settings so that tests need not wait."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.auth_seconds = 5.0
        self.ping_seconds = 60.0
        self.pong_seconds = 100.0

    async def serve(self, request: web.Request, token: str) -> web.StreamResponse:
        """Answer an upgrade request and stay until the socket ends."""
        refusal = self._refuse(request)
        if refusal is not None:
            return refusal
        socket = web.WebSocketResponse(autoping=False, autoclose=True, max_msg_size=_INBOUND_LIMIT + 1, compress=False)
        await socket.prepare(request)
        visit = Visit(self, request, socket)
        async with asyncio.TaskGroup() as tasks:
            visit.tasks = tasks
            await visit.run(token)
        return socket

    def _refuse(self, request: web.Request) -> web.Response | None:
        origin = request.headers.get("Origin")
        own = (f"{request.scheme}://{request.host}", self.world.setting("ServiceSettings", "SiteURL"))
        if origin is not None and origin not in own:
            return _plain_refusal(403, "Forbidden", 400)
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return _plain_refusal(400, "Bad Request", 400)
        return None

    def reliable(self) -> bool:
        """Say whether connections can be resumed."""
        if self.world.version.modern:
            return True
        return bool(self.world.setting("ServiceSettings", "EnableReliableWebSockets"))


class Visit:
    """One socket from the upgrade to its end."""

    tasks: asyncio.TaskGroup

    def __init__(self, endpoint: Endpoint, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.endpoint = endpoint
        self.world = endpoint.world
        self.request = request
        self.socket = socket
        self.connection: Connection | None = None
        self._last_pong = asyncio.get_running_loop().time()
        self._background: list[asyncio.Task[None]] = []

    async def run(self, token: str) -> None:
        """Serve the socket until it ends."""
        try:
            user = self.world.session_user(token) if token else None
            if user and not await self._enter(user, token):
                self.cut()
                return
            self._start(self._expire())
            self._start(self._ping())
            self._start(self._expect_pongs())
            with contextlib.suppress(ConnectionError):
                await self._listen()
        finally:
            self._leave()

    def cut(self) -> None:
        """Drop the TCP connection without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def reply(self, value: dict[str, Any]) -> None:
        """Send an answer to one of the client's actions."""
        with contextlib.suppress(ConnectionError):
            await self.socket.send_str(dump(value))

    async def challenge(self, token: str) -> bool:
        """Log in by the first frame; the parameters for a resume do not count then."""
        user = self.world.session_user(token)
        if user is None:
            return False
        await self._open(user, token)
        return True

    async def _enter(self, user: User, token: str) -> bool:
        """Open or resume a connection; False if the parameters are unusable."""
        connection_id = self.request.query.get("connection_id", "")
        if not connection_id or not self.endpoint.reliable():
            await self._open(user, token)
            return True
        if not is_id(connection_id):
            return False
        known = self.world.hub.resumable(connection_id, user.id)
        if known is None:
            await self._open(user, token)
            return True
        seq = _number(self.request.query.get("sequence_number", ""))
        if seq is None or (seq < 0 and not self.world.version.newest):
            return False
        known.token = token
        await self._resume(known, seq)
        return True

    async def _open(self, user: User, token: str) -> None:
        was_online = self.world.hub.online(user.id)
        reliable = self.endpoint.reliable()
        connection = Connection(user.id, token, self.world.clock(), reliable)
        self.connection = connection
        connection.attach(self.socket, self.cut)
        await self._hello(connection)
        self.world.hub.add(connection)
        if not was_online:
            user.status = "online" if user.status == "offline" else user.status
            data = {"status": user.status, "user_id": user.id}
            self.world.hub.publish(Event("status_change", data, user_id=user.id))
        self._start(connection.pump())

    async def _resume(self, connection: Connection, seq: int) -> None:
        self.connection = connection
        connection.last_activity = self.world.clock()
        connection.attach(self.socket, self.cut)
        if connection.fits(seq):
            for text in connection.rewind(seq):
                await self.socket.send_str(text)
        else:
            connection.renew()
            await self._hello(connection)
        self._start(connection.pump())

    async def _hello(self, connection: Connection) -> None:
        data: dict[str, Any] = {"connection_id": connection.id}
        if self.world.version.newest:
            data["server_hostname"] = "sandbox"
        data["server_version"] = self.world.version_id
        hello = Event("hello", data, user_id=connection.user_id)
        await connection.send_event(self.world.hub.frame(connection.user_id, hello))

    async def _listen(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.PING:
                await self.socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                self._last_pong = asyncio.get_running_loop().time()
            elif message.type is WSMsgType.TEXT:
                frame = _object(message.data)
                if frame is None or not await act(self, frame):
                    self.cut()
                    return

    async def _expire(self) -> None:
        await asyncio.sleep(self.endpoint.auth_seconds)
        if self.connection is None:
            self.cut()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self.endpoint.ping_seconds)
            await self.socket.ping()

    async def _expect_pongs(self) -> None:
        loop = asyncio.get_running_loop()
        while (left := self._last_pong + self.endpoint.pong_seconds - loop.time()) > 0:
            await asyncio.sleep(left)
        self.cut()

    def _start(self, work: Any) -> None:
        self._background.append(self.tasks.create_task(_quietly(work)))

    def _leave(self) -> None:
        for task in self._background:
            task.cancel()
        if self.connection is None:
            return
        self.connection.detach(self.world.clock())
        if not self.connection.id:
            self.world.hub.remove(self.connection)


async def _quietly(work: Any) -> None:
    with contextlib.suppress(ConnectionError):
        await work


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _plain_refusal(status: int, word: str, inner: int) -> web.Response:
    error = ApiError("api.web_socket.connect.upgrade.app_error", inner)
    error.message = "URL Blocked because of CORS." if status == 403 else "Failed to upgrade."
    text = f"{word}\n{dump(error.body(new_id()))}"
    return web.Response(status=status, text=text, content_type="text/plain")
