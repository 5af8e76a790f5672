"""How long runs took, and what their metrics were: every run's value, their median, and the share within the target."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.figures.shuffling import Change, change
from handlers.figures.statistics import Better, Share, Spread, spread, within
from handlers.playbooks.metrics import Metric
from handlers.text.amounts import AmountKind
from store import RunFigures

TIMES = ("acknowledge", "mitigate", "finish")
"""What is measured of all runs, from when it was first said on."""


@dataclass(frozen=True, slots=True)
class Value:
    """What one run gives to a measure: an amount as `handlers/text/amounts.py` keeps it."""

    run_id: int
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of many runs; `key` is one of `TIMES`, or that of `metric`. `values` are the newest first.

    `without` runs have no value, `negative` ones among them would have one below zero. `change` is that since the
    period before, where it is more than chance. Among all playbooks a metric is `of` the one with this title.
    """

    key: str
    values: tuple[Value, ...] = ()
    metric: Metric | None = None
    without: int = 0
    negative: int = 0
    change: Change | None = None
    of: str = ""

    @property
    def amounts(self) -> list[int]:
        return [one.amount for one in self.values]

    @property
    def spread(self) -> Spread:
        return spread(self.amounts)

    @property
    def kind(self) -> AmountKind:
        return self.metric.type if self.metric is not None else "duration"

    @property
    def currency(self) -> str:
        return self.metric.currency if self.metric is not None else ""

    @property
    def target(self) -> int | None:
        return self.metric.target if self.metric is not None else None

    @property
    def better(self) -> Better:
        return self.metric.better if self.metric is not None else "lower"

    @property
    def share(self) -> Share | None:
        """How many runs met the target; None where there is none."""
        return within(self.amounts, self.target, self.better) if self.target is not None else None


def measures_of(
    rows: Sequence[RunFigures], before: Sequence[RunFigures], metrics: Iterable[Metric]
) -> tuple[Measure, ...]:
    """Return the measures of runs that are over, compared with those `before`; both with the newest first."""
    times = [_measure(name, _time(name), rows, before) for name in TIMES]
    return (*times, *(_measure(one.key, _metric(one.key), rows, before, one) for one in metrics))


def measures_of_others(
    rows: Sequence[RunFigures], before: Sequence[RunFigures], books: Mapping[int, tuple[str, Sequence[Metric]]]
) -> tuple[Measure, ...]:
    """Return the metrics of several playbooks, each of its own runs; `books` are their titles and metrics by id."""
    found: list[Measure] = []
    for playbook_id, (title, metrics) in books.items():
        theirs = [row for row in rows if row.playbook_id == playbook_id]
        earlier = [row for row in before if row.playbook_id == playbook_id]
        measured = (_measure(one.key, _metric(one.key), theirs, earlier, one) for one in metrics)
        found += (replace(one, of=title) for one in measured if one.values)
    return tuple(found)


def _measure(
    key: str,
    amount: Callable[[RunFigures], int | None],
    rows: Sequence[RunFigures],
    before: Sequence[RunFigures],
    metric: Metric | None = None,
) -> Measure:
    values = _values(rows, amount)
    earlier = [one.amount for one in _values(before, amount)]
    return Measure(
        key=key,
        values=values,
        metric=metric,
        without=len(rows) - len(values),
        negative=sum(f"negative:{key}" in row.flags for row in rows),
        change=change(earlier, [one.amount for one in values]),
    )


def _values(rows: Sequence[RunFigures], amount: Callable[[RunFigures], int | None]) -> tuple[Value, ...]:
    found = ((row, amount(row)) for row in rows)
    return tuple(Value(row.run_id, row.created_at, value) for row, value in found if value is not None)


def _time(name: str) -> Callable[[RunFigures], int | None]:
    def of(row: RunFigures) -> int | None:
        found: int | None = getattr(row, f"{name}_s")
        return found

    return of


def _metric(key: str) -> Callable[[RunFigures], int | None]:
    return lambda row: row.metrics.get(key)
