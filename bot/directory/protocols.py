"""What the way in needs of its neighbours: questions to the server, and questions to the store."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from store import Store

T = TypeVar("T")


class Rest(Protocol):
    """The client of `bot.driver`: answers are JSON as Python values."""

    async def get(self, endpoint: str, *, params: dict[str, Any] | None = None) -> Any: ...

    async def post(self, endpoint: str, options: Any = None) -> Any: ...


class Asks(Protocol):
    """The part of the dispatcher that runs a question to the store off the event loop."""

    async def ask(self, question: Callable[[Store], T]) -> T: ...
