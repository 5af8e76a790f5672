"""Whether the database can be used, as the desk finds out; while it cannot, it is asked seldom."""

import time
from collections.abc import Callable
from datetime import datetime

import structlog

from store import DiskFull, Unavailable

log = structlog.get_logger()

FIRST_REST = 0.05
LONGEST_REST = 1.0
"""Seconds between two questions to a database that is away, at first and later; in between, each is refused at once."""


class Storage:
    """Says since when the database is away, and lets one question through now and then to see whether it is back.

    The operator is told once, at the beginning and at the end. The desk's own thread asks; what is known may be read
    from any.
    """

    def __init__(self, clock: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic) -> None:
        self.since: datetime | None = None
        self.trouble: Unavailable | None = None
        self._clock = clock
        self._ticks = ticks
        self._rest = FIRST_REST
        self._rests_until = 0.0

    @property
    def kind(self) -> str:
        """What keeps it from being used, for the health page: `full`, `unavailable`, or nothing."""
        if self.trouble is None:
            return ""
        return "full" if isinstance(self.trouble, DiskFull) else "unavailable"

    def check(self) -> None:
        """Raise `Unavailable` while the database was away a moment ago."""
        if self.trouble is not None and self._ticks() < self._rests_until:
            raise Unavailable(str(self.trouble)) from None

    def lost(self, error: Unavailable) -> bool:
        """Note that the database could not be used; return whether that is new."""
        is_new = self.trouble is None
        if is_new:
            self.since, self._rest = self._clock(), FIRST_REST
            log.warning("the database is away: what comes waits for it", action="storage_lost", said=str(error))
        self.trouble = error
        self._rests_until = self._ticks() + self._rest
        self._rest = min(LONGEST_REST, self._rest * 2)
        return is_new

    def works(self) -> None:
        """Note that the database could be used."""
        if self.trouble is None or self.since is None:
            return
        away = (self._clock() - self.since).total_seconds()
        log.warning("the database is back", action="storage_back", seconds=round(away, 1))
        self.trouble, self.since = None, None
