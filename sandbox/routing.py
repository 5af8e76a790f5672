"""A REST call as handlers see it, and the rows of the route tables."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from .errors import bad_body, bad_url, unauthorized
from .ids import is_id
from .model import User
from .world import World

T = TypeVar("T")

MAX_PAGE = 200
_PARAMETER = re.compile(r"{(\w+)}")


@dataclass(slots=True)
class Call:
    """One request: the world it meets, who makes it and what it carries."""

    world: World
    request: web.Request
    body: bytes
    caller: User | None
    token: str

    @property
    def user(self) -> User:
        """Who calls; 401 if nobody is logged in."""
        if self.caller is None:
            raise unauthorized()
        return self.caller

    def require_login(self) -> None:
        """Raise 401 unless somebody is logged in."""
        if self.caller is None:
            raise unauthorized()

    def text(self, name: str) -> str:
        """Return a name from the path."""
        return self.request.match_info[name]

    def id(self, name: str) -> str:
        """Return an identifier from the path, `me` being the caller."""
        value = self.request.match_info[name]
        if name == "user_id" and value == "me":
            return self.user.id
        if not is_id(value):
            raise bad_url(name)
        return value

    def json(self, what: str) -> Any:
        """Return the body as JSON; `what` is the word for it in the error."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise bad_body(what) from None

    def object(self, what: str) -> dict[str, Any]:
        """Return the body as a JSON object."""
        value = self.json(what)
        if not isinstance(value, dict):
            raise bad_body(what)
        return value

    def strings(self, what: str) -> list[str]:
        """Return the body as a JSON list of strings."""
        value = self.json(what)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise bad_body(what)
        return value

    def query(self, name: str) -> str:
        """Return a query parameter, "" if it is missing."""
        return self.request.query.get(name, "")

    def flag(self, name: str) -> bool:
        """Return a true-or-false query parameter."""
        return self.query(name).lower() in ("true", "1")

    def number(self, name: str, default: int = 0) -> int:
        """Return a numeric query parameter; nonsense counts as missing."""
        try:
            return int(self.query(name))
        except ValueError:
            return default

    def page(self, rows: list[T]) -> list[T]:
        """Cut the asked page out of a list."""
        size = min(self.number("per_page", 60), MAX_PAGE)
        start = max(self.number("page"), 0) * size
        return rows[start : start + size]


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """A row of a route table; the answer of its handler is sent as JSON with `status`."""

    method: str
    path: str
    handler: Handler
    status: int = 200
    public: bool = False
    since: int = 0
    before: int = 1000
    uploads: bool = False
    """Whether the body is a file, which has a limit of its own."""

    def exists(self, major: int) -> bool:
        """Say whether a server of this major version knows the route."""
        return self.since <= major < self.before

    @property
    def pattern(self) -> str:
        """The path for aiohttp: identifiers match what servers match."""
        return _PARAMETER.sub(_parameter, self.path)


def string(body: dict[str, Any], name: str, default: str = "") -> str:
    """Return a text field of a body; another type is an invalid body."""
    value = body.get(name, default)
    if value is None:
        return default
    if not isinstance(value, str):
        raise bad_body(name)
    return value


OK = {"status": "OK"}


def _parameter(match: re.Match[str]) -> str:
    name = match.group(1)
    return f"{{{name}:[A-Za-z0-9]+}}" if name.endswith("_id") else f"{{{name}}}"
