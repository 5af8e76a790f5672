"""The sandbox's time: real time that a test may push forward."""

import time


class Clock:
    """A callable that returns Unix milliseconds and can be advanced by hand.

    With `frozen` set to a start value it moves only when told to.
    """

    def __init__(self, frozen: int | None = None) -> None:
        self._frozen = frozen
        self._offset = 0

    def __call__(self) -> int:
        """Return the present time in milliseconds."""
        base = time.time_ns() // 1_000_000 if self._frozen is None else self._frozen
        return base + self._offset

    def advance(self, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Push the time forward."""
        self._offset += int((seconds + minutes * 60 + hours * 3600) * 1000)
