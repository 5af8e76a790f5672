"""What runs tell together, in three short sentences."""

from handlers.context import Context
from handlers.figures.insights import Insights
from handlers.figures.measures import Measure
from handlers.text.words import Safe
from handlers.views.insights import amount_of, name_of, span_of, target_of, title_of
from store import PlaybookRow

MOST_METRICS = 3
"""How many metrics with a target are told in words; the table has all."""


def sentences(ctx: Context, row: PlaybookRow | None, found: Insights) -> tuple[str, ...]:
    """Say how many runs there were, how long they took, and what became of tasks and updates; what there is of it."""
    said = (_counts(ctx, row, found), _times(ctx, found), _work(ctx, found))
    return tuple(one for one in said if one)


def _counts(ctx: Context, row: PlaybookRow | None, found: Insights) -> str:
    return ctx.say(
        "insights",
        title=title_of(ctx, row),
        span=span_of(ctx, found.period),
        started=found.started,
        over=found.over,
        active=found.active,
        reopened=found.reopened,
        cut=found.is_cut,
        mistaken=found.mistaken,
        removed=found.removed,
    )["count"]


def _times(ctx: Context, found: Insights) -> str:
    times = [one for one in found.measures if one.metric is None and one.values]
    metrics = [one for one in found.measures if one.values and one.share is not None][:MOST_METRICS]
    acknowledged = any(one.key == "acknowledge" for one in times)
    return ctx.say(
        "insights",
        over=found.over,
        started=found.started,
        parts=[Safe(_part(ctx, found, one)) for one in times],
        metrics=[Safe(_part(ctx, found, one)) for one in metrics],
        nobody=0 if acknowledged else found.unacknowledged,
    )["times"]


def _part(ctx: Context, found: Insights, measure: Measure) -> str:
    """Say a measure that has values as a part of a sentence."""
    share, changed = measure.share, measure.change
    said = ctx.say(
        "insights",
        n=measure.spread.n,
        change=changed,
        quick=measure.kind == "duration",
        before=amount_of(measure, changed.before, ctx.reader) if changed is not None else "",
        days=found.period.days,
    )
    return ctx.say(
        "insights",
        over=found.over,
        n=measure.spread.n,
        of_runs=Safe(said["of_runs"]),
        median=amount_of(measure, measure.spread.median, ctx.reader),
        unacknowledged=found.unacknowledged,
        metric=name_of(ctx, measure),
        target=target_of(ctx, measure),
        met=share.count if share is not None else 0,
    )[f"time_{measure.key}" if measure.metric is None else "time_metric"]


def _work(ctx: Context, found: Insights) -> str:
    most = {"skipped": found.skipped, "late": found.late, "added": found.added}
    tasks = [
        Safe(ctx.say("insights", task=some[0].title, count=some[0].count, n=found.over)[f"work_{name}"])
        for name, some in most.items()
        if some
    ]
    return ctx.say(
        "insights",
        over=found.over,
        kept=found.punctual.count,
        n=found.punctual.n,
        tasks=tasks,
        open=found.follow_ups.open,
        overdue=found.follow_ups.overdue,
    )["work"]
