"""Lengths of time as people write them ("1h 30m"); how they are told is in `sentences`."""

import re

from handlers.text.sentences import say

LONGEST = 3650 * 86400

_UNITS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
_SPOKEN = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_PART = re.compile(r"\s*([0-9]{1,9})\s*([a-z]+)\s*")


def parse(text: str) -> int:
    """Return the seconds that `text` stands for; raises `ValueError` that says what is allowed."""
    seconds, at, used = 0, 0, set[int]()
    text = text.strip().lower()
    while part := _PART.match(text, at):
        unit = _UNITS.get(part[2])
        if unit is None or unit in used:
            break
        used.add(unit)
        seconds, at = seconds + int(part[1]) * unit, part.end()
    if at != len(text) or not used:
        raise ValueError(say("mistakes")["duration"])
    if not 0 < seconds <= LONGEST:
        raise ValueError(say("mistakes")["duration_range"])
    return seconds


def written(seconds: int) -> str:
    """Return a length of time as `parse` reads it, and as files and the command line show it."""
    parts: list[str] = []
    for size, unit in _SPOKEN:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"
