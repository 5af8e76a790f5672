"""The gate every request passes: faults, limits, login, the handler, headers and the log."""

import asyncio
import contextlib
import hashlib
import socket as sockets
import struct
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .errors import ApiError, DropConnection
from .faults import Fault, Faults, Kind, foreign_post, routes_of
from .ids import new_id
from .jsontext import dump
from .limiter import Limiter
from .post_shapes import post_shape
from .routing import Call, Route
from .world import World

API = "/api/v4"
LOG_SIZE = 10_000
"""How many requests are remembered, so that a long demo does not fill the memory."""
_URL_LIMIT = 2048
_ORDER_PAUSE = 0.02
"""Long enough for a client in the same process to read what came first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of the log of requests; `user` is a name, `status` 0 when the connection was cut."""

    method: str
    path: str
    user: str
    status: int
    body: bytes


class Gate:
    """Turns aiohttp requests into calls of handlers."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.limiter = Limiter(world)
        self.log: deque[Seen] = deque(maxlen=LOG_SIZE)

    def unknown(self, request: web.Request) -> web.Response:
        """Answer and log a request of no known route."""
        path = request.path.removeprefix(API)
        self.log.append(Seen(request.method, path, "", 404, b""))
        return unknown_route(self.world, request.path)

    async def pass_through(self, request: web.Request, route: Route) -> web.StreamResponse:
        """Serve one request of a known route."""
        token = token_of(request)
        caller = self.world.session_user(token) if token else None
        path = request.path.removeprefix(API)
        routes = routes_of(request.method, path, route.path)
        faults = self.faults.take(routes, caller.username if caller else "")
        body = await request.read()
        call = Call(self.world, request, body, caller, token)
        response = await self._respond(request, route, call, faults)
        status = response.status if response is not None else 0
        name = caller.username if caller else ""
        self.log.append(Seen(request.method, path, name, status, body))
        return response if response is not None else _reset(request)

    def admit_upgrade(self, request: web.Request) -> tuple[str, web.StreamResponse | None]:
        """Return the token of a websocket request, and the response if a fault refuses it."""
        token = token_of(request)
        caller = self.world.session_user(token) if token else None
        routes = routes_of("GET", "/websocket", "/websocket")
        name = caller.username if caller else ""
        by_kind = {fault.kind: fault for fault in self.faults.take(routes, name)}
        refused: web.StreamResponse | None = None
        if limited := self.limiter.refusal(request, by_kind.get(Kind.RATE_LIMIT)):
            refused = limited
        elif fault := by_kind.get(Kind.ERROR):
            refused = _error_page(fault)
        elif Kind.RESET_BEFORE in by_kind or Kind.RESET_AFTER in by_kind:
            refused = _reset(request)
        status = refused.status if refused is not None else 101
        self.log.append(Seen("GET", "/websocket", name, status, b""))
        return token, refused

    async def _respond(
        self, request: web.Request, route: Route, call: Call, faults: list[Fault]
    ) -> web.StreamResponse | None:
        """Return the response, None if the connection is to be reset."""
        by_kind = {fault.kind: fault for fault in faults}
        refused = self.limiter.refusal(request, by_kind.get(Kind.RATE_LIMIT))
        if refused is not None:
            return refused
        if Kind.RESET_BEFORE in by_kind:
            return None
        if fault := by_kind.get(Kind.ERROR):
            return _error_page(fault)
        try:
            if Kind.EVENTS_LAST in by_kind:
                return await self._answer_first(request, route, call)
            response = await self._handle(request, route, call, Kind.FOREIGN_POST in by_kind)
        except DropConnection:
            return None
        if fault := by_kind.get(Kind.DELAY):
            await asyncio.sleep(fault.seconds)
        if Kind.EVENTS_FIRST in by_kind:
            await self._flush()
        return None if Kind.RESET_AFTER in by_kind else response

    async def _handle(
        self, request: web.Request, route: Route, call: Call, foreign: bool = False
    ) -> web.StreamResponse:
        request_id = new_id()
        try:
            response = _result(call, route, await self._value(route, call, foreign))
        except ApiError as error:
            response = json_response(error.body(request_id), error.status)
        headers = {
            "X-Request-Id": request_id,
            "X-Version-Id": self.world.version_id,
            "Vary": "Accept-Encoding",
        }
        if request.method == "GET":
            headers["Expires"] = "0"
        if self.world.version.modern:
            headers |= {
                "Permissions-Policy": "",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            }
        response.headers.update(headers | self.limiter.headers(request))
        return response

    async def _value(self, route: Route, call: Call, foreign: bool) -> Any:
        if self.world.version.modern and len(call.request.path_qs) > _URL_LIMIT:
            raise ApiError("basic_security_check.url.too_long_error", 414)
        if len(call.body) > self.world.version.body_limit and not route.uploads:
            raise ApiError("api.context.request_body_too_large.app_error", 413)
        if route.public:
            return await route.handler(call)
        call.require_login()
        stranger = foreign_post(self.world, call.user) if foreign else None
        if stranger is not None:
            return post_shape(self.world, stranger, metadata=False)
        return await route.handler(call)

    async def _answer_first(self, request: web.Request, route: Route, call: Call) -> web.StreamResponse:
        """Write the whole reply before any event of it goes out."""
        self.world.hub.hold()
        try:
            response = await self._handle(request, route, call)
            await response.prepare(request)
            await response.write_eof()
            await asyncio.sleep(_ORDER_PAUSE)
        finally:
            self.world.hub.release()
        return response

    async def _flush(self) -> None:
        for connection in list(self.world.hub.connections):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(connection.flushed(), 1)
        await asyncio.sleep(_ORDER_PAUSE)


def token_of(request: web.Request) -> str:
    """Find the token: the cookie of a browser, or a header."""
    header = request.headers.get("Authorization", "")
    kind, _, value = header.partition(" ")
    if kind.lower() in ("bearer", "token") and value:
        return value.strip()
    return request.cookies.get("MMAUTHTOKEN", "")


def json_response(value: Any, status: int = 200) -> web.Response:
    """Return JSON the way the server sends it."""
    return web.Response(status=status, body=dump(value).encode(), headers={"Content-Type": "application/json"})


def unknown_route(world: World, path: str) -> web.Response:
    """Return the 404 for a path that the server does not know."""
    error = ApiError("api.context.404.app_error", 404).body()
    error["detailed_error"] = (
        f"There doesn't appear to be an api call for the url='{path}'.  "
        "Typo? are you missing a team_id or user_id as part of the url?"
    )
    response = json_response(error, 404)
    if not world.version.modern:
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response


def _result(call: Call, route: Route, value: Any) -> web.Response:
    if isinstance(value, web.Response):
        return value
    response = json_response(value, route.status)
    if call.request.method != "GET" or not isinstance(response.body, bytes):
        return response
    etag = hashlib.sha256(response.body).hexdigest()[:32]
    if call.request.headers.get("If-None-Match", "").strip('"') == etag:
        response = web.Response(status=304)
    response.headers["Etag"] = f'"{etag}"'
    return response


def _error_page(fault: Fault) -> web.Response:
    return web.Response(status=fault.status, text=fault.body, content_type=fault.content_type)


def _reset(request: web.Request) -> web.StreamResponse:
    """Reset the TCP connection; what is returned is never sent."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
