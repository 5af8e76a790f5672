"""Time: one that never goes back, for a process to plan by; one that can be moved, for the demo; and where we are."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import structlog

log = structlog.get_logger()

EASE = 0.2
"""How much slower time goes while the machine's clock is behind: an hour is made up in five, and nothing waits longer
than by a quarter."""
NOTABLE = 1.0
"""From how many seconds on it is told that the machine's clock was set back."""


class Steady:
    """Wall time that never goes back, for a process to plan and to wait by.

    When the machine's clock is set back, what is due stays due, and what waits waits no longer than it was to: time
    goes on from where it was, slower by `EASE` until the machine's clock has come up. A clock that is set forward, or
    that stood still with its machine, is followed at once.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._ticks = ticks
        self._lock = threading.Lock()
        self._now, self._tick = wall(), ticks()
        self._is_ahead = False

    def __call__(self) -> datetime:
        with self._lock:
            wall, tick = self._wall(), self._ticks()
            eased = self._now + timedelta(seconds=max(0.0, tick - self._tick) * (1 - EASE))
            self._now, self._tick = max(wall, eased), tick
            ahead = (self._now - wall).total_seconds()
            self._tell(ahead)
            return self._now

    def _tell(self, ahead: float) -> None:
        if ahead > NOTABLE and not self._is_ahead:
            log.warning(
                "the machine's clock was set back: mine goes slower until it has come up",
                action="clock_set_back",
                seconds=round(ahead),
            )
        self._is_ahead = ahead > NOTABLE or (self._is_ahead and ahead > 0)


class Clock:
    """Real time plus `ahead`, which can be changed."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def milliseconds(self) -> int:
        """The same time as a Mattermost server counts it."""
        return int(self().timestamp() * 1000)


def here(localtime: Path = Path("/etc/localtime")) -> str:
    """Return this machine's time zone, so that a browser on it and the bot name the same hours."""
    name = str(localtime.resolve()).rpartition("/zoneinfo/")[2]
    return name if name in available_timezones() else "UTC"
