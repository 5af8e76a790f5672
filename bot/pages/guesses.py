"""How often wrong codes may be typed: a few from one place; a code has too many letters for many places to try."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from aiohttp import web
from cachetools import LRUCache

WITHIN = timedelta(minutes=1)
EACH = 5
PLACES = 2000


@dataclass
class Guesses:
    """Counts wrong codes by where they come from."""

    clock: Callable[[], datetime]
    _by_place: LRUCache[str, deque[datetime]] = field(default_factory=lambda: LRUCache(PLACES))

    def may_try(self, place: str) -> bool:
        """Return whether a code is looked at that comes from a place."""
        return not self._is_full(self._by_place.get(place))

    def was_wrong(self, place: str) -> None:
        """Note a wrong code."""
        now = self.clock()
        if place not in self._by_place:
            self._by_place[place] = deque(maxlen=EACH)
        self._by_place[place].append(now)

    def _is_full(self, times: deque[datetime] | None) -> bool:
        return times is not None and len(times) == times.maxlen and self.clock() - times[0] < WITHIN


def place_of(request: web.Request) -> str:
    """Return where a request comes from."""
    return come_from(request.remote or "", request.headers.get("X-Forwarded-For", ""))


def come_from(remote: str, forwarded: str) -> str:
    """Return from where who asks comes: as what stands in front said last, if that is this machine or one near.

    Whoever asks from elsewhere could say anything.
    """
    return (forwarded.rpartition(",")[2].strip() or remote) if _is_near(remote) else remote


def _is_near(remote: str) -> bool:
    try:
        return not ip_address(remote).is_global
    except ValueError:
        return False
