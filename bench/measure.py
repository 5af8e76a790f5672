"""What all rows share: a row of the table, pairs of measurements, and the CPU time and memory of a process."""

import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

GOOD = "✓"
SHORT = "falls short"
NOT_RUN = "not run"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `figure` is a ratio to the yardstick unless it says otherwise."""

    what: str
    yardstick: str
    figure: str
    goal: str
    verdict: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: all of it, or only so much that everything is seen to work."""

    quick: bool = False

    def __call__(self, full: int, quick: int) -> int:
        return quick if self.quick else full


def at_least(what: str, yardstick: str, ratio: float, goal: float, note: str = "") -> Row:
    """Return the row of a figure that should be high."""
    return Row(what, yardstick, f"{ratio:.2f} ×", f"≥ {goal:g} ×", GOOD if ratio >= goal else SHORT, note)


def at_most(what: str, yardstick: str, ratio: float, goal: float, note: str = "") -> Row:
    """Return the row of a figure that should be low."""
    return Row(what, yardstick, f"{ratio:.2f} ×", f"≤ {goal:g} ×", GOOD if ratio <= goal else SHORT, note)


def not_run(what: str, yardstick: str, goal: str, why: str) -> Row:
    """Return the row of what could not be measured here."""
    return Row(what, yardstick, "–", goal, NOT_RUN, why)


def pairs(ours: Callable[[], float], yardstick: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Measure both in turn; return the median ratio of the pairs, and the median of each.

    Who comes first changes from pair to pair, so that what a machine does meanwhile favours nobody.
    """
    found: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            theirs = yardstick()
            found.append((ours(), theirs))
        else:
            mine = ours()
            found.append((mine, yardstick()))
    return summary(found)


def summary(found: Iterable[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the median ratio of pairs, and the median of each side."""
    both = list(found)
    ratio = statistics.median(mine / theirs for mine, theirs in both)
    return ratio, statistics.median(mine for mine, _ in both), statistics.median(theirs for _, theirs in both)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which a share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used so far, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rested(pid: int, within: float = 4.0) -> float:
    """Wait until a process has nothing left to do, `within` seconds at most; return its CPU seconds so far."""
    used = cpu_seconds(pid)
    for _ in range(int(within * 10)):
        time.sleep(0.1)
        used, before = cpu_seconds(pid), used
        if used - before < 0.015:
            break
    return used


def resident_mb(pid: int) -> float:
    """Return how much memory a process holds, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
