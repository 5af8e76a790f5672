"""Lets what repeats be logged a few times a moment, and counts the rest: a flood is told of, and fills no disk."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

EVERY = 10.0
"""How long a moment is, in seconds."""
TIMES = 20
"""How many lines of one kind are logged in it."""
KINDS = 1000
"""How many kinds are kept in mind."""


@dataclass(slots=True)
class Kind:
    """What was logged of one kind in the moment that began then."""

    began: float
    said: int = 0
    left_out: int = 0


class Repeating(logging.Filter):
    """Leaves out what has been said often enough; the first line afterwards tells how many that were.

    Who looks for an error (level debug) gets every line.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: LRUCache[tuple[int, str, str], Kind] = LRUCache(KINDS)
        self._lock = Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno <= logging.DEBUG:
            return True
        now, name = self._clock(), _name(record)
        with self._lock:  # several threads log
            kind = self._kinds.setdefault(name, Kind(now))
        if now - kind.began >= EVERY:
            kind.began, kind.said = now, 0
        kind.said += 1
        if kind.said > TIMES:
            kind.left_out += 1
            return False
        if kind.left_out:
            _tell(record, kind.left_out)
            kind.left_out = 0
        return True


def _name(record: logging.LogRecord) -> tuple[int, str, str]:
    """Return what lines of one kind share: their level, their source, and their words without the values in them."""
    words = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
    return record.levelno, record.name, str(words)


def _tell(record: logging.LogRecord, left_out: int) -> None:
    if isinstance(record.msg, dict):
        record.msg = {**record.msg, "left_out": left_out}
    else:
        record.msg, record.args = f"{record.getMessage()} ({left_out} more were left out)", None
