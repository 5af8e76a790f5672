"""The rate limiter, off unless the configuration or a fault switches it on."""

import math
from dataclasses import dataclass

from aiohttp import web

from .faults import Fault
from .world import World


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: int


class Limiter:
    """Counts requests per caller's address and refuses those beyond the burst."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._buckets: dict[str, _Bucket] = {}

    def refusal(self, request: web.Request, fault: Fault | None) -> web.Response | None:
        """Return the 429, None if the request may pass."""
        if fault is not None:
            return self._too_many(math.ceil(fault.seconds))
        if not self._enabled:
            return None
        bucket = self._bucket(request)
        if bucket.tokens < 1:
            return self._too_many(math.ceil((1 - bucket.tokens) / self._per_second))
        bucket.tokens -= 1
        return None

    def headers(self, request: web.Request) -> dict[str, str]:
        """Return what is told about the limit with every answer."""
        if not self._enabled:
            return {}
        tokens = self._bucket(request).tokens
        return {
            "X-Ratelimit-Limit": str(self._burst),
            "X-Ratelimit-Remaining": str(int(tokens)),
            "X-Ratelimit-Reset": str(math.ceil((self._burst - tokens) / self._per_second)),
        }

    @property
    def _enabled(self) -> bool:
        return bool(self.world.setting("RateLimitSettings", "Enable"))

    @property
    def _per_second(self) -> int:
        return int(str(self.world.setting("RateLimitSettings", "PerSec")))

    @property
    def _burst(self) -> int:
        return int(str(self.world.setting("RateLimitSettings", "MaxBurst"))) + 1

    def _bucket(self, request: web.Request) -> _Bucket:
        now = self.world.clock()
        bucket = self._buckets.setdefault(request.remote or "", _Bucket(self._burst, now))
        gained = (now - bucket.filled_at) / 1000 * self._per_second
        bucket.tokens = min(self._burst, bucket.tokens + gained)
        bucket.filled_at = now
        return bucket

    def _too_many(self, seconds: int) -> web.Response:
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Retry-After": str(seconds),
            "X-RateLimit-Limit": str(self._burst),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(math.ceil(self._burst / self._per_second)),
        }
        return web.Response(status=429, body=b"limit exceeded\n", headers=headers)
