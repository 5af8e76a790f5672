"""Saying what a metric of a run is; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.correct_facts import correct_facts
from handlers.operations.enter_moment import enter
from handlers.playbooks.metrics import Metric
from handlers.text import amounts
from handlers.views.amounts import amount_in_words
from handlers.views.card import refresh_card
from store import MetricValue, Run


@dataclass(frozen=True, slots=True)
class MetricSet:
    """What a metric was and is, None where nobody has said so; nothing was changed where `moment_id` is 0."""

    metric: Metric
    before: int | None
    amount: int | None
    moment_id: int


def set_metric(ctx: Context, run: Run, metric: Metric, amount: int | None, by: Person) -> Doing[MetricSet]:
    """Say what a metric is, None to take that back. Raises `Refused` for one that is measured, or is too large."""
    if metric.is_measured:
        raise ctx.refused("metric", "measured", metric=metric)
    if amount is not None and abs(amount) >= amounts.LARGEST:
        raise ctx.refused("metric", f"wrong_{metric.type}", "wrong", metric=metric, words="")
    said = [one.amount for one in ctx.store.metric_values(run.id) if one.metric == metric.key]
    before = said[-1] if said else None
    if before == amount:
        return MetricSet(metric, before, amount, 0)
    ctx.store.add(MetricValue(run_id=run.id, metric=metric.key, amount=amount, by=by.id, noted_at=ctx.now))
    words = amount_in_words(ctx.to(ctx.readers_of(run)), metric, amount) if amount is not None else ""
    subject = f"{metric.title}: {words}" if words else metric.title
    moment = enter(ctx, run, "metric", by.id, subject, metric=metric.key, before=before, after=amount)
    yield from refresh_card(ctx, run)
    yield from correct_facts(ctx, run, "metrics")
    return MetricSet(metric, before, amount, moment.id)
