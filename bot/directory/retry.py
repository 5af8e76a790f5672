"""How long the bot waits for what, and how it tries again: growing waits with some chance in them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.driver import ServerRefused, ServerUnreachable
from store import Conflict, Unavailable

log = structlog.get_logger()
T = TypeVar("T")

LONGEST_LIMIT = 300.0
"""How long (s) the bot waits at most because the server says when to come again."""
Passing = (Unavailable, Conflict, ServerUnreachable, ServerRefused)
"""What may pass; of the server's refusals only those that `passes` names."""
MOST_CONFLICTS = 10
"""How many conflicts in a row may pass: more of them are a fault of the program itself."""


def passes(error: BaseException, attempt: int = 0) -> bool:
    """Return whether an error is not the fault of the event or question: storage or server cannot answer now.

    `attempt` tells how often it was tried before. Of a server's refusals those pass that somebody puts right (a bad
    token), that ask for fewer requests, and by which the server, or a proxy before it, says that it failed.
    """
    if isinstance(error, ServerRefused):
        return error.status in (401, 408, 429) or (error.status >= 500 and error.status != 501)
    return isinstance(error, Unavailable | ServerUnreachable) or (
        isinstance(error, Conflict) and attempt < MOST_CONFLICTS
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """All waits of the way in, in seconds; tests bring shorter ones, or a `sleep` of their own."""

    hello: float = 6.0
    """A server drops a connection with a bad token after 5 s without a word (server source: app/web_conn.go)."""
    ping_every: float = 30.0
    pong_within: float = 10.0
    first_retry: float = 0.05
    longest_retry: float = 30.0
    longest_probe: float = 2.0
    """How long a database that is away is left alone at most."""
    flush_every: float = 3.0
    arrivals: float = 0.3
    restored_every: float = 30.0
    """How often it is asked whether the archived channels of runs in progress can be used again."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random

    def delay(self, attempt: int) -> float:
        """Return how long to wait before a try, counted from 0: doubled each time, and less by up to a half."""
        doubled = self.first_retry * float(2 ** min(attempt, 30))
        return min(self.longest_retry, doubled) * (1 - self.chance() / 2)

    async def insist(self, call: Callable[[], Awaitable[T]], trouble: Callable[[], Awaitable[None]] | None = None) -> T:
        """Return what `call` returns, trying again for as long as server or database cannot answer.

        `trouble` is called when the first try fails. Any other refusal is raised as `ServerRefused`, a bad token too.
        """
        attempt = 0
        while True:
            try:
                return await call()
            except Passing as error:
                if not passes(error, attempt) or (isinstance(error, ServerRefused) and error.status == 401):
                    raise
                wait, why, said = self.wait(error, attempt), str(error), _said(error)
            if attempt == 0 and trouble is not None:
                await trouble()
            attempt += 1
            log.warning(f"{said}, trying again in {wait:.2g} s", action="retry", why=why, attempt=attempt)
            await self.sleep(wait)

    def wait(self, error: BaseException, attempt: int) -> float:
        """Return how long to wait (s) after something that passes, before a try that is counted from 0."""
        if isinstance(error, ServerRefused) and error.retry_after is not None:
            return min(error.retry_after, LONGEST_LIMIT)
        longest = self.longest_probe if isinstance(error, Unavailable | Conflict) else self.longest_retry
        return min(longest, self.delay(attempt))


def _said(error: BaseException) -> str:
    if isinstance(error, ServerUnreachable):
        return "server not reachable"
    return "server busy or failing" if isinstance(error, ServerRefused) else "database away"
