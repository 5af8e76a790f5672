"""Amounts, milestones and metrics in words, for lists, dialogs and files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.context import Context
from handlers.figures.facts import facts_of
from handlers.figures.recent import Recent, recent
from handlers.figures.run_facts import Reached, RunFacts, Valued
from handlers.playbooks.metrics import MOST, Metric
from handlers.playbooks.milestones import is_task, task_title
from handlers.text.words import Safe, escape
from store import Run
from store.queries.visible import Condition

METRIC_FIELDS = tuple(f"metric{at}" for at in range(1, MOST + 1))
"""The fields of a form for metrics, each by its number among the playbook's metrics."""


def metric_fields(found: RunFacts) -> list[tuple[Valued, str]]:
    """Return the metrics that are asked for, each with the name of its field."""
    return [(one, name) for one, name in zip(found.metrics, METRIC_FIELDS, strict=False) if not one.metric.is_measured]


def amount_in_words(ctx: Context, metric: Metric, amount: int) -> str:
    """Return an amount of a metric as its reader writes it."""
    return ctx.say("metric", amount=amount, kind=metric.type, currency=metric.currency)["amount"]


def lengths_of(ctx: Context, run: Run) -> dict[str, Any]:
    """Return when a run ended and how long it took, for a template, by what people say of its times.

    `took` is None where it is not over, or would have taken less than nothing.
    """
    if run.is_active:
        return {"ended": None, "took": None, "open": None, "again": 0}
    found = facts_of(ctx, run)
    return {"ended": found.at("finished"), "took": found.took_s, "open": found.open_s, "again": found.again}


def milestone_in_words(ctx: Context, name: str) -> Safe:
    """Return what a milestone is called."""
    said = ctx.say("milestone", title=task_title(name))
    return Safe(said["task_done"] if is_task(name) else said[name.replace("-", "_")])


def milestone_rows(ctx: Context, found: RunFacts, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return milestones for a template: called, when, by whom, and what is to be said of it."""
    return [_row(ctx, found.milestones[name]) for name in names]


def _row(ctx: Context, one: Reached) -> dict[str, Any]:
    last = one.said[-1] if one.said else None
    return {
        "name": one.name,
        "called": milestone_in_words(ctx, one.name),
        "at": one.at,
        "who": ctx.username(one.by) if one.by and one.source != "run" else "",
        "before": _before(one) if one.is_corrected else None,
        "reason": last.reason if last is not None and one.source == "person" else "",
    }


def _before(one: Reached) -> datetime | None:
    """Return the time that a corrected one had before."""
    earlier = [said.at for said in one.said[:-1] if said.at is not None and said.at != one.at]
    return earlier[-1] if earlier else one.recorded_at


def hints_in_words(ctx: Context, found: Sequence[tuple[str, str]]) -> Safe:
    """Return which milestones are out of order, as a sentence, empty where none are."""
    pairs = [
        {"first": milestone_in_words(ctx, first), "second": milestone_in_words(ctx, second)} for first, second in found
    ]
    return Safe(ctx.say("time", pairs=pairs)["hints"] if pairs else "")


def metric_rows(ctx: Context, run: Run, found: RunFacts, seen: Condition) -> list[dict[str, Any]]:
    """Return a run's metrics for a template, each with its target and what it was in the last runs that are `seen`."""
    return [metric_row(ctx, one, recent(ctx, run, one.metric, seen)) for one in found.metrics]


def metric_row(ctx: Context, one: Valued, before: Recent) -> dict[str, Any]:
    """Return a metric for a template: its title, value, target, and what it was in the runs before."""
    metric = one.metric
    return {
        "title": metric.title,
        "key": metric.key,
        "value": Safe(amount_in_words(ctx, metric, one.amount)) if one.amount is not None else "",
        "target": Safe(amount_in_words(ctx, metric, metric.target)) if metric.target is not None else "",
        "is_met": one.is_met,
        "better": metric.better,
        "working": metric.clock == "working",
        "why": one.why_none,
        "missing": Safe(", ".join(milestone_in_words(ctx, name) for name in one.missing)),
        "begin": milestone_in_words(ctx, metric.start) if metric.start is not None else "",
        "end": milestone_in_words(ctx, metric.end) if metric.end is not None else "",
        "median": Safe(amount_in_words(ctx, metric, before.median)) if before.median is not None else "",
        "n": before.n,
    }


def beside_in_words(ctx: Context, run: Run, found: RunFacts, seen: Condition) -> Safe:
    """Return a run's metrics as a list, such as "23 min, target 30 min, median of the last 10: 41 min"."""
    return Safe(ctx.say("metric", rows=metric_rows(ctx, run, found, seen), name=escape(run.name))["lines"])
