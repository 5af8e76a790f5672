"""Times in which nothing can be delivered at all: the server is away, wants fewer requests, or refuses the token."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.driver import ServerRefused, ServerUnreachable

log = structlog.get_logger()

Kind = Literal["", "unreachable", "limited", "token"]
Reasons = (ServerUnreachable, ServerRefused, TimeoutError)

TOKEN_WAIT = timedelta(seconds=60)
LONGEST_LIMIT = 300.0
"""The longest time, in seconds, that a server may ask us to wait."""


def backoff(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after a number of failures: doubling from 1 s to 60 s, less up to half by `chance`."""
    return timedelta(seconds=min(60.0, 2.0 ** min(attempts - 1, 6)) * (1 - chance / 2))


class Standstill:
    """Whether nothing can be delivered, and of what `kind` that is (for the health page), empty if all is well.

    The operator is told once, at its beginning and at its end. `until` is when the next attempt may be made.
    """

    def __init__(self, clock: Callable[[], datetime], chance: Callable[[], float]) -> None:
        self.kind: Kind = ""
        self.until: datetime | None = None
        self._clock = clock
        self._chance = chance
        self._rounds = 0

    def is_waiting(self) -> bool:
        """Return whether nothing may be tried yet."""
        return self.until is not None and self._clock() < self.until

    def begin(self, error: ServerUnreachable | ServerRefused | TimeoutError) -> datetime:
        """Note a failure that concerns everything; return when to try again."""
        if not self.is_waiting() or self.until is None:
            self._rounds += 1
            self.until = self._clock() + self._wait(error)
        kind = _kind(error)
        if kind != self.kind:
            self.kind = kind
            _tell(kind, str(error) or "no answer in time")
        return self.until

    def end(self) -> None:
        """Note that something was delivered; while nothing may be tried, it had set out before the trouble began."""
        if self.is_waiting():
            return
        if self.kind:
            log.info("the server takes messages again", action="standstill_over", kind=self.kind)
        self.kind, self.until, self._rounds = "", None, 0

    def _wait(self, error: ServerUnreachable | ServerRefused | TimeoutError) -> timedelta:
        if isinstance(error, ServerRefused) and error.status == 401:
            return TOKEN_WAIT
        wait = backoff(self._rounds, self._chance())
        asked = error.retry_after if isinstance(error, ServerRefused) else None
        if asked is None:
            return wait
        # Not at the very moment at which everybody else comes back as well.
        return timedelta(seconds=min(asked, LONGEST_LIMIT) + self._chance())


def is_unsent(error: Exception) -> bool:
    """Return whether a request that failed so has certainly done nothing: it never arrived, or was not let in."""
    if isinstance(error, ServerRefused):
        return error.status in (401, 429)
    return isinstance(error, ServerUnreachable) and error.unsent


def _kind(error: Exception) -> Kind:
    status = error.status if isinstance(error, ServerRefused) else 0
    return "token" if status == 401 else "limited" if status == 429 else "unreachable"


def _tell(kind: Kind, said: str) -> None:
    if kind == "token":
        log.error(
            "the server refuses the bot's token: nothing is delivered until the token is put right or the bot account "
            "is enabled again; everything is kept",
            action="token_refused",
            said=said,
        )
    elif kind == "limited":
        log.warning("the server wants fewer requests", action="rate_limited", said=said)
    else:
        log.warning("the server cannot be reached; everything is kept", action="unreachable", said=said)
