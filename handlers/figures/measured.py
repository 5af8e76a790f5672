"""The values of a run's metrics: measured between its milestones, or as people say."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from handlers.figures.evidence import of_book
from handlers.figures.run_facts import Reached, Valued
from handlers.figures.working_time import seconds, working_seconds, zone_of
from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import Playbook
from store import MetricValue


def metrics_of(book: Playbook, milestones: Mapping[str, Reached], values: Iterable[MetricValue]) -> tuple[Valued, ...]:
    """Return the value of each of a playbook's metrics, in its order."""
    said = {one.metric: one.amount for one in values}
    return tuple(
        _measured(one, book, milestones) if one.is_measured else _asked(one, said) for one in book.retrospective.metrics
    )


def between(begin: datetime | None, end: datetime | None) -> int | None:
    """Return the whole seconds between two milestones; None where one is missing, or they are the wrong way round."""
    return seconds(begin, end) if begin is not None and end is not None and begin <= end else None


def _asked(metric: Metric, said: Mapping[str, int | None]) -> Valued:
    amount = said.get(metric.key)
    return Valued(metric, amount, "" if amount is not None else "unsaid")


def _measured(metric: Metric, book: Playbook, milestones: Mapping[str, Reached]) -> Valued:
    names = [of_book(book, name) for name in (metric.start, metric.end) if name is not None]
    times = [milestones[name].at for name in names]
    begin, end = times
    if begin is None or end is None:
        missing = tuple(name for name, at in zip(names, times, strict=True) if at is None)
        return Valued(metric, None, "missing", missing)
    if end < begin:
        return Valued(metric, None, "negative")
    if metric.clock == "working" and book.working is not None:
        return Valued(metric, working_seconds(begin, end, book.working, zone_of(book)))
    return Valued(metric, seconds(begin, end))
