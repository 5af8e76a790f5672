"""What is said of many values: percentiles by nearest rank, the share within a target, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FEWEST_FOR_90 = 20
"""How many runs a 90th percentile takes: with fewer it is just one of the two or three slowest."""

Better = Literal["higher", "lower"]


def ranked(values: Sequence[int], percent: int) -> int:
    """Return a percentile by nearest rank: the least of the values that so many percent of them do not exceed.

    Raises `ValueError` where there are none, or `percent` is not among 1 to 100.
    """
    if not values or not 1 <= percent <= 100:
        raise ValueError(percent)
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def median(values: Sequence[int]) -> int:
    """Return the 50th percentile, which is the value of a run; of the two in the middle the lower one."""
    return ranked(values, 50)


@dataclass(frozen=True, slots=True)
class Spread:
    """How values lie; `median` is None without any, `ninetieth` with fewer than `FEWEST_FOR_90`."""

    n: int = 0
    median: int | None = None
    ninetieth: int | None = None


def spread(values: Sequence[int]) -> Spread:
    """Return how values lie."""
    if not values:
        return Spread()
    return Spread(len(values), median(values), ranked(values, 90) if len(values) >= FEWEST_FOR_90 else None)


@dataclass(frozen=True, slots=True)
class Share:
    """How many there are of how many; nothing is said of the share of none."""

    count: int = 0
    n: int = 0

    @property
    def percent(self) -> int | None:
        """Return the share in whole percent, rounded half up; only all are 100, and only none is 0."""
        if not self.n:
            return None
        nearest = (200 * self.count + self.n) // (2 * self.n)
        return min(max(nearest, 1), 99) if 0 < self.count < self.n else nearest


def within(values: Sequence[int], target: int, better: Better) -> Share:
    """Return how many values meet a target, which they may just reach."""
    met = sum(one >= target if better == "higher" else one <= target for one in values)
    return Share(met, len(values))
