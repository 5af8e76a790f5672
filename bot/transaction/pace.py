"""How much one person may ask for at once, and whose turn is next among those who wait."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeVar

from cachetools import LRUCache

from handlers.text.words import say

SECONDS = 15
"""Within how many seconds somebody may ask for as much as they may at once."""
SHARE = 8
"""How many events of one person a transaction decides at most, as long as others wait."""
MANY = 10_000
"""How many people's pace is kept in mind at most."""

Word = Literal["go", "tell", "wait"]


class Asked(Protocol):
    """Something that waits, and who asked for it; empty where nobody did."""

    @property
    def asker_id(self) -> str: ...


Some = TypeVar("Some", bound=Asked)


class PersonalPace:
    """Lets each person ask for `most` things at once, which grow back within 15 seconds; 0 lets everything pass.

    Time is the process's own, in seconds, so that a clock that is set changes nothing.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._spent: LRUCache[str, tuple[float, float, bool]] = LRUCache(MANY)

    def ask(self, person_id: str) -> Word:
        """Take one thing; what is too much is to be told once, until the person has kept the pace again."""
        if not self._most:
            return "go"
        now = self._clock()
        at, spent, is_told = self._spent.get(person_id, (now, 0.0, False))
        spent = max(0.0, spent - (now - at) * self._most / SECONDS)
        fits = spent + 1 <= self._most
        self._spent[person_id] = (now, spent + fits, not fits)
        return "go" if fits else "wait" if is_told else "tell"

    def told(self) -> str:
        """Say what the pace is."""
        return say("door", most=self._most, seconds=SECONDS)["too_fast"]


def next_in_turn(waiting: Sequence[Some], most: int) -> tuple[list[Some], list[Some]]:
    """Return what is taken next, `most` at the most, and what is left, each person's in its order.

    The first of everybody comes before the second of anybody; of one person no more than a share is taken at once as
    long as somebody else waits.
    """
    nth: Counter[str] = Counter()
    turns = []
    for at, one in enumerate(waiting):
        nth[one.asker_id] += bool(one.asker_id)
        turns.append((nth[one.asker_id], at))
    share = SHARE if len(nth) > 1 else most
    taken = {at for turn, at in sorted(turns)[:most] if turn <= share}
    return (
        [waiting[at] for _, at in sorted(turns) if at in taken],
        [one for at, one in enumerate(waiting) if at not in taken],
    )
