"""The way through the callback door: how many may come in, and how long each may take to say what they want."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from bot.logs.addresses import route_of
from bot.trouble import Trouble

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BACKLOG = 64
"""How many connections are taken at one look; for a moment there may be so many more than are allowed."""


def _most() -> int:
    """Return how many connections there may be, so that everything else has most of the files that may be open."""
    return min(512, max(16, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for the head of the first request, for a body, and between two requests; and how many connections.

    A server keeps an idle connection for 90 s (server source: httpservice/client.go), so it is the one that closes it:
    a press that sets out on a connection while that is closed here would be lost.
    """

    head: float = 10.0
    body: float = 10.0
    idle: float = 120.0
    most: int = field(default_factory=_most)


class Doorway:
    """Makes the connections of a web server; who has said nothing for longest gives way to who comes new."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.serve: Callable[[], asyncio.Protocol] | None = None
        self._visits: dict[asyncio.BaseTransport, Visit] = {}
        self._silent: dict[Visit, None] = {}

    def __call__(self) -> asyncio.Protocol:
        assert self.serve is not None
        return Visit(self, self.serve())

    def enters(self, visit: "Visit", transport: asyncio.Transport) -> bool:
        """Let a connection in; False where all others are being answered, and there is no room."""
        if len(self._visits) >= self.limits.most and not self._make_room():
            log.warning("too many connections", action="door_full", most=self.limits.most)
            return False
        self._visits[transport] = visit
        return True

    def leaves(self, visit: "Visit", transport: asyncio.BaseTransport) -> None:
        self._visits.pop(transport, None)
        self._silent.pop(visit, None)

    def is_silent(self, visit: "Visit", silent: bool) -> None:
        """Note whether a connection waits for a request; those that have done so for long come first."""
        self._silent.pop(visit, None)
        if silent:
            self._silent[visit] = None

    @web.middleware
    async def limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request whose body has come in time; until it has, its connection may have to give way."""
        visit = self._visits.get(request.transport) if request.transport is not None else None
        if visit is None:
            return await handler(request)
        visit.waits(2 * self.limits.body)
        if not await self._has_body(request):
            log.warning("a body did not come in time", action="door_slow", path=route_of(request))
            return web.Response(status=408, headers={"Connection": "close"})
        visit.speaks()
        visit.has_spoken = True
        try:
            return await handler(request)
        finally:
            visit.waits(self.limits.idle)

    async def _has_body(self, request: web.Request) -> bool:
        try:
            async with asyncio.timeout(self.limits.body):
                await request.read()
        except TimeoutError:
            return False
        return True

    def _make_room(self) -> bool:
        oldest = next((visit for visit in self._silent if not visit.has_spoken), next(iter(self._silent), None))
        if oldest is not None:
            log.warning(
                "ended a connection that asked nothing, to make room", action="door_full", most=self.limits.most
            )
            oldest.end()
        return oldest is not None


class Visit(asyncio.Protocol):
    """One connection: hands everything on to the library's own protocol, and ends when nothing comes in time."""

    def __init__(self, doorway: Doorway, inner: asyncio.Protocol) -> None:
        self._doorway = doorway
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.has_spoken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if not self._doorway.enters(self, transport):
            transport.abort()
            return
        self._transport = transport
        self.waits(self._doorway.limits.head)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._transport is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._transport is not None else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self.speaks()
            self._doorway.leaves(self, self._transport)
            self._inner.connection_lost(exc)

    def waits(self, seconds: float) -> None:
        """Note that a request has to come within some seconds."""
        self.speaks()
        if self._transport is not None and not self._transport.is_closing():
            self._doorway.is_silent(self, True)
            self._timer = asyncio.get_running_loop().call_later(seconds, self.end)

    def speaks(self) -> None:
        """Note that a request is there; it may take as long as its answer takes."""
        self._doorway.is_silent(self, False)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def end(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._doorway.leaves(self, self._transport)
            self._transport.abort()


@asynccontextmanager
async def listening(
    host: str, port: int, door: web.Application, limits: Limits | None = None, *, section: str = "callbacks"
) -> AsyncIterator[None]:
    """Let a web application be reached at the address that a section names. Raises `Trouble` where that cannot be."""
    limits = limits or Limits()
    runner = web.AppRunner(door, access_log=None, keepalive_timeout=limits.idle, lingering_time=1.0)
    doorway = Doorway(limits)
    door.middlewares.append(doorway.limited)
    await runner.setup()
    doorway.serve = runner.server
    try:
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(doorway, host, port, backlog=BACKLOG)
        except OSError as error:
            raise Trouble(
                f"The door of [{section}] cannot listen at {host}:{port}: {error.strerror}. "
                "Stop what uses that port, or choose another listen_port there."
            ) from error
        try:
            yield
        finally:
            server.close()
    finally:
        await runner.cleanup()
