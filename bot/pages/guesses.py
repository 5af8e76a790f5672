"""How often wrong codes may be typed: a few from one place, and not so many from all together."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web
from cachetools import LRUCache

WITHIN = timedelta(minutes=1)
EACH = 5
ALL = 60
PLACES = 2000


@dataclass
class Guesses:
    """Counts wrong codes by where they come from."""

    clock: Callable[[], datetime]
    _all: deque[datetime] = field(default_factory=lambda: deque(maxlen=ALL))
    _by_place: LRUCache[str, deque[datetime]] = field(default_factory=lambda: LRUCache(PLACES))

    def may_try(self, place: str) -> bool:
        """Return whether a code is looked at that comes from a place."""
        return not self._is_full(self._all) and not self._is_full(self._by_place.get(place))

    def was_wrong(self, place: str) -> None:
        """Note a wrong code."""
        now = self.clock()
        self._all.append(now)
        if place not in self._by_place:
            self._by_place[place] = deque(maxlen=EACH)
        self._by_place[place].append(now)

    def _is_full(self, times: deque[datetime] | None) -> bool:
        return times is not None and len(times) == times.maxlen and self.clock() - times[0] < WITHIN


def place_of(request: web.Request) -> str:
    """Return where a request comes from: as what stands in front says last, whoever asks cannot say that for it."""
    return request.headers.get("X-Forwarded-For", request.remote or "").rpartition(",")[2].strip()
