"""Numbers as they come from people and from what they press: read in one way, whatever was written instead."""

import re
from dataclasses import dataclass

from handlers.text.plain_forms import bare

LONGEST = 9
"""How many digits a number has at most: enough for whatever is counted here, and few enough for every database."""

TASK = r"#?([0-9]{1,4})\.([0-9]{1,4})"
"""The number of a task, such as 2.3, in a regular expression."""

_TASK = re.compile(TASK)
_CALLED = re.compile(r"#?([A-Za-z0-9](?:[A-Za-z0-9-]{0,31}[A-Za-z0-9])?)-([0-9]{1,9})")
WRITTEN = 4
"""How many digits a run's number among those of its playbook is written with at least, as INC-0042."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a run is called by among those of its playbook; `is_whole` where it is written as it is shown."""

    prefix: str
    sequence: int
    is_whole: bool


def number(text: str) -> int:
    """Return the number that a text is, 12 or #12; 0, which nothing here is numbered by, for everything else."""
    digits = bare(text).removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST else 0


def called(text: str) -> Called | None:
    """Return the number that a text is among those of a playbook, INC-0042 or #inc-42; None where it is none."""
    found = _CALLED.fullmatch(bare(text))
    return Called(found[1], int(found[2]), len(found[2]) >= WRITTEN) if found and int(found[2]) else None


def leading_number(text: str) -> tuple[int, str]:
    """Return the number that a text begins with, such as `#12`, and the words behind it; 0 and all of it without."""
    text = text.strip()
    first, *rest = text.split(maxsplit=1) or [""]
    found = number(first)
    return (found, "".join(rest)) if found else (0, text)


def task_number(text: str) -> tuple[int, int] | None:
    """Return the number of a task, such as 2.3, in its two parts."""
    found = _TASK.fullmatch(bare(text))
    return (int(found[1]), int(found[2])) if found else None
