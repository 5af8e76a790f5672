"""The sandbox's time: real time that a test may push forward."""

import time
from collections.abc import Callable


class Clock:
    """A callable that returns Unix milliseconds and can be advanced by hand.

    It follows real time, or `source`; with `frozen` set to a start value it moves only when told to.
    """

    def __init__(self, frozen: int | None = None, source: Callable[[], int] | None = None) -> None:
        self._source = source or _real_time if frozen is None else lambda: frozen
        self._offset = 0

    def __call__(self) -> int:
        """Return the present time in milliseconds."""
        return self._source() + self._offset

    def advance(self, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Push the time forward."""
        self._offset += int((seconds + minutes * 60 + hours * 3600) * 1000)


def _real_time() -> int:
    return time.time_ns() // 1_000_000
