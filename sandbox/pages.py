"""The page for people at `/`, and the routes below `/sandbox` that only it uses."""

import ipaddress
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from yarl import URL

from .hub import Event
from .ids import new_id
from .model import Session, User
from .page.markdown import EMOJI, render
from .world import World

PAGE = Path(__file__).with_name("page")
HINT_EVENT = "custom_sandbox_hint"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_DEEP_LINKS = ("/{team}/channels/{name}", "/{team}/messages/{name}", "/{team}/pl/{post_id}")
_MOST_TEXTS = 1000
_MOST_BYTES = 8_000_000

Handler = Callable[[web.Request], Awaitable[web.Response]]


def add_pages(app: web.Application, world: World) -> None:
    """Add the routes of the pages; they come last, so the API is never shadowed."""
    pages = Pages(world)
    app.router.add_get("/sandbox/version", pages.version)
    app.router.add_get("/sandbox/start", local(pages.start))
    app.router.add_post("/sandbox/login/{username}", local(pages.log_in))
    app.router.add_post("/sandbox/render", local(_render))
    for link in _DEEP_LINKS:
        app.router.add_get(link, _index)
    app.router.add_get("/{name:[^/]*}", _file)


def set_hint(world: World, text: str) -> None:
    """Show a text in Markdown above the channel, also in pages that are open already; "" hides it.

    The text can also be given on start, as the setting `Hint` of the section `Sandbox`.
    """
    world.config.setdefault("Sandbox", {})["Hint"] = text
    world.hub.publish(Event(HINT_EVENT, {"hint": text}))


class Pages:
    """The routes that need to know the server's state."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._tokens: dict[str, str] = {}

    async def version(self, request: web.Request) -> web.Response:
        """Name the version that this server imitates."""
        return web.json_response({"version": self.world.version.number})

    async def start(self, request: web.Request) -> web.Response:
        """Return what the page needs before anybody is picked."""
        people = [user for user in self.world.users.values() if _is_person(user)]
        people.sort(key=_is_admin)
        return web.json_response(
            {
                "version": self.world.version.number,
                "hint": str(self.world.config.get("Sandbox", {}).get("Hint", "")),
                "people": [_person(user) for user in people],
                "emoji": EMOJI,
            }
        )

    async def log_in(self, request: web.Request) -> web.Response:
        """Let the page act as somebody, without a password and without a cookie that tabs would share."""
        user = self.world.user_named(request.match_info["username"])
        if user is None or not _is_person(user):
            return _refusal(404, "There is nobody of that name to chat as.")
        token = self._tokens.get(user.id, "")
        if token not in self.world.sessions:
            token = self._tokens[user.id] = new_id()
            self.world.sessions[token] = Session(token, user.id)
        return web.json_response({"token": token, "user": _person(user)})


def local(handler: Handler) -> Handler:
    """Serve a route only to this machine: not to others, nor to pages from elsewhere in its browsers."""

    async def serve(request: web.Request) -> web.Response:
        origin = request.headers.get("Origin")
        same = origin is None or origin == f"{request.scheme}://{request.host}"
        if not (is_loopback(request.remote or "") and is_loopback(_host(request)) and same):
            return _refusal(403, "Only the browser on the machine of the sandbox may do this.")
        return await handler(request)

    return serve


def is_loopback(host: str) -> bool:
    """Say whether a name or an address means the machine itself."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _host(request: web.Request) -> str:
    try:
        return URL(f"http://{request.host}").host or ""
    except ValueError:
        return ""


async def _render(request: web.Request) -> web.Response:
    """Turn many texts into HTML at once."""
    body = await request.read()
    try:
        texts: Any = json.loads(body) if len(body) <= _MOST_BYTES else None
    except ValueError:
        texts = None
    if not isinstance(texts, list) or len(texts) > _MOST_TEXTS or not all(isinstance(text, str) for text in texts):
        return _refusal(400, f"Send a list of at most {_MOST_TEXTS} texts.")
    return web.json_response([render(text) for text in texts])


async def _file(request: web.Request) -> web.FileResponse:
    return _page(request.match_info["name"] or "index.html")


async def _index(request: web.Request) -> web.FileResponse:
    """Answer addresses of channels and messages with the page, which then goes there."""
    return _page("index.html")


def _page(name: str) -> web.FileResponse:
    kind = _TYPES.get(Path(name).suffix)
    if kind is None or name not in {path.name for path in PAGE.iterdir()}:
        raise web.HTTPNotFound
    return web.FileResponse(PAGE / name, headers=_HEADERS | {"Content-Type": kind})


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


def _is_person(user: User) -> bool:
    return not user.is_bot and not user.delete_at


def _is_admin(user: User) -> bool:
    return "system_admin" in user.roles.split()


def _person(user: User) -> dict[str, Any]:
    return {"id": user.id, "username": user.username, "name": _name(user), "admin": _is_admin(user)}


def _name(user: User) -> str:
    return user.nickname or f"{user.first_name} {user.last_name}".strip()
