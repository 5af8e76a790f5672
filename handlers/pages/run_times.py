"""A run's milestones and metrics as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.context import Context
from handlers.events import Person
from handlers.figures.facts import facts_of
from handlers.figures.run_facts import Valued
from handlers.operations.set_milestone import times_to_ask
from handlers.playbooks.milestones import BY_PEOPLE, NAMES, is_task
from handlers.rules.sight import viewer_of
from handlers.rules.time_fields import field_of, in_field
from handlers.text import amounts
from handlers.views.amounts import hints_in_words, metric_fields, metric_rows, milestone_in_words, milestone_rows
from store import Run
from store.queries.visible import visible_to

Row = Mapping[str, Any]
"""What a template says of a milestone or a metric, as chat has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric that is asked for: its field, and its value as that has it."""

    field: str
    title: str
    description: str
    type: str
    currency: str
    written: str


@dataclass(frozen=True, slots=True)
class TimeField:
    """A milestone that people set: what it is called, and its time as a field has it."""

    name: str
    called: str
    written: str = ""

    @property
    def field(self) -> str:
        return field_of(self.name)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a run measured: milestones in their order, metrics, those that are asked for, and what is out of order.

    `times` are the milestones that people set, those that have no time yet included; `ends` are asked for at the end.
    """

    milestones: tuple[Row, ...] = ()
    metrics: tuple[Row, ...] = ()
    asked: tuple[Asked, ...] = ()
    times: tuple[TimeField, ...] = ()
    ends: tuple[TimeField, ...] = ()
    hints: str = ""
    again: int = 0
    took_s: int | None = None
    open_s: int | None = None


def measures_of(ctx: Context, run: Run, asker: Person) -> Measures:
    """Return what a run measured; nothing of one without a playbook."""
    if run.playbook_id is None:
        return Measures()
    found = facts_of(ctx, run)
    names = [*NAMES, *(name for name in found.milestones if is_task(name))]
    reached = sorted((name for name in names if found.at(name)), key=lambda name: found.milestones[name].at or ctx.now)
    return Measures(
        milestones=tuple(milestone_rows(ctx, found, reached)),
        metrics=tuple(metric_rows(ctx, run, found, visible_to(ctx.store, viewer_of(ctx, asker)))),
        asked=tuple(_asked(one, name) for one, name in metric_fields(found)),
        times=tuple(_field(ctx, name, in_field(found.at(name), ctx.reader)) for name in BY_PEOPLE),
        ends=tuple(_field(ctx, name, "") for name in times_to_ask(ctx, run)),
        hints=hints_in_words(ctx, found.out_of_order),
        again=found.again,
        took_s=found.took_s,
        open_s=found.open_s,
    )


def _field(ctx: Context, name: str, written: str) -> TimeField:
    return TimeField(name, milestone_in_words(ctx, name), written)


def _asked(one: Valued, field: str) -> Asked:
    metric = one.metric
    written = amounts.written(one.amount, metric.type, metric.currency) if one.amount is not None else ""
    return Asked(field, metric.title, metric.description, metric.type, metric.currency, written)
