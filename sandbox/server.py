"""The sandbox: a small Mattermost server inside the present process."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from yarl import URL

from .accounts import add_user
from .api import ROUTES, hooks, oauth
from .clock import Clock
from .config import merge
from .faults import Faults
from .gate import API, Gate, Seen
from .hub import Hub
from .model import Channel, Post, User
from .outgoing import Outgoing, OutgoingCall
from .pages import add_pages
from .routing import Route
from .versions import VERSIONS
from .websocket import Endpoint
from .world import World


class Sandbox:
    """A Mattermost server of a chosen version, kept in memory.

    `config` is written over the default settings, `clock` returns milliseconds and can be pushed
    forward in any case. `admin` is the name and password of the first administrator; with None
    the first person who signs up becomes it.
    """

    def __init__(
        self,
        version: str = "11.6",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        admin: tuple[str, str] | None = ("admin", "Admin-pass-2026"),
        config: dict[str, dict[str, Any]] | None = None,
        clock: Callable[[], int] | None = None,
        integration_timeout: float = 30.0,
    ) -> None:
        self.clock = clock if isinstance(clock, Clock) else Clock(source=clock)
        self.world = World(VERSIONS[version], self.clock)
        self.world.hub = Hub(self.world)
        self.faults = Faults(self.world)
        self.world.outgoing = Outgoing(self.world, integration_timeout)
        self.websocket = Endpoint(self.world)
        self._gate = Gate(self.world, self.faults)
        self._host, self._port = host, port
        merge(self.world.config, config or {})
        self._runner: web.AppRunner | None = None
        if admin is not None:
            name, password = admin
            body = {"username": name, "email": f"{name}@example.com", "password": password}
            add_user(self.world, body, "system_admin system_user")

    async def __aenter__(self) -> Self:
        """Start the server."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        await self.stop()

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    @property
    def requests(self) -> list[Seen]:
        """The requests so far; paths below `/api/v4` are shown without it."""
        return list(self._gate.log)

    @property
    def outgoing(self) -> list[OutgoingCall]:
        """The calls to integrations so far."""
        return list(self.world.outgoing.log)

    @property
    def channels(self) -> list[Channel]:
        """All channels, archived ones included."""
        return list(self.world.channels.values())

    @property
    def users(self) -> list[User]:
        """All users, deactivated ones included."""
        return list(self.world.users.values())

    def posts(self, channel: str = "", system: bool = False) -> list[Post]:
        """Return the posts of a channel, by its id or name, oldest first; all without one.

        Deleted posts and history rows are left out, the server's own posts too unless asked for.
        """
        wanted = {row.id for row in self.channels if channel in ("", row.id, row.name)}
        rows = (row for row in self.world.posts.values() if row.channel_id in wanted)
        return [row for row in rows if not row.delete_at and (system or not row.is_system)]

    async def start(self) -> None:
        """Listen; a stopped server comes back at the same address with all it remembers."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, self._host, self._port, reuse_address=True).start()
        self._runner = runner
        self._port = runner.addresses[0][1]
        service = self.world.config["ServiceSettings"]
        service["SiteURL"] = service["SiteURL"] or self.url

    async def stop(self) -> None:
        """Cut all websockets without a close frame and stop listening."""
        for connection in list(self.world.hub.connections):
            self.world.hub.remove(connection)
        await self.world.outgoing.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=0, middlewares=[self._unknown])
        app.router.add_get(f"{API}/websocket", self._open_websocket)
        for route in ROUTES:
            if route.exists(self.world.version.major):
                self._add(app, API, route)
        for route in (*hooks.OPEN_ROUTES, *oauth.OPEN_ROUTES):
            self._add(app, "", route)
        add_pages(app, self.world)
        return app

    def _add(self, app: web.Application, prefix: str, route: Route) -> None:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._gate.pass_through(request, route)

        app.router.add_route(route.method, prefix + route.pattern, serve)

    async def _open_websocket(self, request: web.Request) -> web.StreamResponse:
        token, refused = self._gate.admit_upgrade(request)
        if refused is not None:
            return refused
        return await self.websocket.serve(request, token)

    @web.middleware
    async def _unknown(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if "//" in request.path:
            raise web.HTTPMovedPermanently(_clean(request.rel_url))
        try:
            response: web.StreamResponse = await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            return self._gate.unknown(request)
        return response


def _clean(url: URL) -> URL:
    path = url.path
    while "//" in path:
        path = path.replace("//", "/")
    return url.with_path(path)
