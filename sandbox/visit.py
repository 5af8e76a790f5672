"""One socket from the upgrade to its end: logging in, resuming, staying alive."""

import asyncio
import contextlib
import json
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from .connection import Connection
from .hub import Event
from .ids import is_id
from .jsontext import dump
from .model import User
from .websocket_actions import act
from .world import World


class Endpoint(Protocol):
    """What holds for all sockets; times are in seconds."""

    world: World
    auth_seconds: float
    ping_seconds: float
    pong_seconds: float

    def reliable(self) -> bool: ...


class Visit:
    """One socket from the upgrade to its end."""

    tasks: asyncio.TaskGroup

    def __init__(self, endpoint: Endpoint, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.endpoint = endpoint
        self.world = endpoint.world
        self.request = request
        self.socket = socket
        self.connection: Connection | None = None
        self._pong = asyncio.Event()
        self._background: list[asyncio.Task[None]] = []

    async def run(self, token: str) -> None:
        """Serve the socket until it ends."""
        try:
            user = self.world.session_user(token) if token else None
            with contextlib.suppress(ConnectionError):
                if user and not await self._enter(user, token):
                    self.cut()
                    return
                for work in (self._expire(), self._ping(), self._expect_pongs()):
                    self._start(work)
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
        known.token, known.logged_out = token, False
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
                self._pong.set()
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
        with contextlib.suppress(TimeoutError):
            while True:
                self._pong.clear()
                await asyncio.wait_for(self._pong.wait(), self.endpoint.pong_seconds)
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
