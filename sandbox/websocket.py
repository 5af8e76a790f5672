"""The websocket endpoint: connecting, authenticating, resuming and staying alive."""

import asyncio

from aiohttp import web

from .errors import ApiError
from .ids import new_id
from .jsontext import dump
from .visit import Visit
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


def _plain_refusal(status: int, word: str, inner: int) -> web.Response:
    error = ApiError("api.web_socket.connect.upgrade.app_error", inner)
    error.message = "URL Blocked because of CORS." if status == 403 else "Failed to upgrade."
    text = f"{word}\n{dump(error.body(new_id()))}"
    return web.Response(status=status, text=text, content_type="text/plain")
