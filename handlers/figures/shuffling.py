"""Whether two groups of runs differ by more than chance: by more than shuffling the runs between them gives.

It is the ranks of the values that are compared, so that one run that took a week decides nothing. The shuffles are
drawn from a seed, so the same runs always give the same answer.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from handlers.figures.statistics import median

FEWEST = 5
"""How many runs each group has at least; with fewer nothing is said."""
MOST = 100
"""How many runs of each group are shuffled at most, the newest ones."""
SHUFFLES = 400
CHANCE = 5
"""How many of a hundred shuffles may give as large a difference as the one that is told of."""
_SEED = 19


@dataclass(frozen=True, slots=True)
class Change:
    """The medians of an earlier and of a later group, and how many runs they are of."""

    before: int
    after: int
    n_before: int
    n_after: int

    @property
    def by(self) -> int:
        """How much more it is in the later one; negative for less."""
        return self.after - self.before


def change(before: Sequence[int], after: Sequence[int]) -> Change | None:
    """Return how the median of values has changed, both with the newest first; None where chance would do as much."""
    if min(len(before), len(after)) < FEWEST:
        return None
    found = Change(median(before), median(after), len(before), len(after))
    before, after = before[:MOST], after[:MOST]
    ranks = _doubled_ranks([*before, *after])
    apart = _apart(ranks, len(after), sum(ranks[len(before) :]))
    # What is told are the medians of all; where the ranks of the newest point to the other side nothing can be said.
    return found if found.by * apart > 0 and _is_rare(ranks, len(after), abs(apart)) else None


def _doubled_ranks(values: Sequence[int]) -> list[int]:
    """Return the place of each value among all, from the least on, times two; equal ones share the middle of theirs."""
    ordered = sorted(values)
    return [bisect_left(ordered, one) + bisect_right(ordered, one) for one in values]


def _apart(ranks: Sequence[int], size: int, total: int) -> int:
    """Return by how much the ranks of a group, so many with this total, are above what they would be on the average."""
    return total * len(ranks) - sum(ranks) * size


def _is_rare(ranks: Sequence[int], size: int, apart: int) -> bool:
    """Return whether groups of `size` that are drawn by chance seldom lie so far from the others."""
    chance, as_far = Random(_SEED), 0  # noqa: S311  (nothing secret hangs on it)
    for _ in range(SHUFFLES):
        as_far += abs(_apart(ranks, size, sum(chance.sample(ranks, size)))) >= apart
    return as_far * 100 <= SHUFFLES * CHANCE
