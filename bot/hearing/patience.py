"""How long the bot waits for what, and how it tries again: growing waits with some chance in them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.driver import ServerRefused, ServerUnreachable

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """All waits of the way in, in seconds; tests bring shorter ones, or a `sleep` of their own."""

    hello: float = 6.0
    """A server drops a connection with a bad token after 5 s without a word (server source: app/web_conn.go)."""
    ping_every: float = 30.0
    pong_within: float = 10.0
    first_retry: float = 0.05
    longest_retry: float = 30.0
    flush_every: float = 3.0
    arrivals: float = 0.3
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random

    def delay(self, attempt: int) -> float:
        """Return how long to wait before a try, counted from 0: doubled each time, and less by up to a half."""
        doubled = self.first_retry * float(2 ** min(attempt, 30))
        return min(self.longest_retry, doubled) * (1 - self.chance() / 2)

    async def insist(self, call: Callable[[], Awaitable[T]], trouble: Callable[[], Awaitable[None]] | None = None) -> T:
        """Return what `call` returns, trying again for as long as the server is down or wants fewer requests.

        `trouble` is called when the first try fails. Any other refusal is raised as `ServerRefused`.
        """
        attempt = 0
        while True:
            try:
                return await call()
            except (ServerUnreachable, ServerRefused) as error:
                wait, why = self._wait(error, attempt), str(error)
                said = "server not reachable" if isinstance(error, ServerUnreachable) else "server busy or failing"
            if attempt == 0 and trouble is not None:
                await trouble()
            attempt += 1
            log.warning(f"{said}, trying again in {wait:.2g} s", action="retry", why=why, attempt=attempt)
            await self.sleep(wait)

    def _wait(self, error: ServerUnreachable | ServerRefused, attempt: int) -> float:
        if isinstance(error, ServerUnreachable):
            return self.delay(attempt)
        if error.status != 429 and error.status not in (500, 502, 503, 504):
            raise error
        return self.delay(attempt) if error.retry_after is None else error.retry_after
