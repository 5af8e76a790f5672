"""A bell: whoever waits for something is woken, from any thread."""

import asyncio
from collections import deque
from datetime import datetime


class Bell:
    """Rung by those who have something, and waited for by one; what was rung before that is heard then."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()
        self._is_early = False
        self._times: deque[datetime] = deque()

    def ring(self, at: datetime | None = None) -> None:
        """Wake who waits; `at` is when there is something to do. From any thread."""
        if at is not None:
            self._times.append(at)
        # Noted before it is looked who waits: who begins to wait just now looks the other way round.
        if self._loop is None:
            self._is_early = True
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> bool:
        """Wait until it is rung, so long at most; return whether it was."""
        self._loop = asyncio.get_running_loop()
        if self._is_early:
            self._is_early = False
            self._rung.set()
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    def times(self) -> list[datetime]:
        """Return the times for which it was rung since this was asked last."""
        return [self._times.popleft() for _ in range(len(self._times))]
