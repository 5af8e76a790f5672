"""`muster run` as it is, but for its clock: that is as far ahead as the file says that MUSTER_CHAOS_CLOCK names."""

import mmap
import os
import struct
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

from bot import app
from bot.cli.main import main

AHEAD = struct.Struct("d")
"""Seconds; negative where the clock is behind."""


class SetClock:
    """A clock that is set from outside, for all processes that share the file."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            self._shared = mmap.mmap(file.fileno(), AHEAD.size, access=mmap.ACCESS_READ)

    def __call__(self) -> datetime:
        (seconds,) = AHEAD.unpack(self._shared[: AHEAD.size])
        return datetime.now(UTC) + timedelta(seconds=seconds)


def end_with_parent() -> None:
    """End at once when whoever started this process is no more, who holds the other end of its standard input."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    app.running = partial(app.running, clock=SetClock(os.environ["MUSTER_CHAOS_CLOCK"]))
    main(["run"])
