"""What runs tell together as a picture, and the words that stand in it and elsewhere."""

from datetime import UTC, datetime, time
from itertools import pairwise

from handlers.context import Context
from handlers.figures.insights import Insights
from handlers.figures.measures import Measure
from handlers.figures.picture import Bars, Panel, Picture, Tick
from handlers.text.periods import DAY, Period
from handlers.text.readers import Reader
from handlers.text.sentences import amount, day_of_month, month
from handlers.text.words import Safe
from store import PlaybookRow

MOST_PANELS, IN_CHAT = 6, 3
"""How many measures a picture has; clients make one that is higher smaller, until nobody can read it."""
GROWS = 20
"""How many times the least value the greatest is from where on the scale grows by factors."""
_WEEK = 7 * DAY.total_seconds()
_LADDER = (1, 10, 60, 300, 900, 3600, 4 * 3600, 86400, 3 * 86400, 7 * 86400, 30 * 86400, 365 * 86400)
"""Lengths of time, in seconds, at which an axis that grows by factors has marks."""


def amount_of(measure: Measure, value: int | None, reader: Reader) -> Safe:
    """Say a value of a measure, nothing where there is none."""
    return Safe("") if value is None else amount(value, reader, measure.kind, measure.currency)


def name_of(ctx: Context, measure: Measure) -> str:
    """Return what a measure is called."""
    if measure.metric is None:
        return ctx.say("insights")[measure.key]
    return f"{measure.of}: {measure.metric.title}" if measure.of else measure.metric.title


def span_of(ctx: Context, period: Period) -> Safe:
    """Say a period by its days."""
    return Safe(ctx.say("insights", first=period.first, last=period.last)["span_of"])


def title_of(ctx: Context, row: PlaybookRow | None) -> str:
    """Return what the runs are called that figures are of."""
    return row.title if row is not None else ctx.say("insights")["all_of_them"]


def figure_of(ctx: Context, measure: Measure, unacknowledged: int = 0) -> str:
    """Say a measure in a line: its median and how many runs it is of, and how many met the target."""
    found, share = measure.spread, measure.share
    return ctx.say(
        "insights",
        n=found.n,
        median=amount_of(measure, found.median, ctx.reader),
        ninetieth=amount_of(measure, found.ninetieth, ctx.reader) if measure.better == "lower" else "",
        target=target_of(ctx, measure),
        met=share.count if share is not None else 0,
        percent=share.percent if share is not None else 0,
        nobody=unacknowledged if measure.key == "acknowledge" else 0,
    )["figure"]


def target_of(ctx: Context, measure: Measure) -> Safe:
    """Say a target, and which side of it is meant; nothing where there is none."""
    target = amount_of(measure, measure.target, ctx.reader)
    return Safe(ctx.say("insights", target=target, better=measure.better)["target"]) if target else Safe("")


def picture(ctx: Context, row: PlaybookRow | None, found: Insights, most: int = MOST_PANELS) -> Picture:
    """Return the picture of what the runs tell, with so many measures at most."""
    last = min(_at(found.period) + DAY.total_seconds(), (ctx.now + DAY).timestamp())
    mondays = [datetime.combine(week.monday, time(), UTC).timestamp() for week in found.weeks]
    first = mondays[0] if mondays else last - _WEEK
    said = ctx.say("insights", started=found.started, active=found.active, span=span_of(ctx, found.period))
    return Picture(
        title=_plain(title_of(ctx, row)),
        note=said["note"],
        first=first,
        last=max(last, first + _WEEK),
        dates=_dates(ctx, first, last),
        bars=Bars(title=said["weeks"], at=tuple(mondays), counts=tuple(w.count for w in found.weeks), width=_WEEK),
        panels=tuple(_panel(ctx, measure, value, found.unacknowledged) for measure, value in _shown(ctx, found, most)),
        legend=said["legend"],
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(ctx: Context, found: Insights, most: int) -> list[tuple[Measure, str]]:
    """Return the measures that a picture shows: what has values, with a target before all else, in their order.

    Of a split it is one measure for each value: the one that most runs have.
    """
    if not found.splits:
        first = sorted(found.measures, key=lambda one: (not one.values, one.target is None or bool(one.of)))[:most]
        return [(one, "") for one in found.measures if one in first]
    at = max(range(len(found.measures)), key=lambda at: len(found.measures[at].values))
    none = ctx.say("insights_table")["no_value"]
    return [(one.measures[at], f"{found.variable} = {_plain(one.value) or none}") for one in found.splits[:most]]


def _panel(ctx: Context, measure: Measure, value: str, unacknowledged: int) -> Panel:
    amounts = measure.amounts
    grows = measure.kind == "duration" and bool(amounts) and min(amounts) > 0 and max(amounts) >= GROWS * min(amounts)
    name = _plain(name_of(ctx, measure))
    # Of a split nobody knows which of them these are.
    figure = figure_of(ctx, measure, 0 if value else unacknowledged)
    return Panel(
        title=value or name,
        note=f"{name}: {figure}" if value else figure,
        dots=tuple((one.at.timestamp(), float(one.amount)) for one in reversed(measure.values)),
        median=measure.spread.median,
        target=measure.target,
        ticks=_ticks(ctx, measure, grows=grows),
        grows=grows,
        empty=ctx.say("insights")["no_value"],
    )


def _ticks(ctx: Context, measure: Measure, *, grows: bool) -> tuple[Tick, ...]:
    ends = [*measure.amounts, *([measure.target] if measure.target is not None else [])]
    if not ends:
        return ()
    if grows:
        low = next((step for step, after in pairwise(_LADDER) if after > min(ends)), _LADDER[0])
        steps = [step for step in _LADDER if low <= step <= max(ends) * 1.5]
        marks = steps if len(steps) <= 5 else steps[:: -(-len(steps) // 5)]
    else:
        low, high = min(0, *ends), max(0, *ends)
        step = _step((high - low) / 3, duration=measure.kind == "duration")
        marks = [at * step for at in range(low // step, high // step + 1)]
        marks = marks if len(marks) <= 5 else marks[:: -(-len(marks) // 5)]
    return tuple(Tick(float(at), str(_mark(ctx, measure, at))) for at in marks)


def _mark(ctx: Context, measure: Measure, at: int) -> str:
    return amount(at, ctx.reader, measure.kind, measure.currency) if at else "0"


def _step(wanted: float, *, duration: bool) -> int:
    """Return a round distance between marks, of about so much."""
    if duration:
        return min(_LADDER, key=lambda one: abs(one - wanted))
    size = 1
    while size * 10 <= wanted:
        size *= 10
    return next((size * of for of in (1, 2, 5) if size * of >= wanted), size * 10)


def _dates(ctx: Context, first: float, last: float) -> tuple[Tick, ...]:
    """Return some days along the axis of time; a long one has months."""
    count = max(1, min(4, int((last - first) // _WEEK)))
    said = month if last - first > 300 * DAY.total_seconds() else day_of_month
    days = [datetime.fromtimestamp(first + (last - first) * at / count, UTC).date() for at in range(count)]
    marks = [(datetime.combine(one, time(), UTC).timestamp(), one) for one in days]
    return tuple(Tick(at, str(said(one, ctx.reader))) for at, one in marks)


def _at(period: Period) -> float:
    return datetime.combine(period.last, time(), UTC).timestamp()
