"""What runs tell together, as a table: for messages, and as a file of lines for spreadsheets."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.context import Context
from handlers.figures.insights import Insights
from handlers.figures.measures import Measure
from handlers.text.words import Safe
from handlers.views.insights import amount_of, name_of

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure: in which part of the table it stands, what it is called, of how many (`n`), and what it is."""

    part: str
    name: str
    n: int | None
    value: str
    more: str = ""


def lines_of(ctx: Context, found: Insights) -> list[Line]:
    """Return all figures, one a line."""
    said = ctx.say("insights_table")
    return [
        Line(said["runs"], said["started"], None, str(found.started)),
        Line(said["runs"], said["over"], None, str(found.over)),
        Line(said["runs"], said["active"], None, str(found.active)),
        Line(said["runs"], said["reopened"], found.over, str(found.reopened)),
        Line(said["runs"], said["unacknowledged"], found.over, str(found.unacknowledged)),
        Line(said["runs"], said["disordered"], found.over, str(found.disordered)),
        Line(said["runs"], said["mistaken"], None, str(found.mistaken)),
        *([Line(said["runs"], said["removed"], None, str(found.removed))] if found.removed else ()),
        *(_measured(ctx, said["times"], measure) for measure in found.measures),
        *_split(ctx, found),
        *_of_tasks(ctx, found),
        *_of_people(ctx, found),
        *(Line(said["weeks"], week.monday.isoformat(), None, str(week.count)) for week in found.weeks),
    ]


def _measured(ctx: Context, part: str, measure: Measure) -> Line:
    figures, share = measure.spread, measure.share
    said = ctx.say(
        "insights_table",
        ninetieth=amount_of(measure, figures.ninetieth, ctx.reader),
        target=amount_of(measure, measure.target, ctx.reader),
        better=measure.better,
        met=share.count if share is not None else 0,
        percent=share.percent if share is not None else None,
        without=measure.without,
        negative=measure.negative,
        change=measure.change,
        before=amount_of(measure, measure.change.before, ctx.reader) if measure.change is not None else "",
    )
    told = {
        "ninetieth": figures.ninetieth is not None and measure.better == "lower",
        "met": share is not None and share.n > 0,
        "before": measure.change is not None,
        "without": measure.without > 0,
    }
    more = ctx.say("insights_table", parts=[Safe(said[block]) for block, holds in told.items() if holds])["beside"]
    median = amount_of(measure, figures.median, ctx.reader) or "–"
    return Line(part, name_of(ctx, measure), figures.n, median, more)


def _split(ctx: Context, found: Insights) -> Iterator[Line]:
    said = ctx.say("insights_table")
    for split in found.splits:
        part = f"{found.variable} = {split.value or said['no_value']}"
        yield Line(part, said["over"], None, str(split.n))
        yield from (_measured(ctx, part, measure) for measure in split.measures if measure.values)


def _of_tasks(ctx: Context, found: Insights) -> Iterator[Line]:
    said = ctx.say("insights_table")
    for one in found.slowest:
        seconds = amount_of(Measure("finish"), one.spread.median, ctx.reader)
        yield Line(said["slowest"], one.title, one.spread.n, seconds)
    for part, tasks in (("skipped", found.skipped), ("late", found.late), ("added", found.added)):
        yield from (Line(said[part], one.title, found.over, str(one.count)) for one in tasks)
    percent = found.punctual.percent
    if percent is not None:
        yield Line(said["updates"], said["kept"], found.punctual.n, str(found.punctual.count), f"{percent} %")
    ups = found.follow_ups
    if ups.open or ups.soon.n:
        yield Line(said["follow_ups"], said["open"], None, str(ups.open))
        yield Line(said["follow_ups"], said["overdue"], ups.open, str(ups.overdue))
        if ups.age is not None:
            aged = ctx.say("insights_table", age=ups.age, oldest=ups.oldest)
            yield Line(said["follow_ups"], said["age"], ups.open, aged["days"], aged["oldest"])
        yield Line(said["follow_ups"], said["soon"], ups.soon.n, str(ups.soon.count))


def _of_people(ctx: Context, found: Insights) -> Iterator[Line]:
    said = ctx.say("insights_table")
    for word in found.keywords:
        yield Line(said["keywords"], word.word, word.n, str(word.started), ctx.say("insights_table", led=word)["led"])
    for one in sorted(found.load, key=lambda one: ctx.username(one.person_id)):
        asked = ctx.say("insights_table", load=one)["asked"]
        yield Line(said["load"], f"@{ctx.username(one.person_id)}", None, str(one.runs), asked)


def as_table(ctx: Context, found: Insights, most: int) -> str:
    """Return the figures as a Markdown table; of more than `most` lines the weeks, which stand last, are left out."""
    return ctx.say("insights_table", lines=lines_of(ctx, found)[:most])["table"]


def as_csv(ctx: Context, found: Insights) -> bytes:
    """Return the figures as a file that spreadsheets open, with a line for each."""
    said = ctx.say("insights_table")
    head = [said[name] for name in ("head_part", "head_name", "head_n", "head_value", "head_more")]
    return _csv([head, *([one.part, one.name, one.n, one.value, one.more] for one in lines_of(ctx, found))])


def _csv(rows: list[list[Any]]) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows([_cell(each) for each in row] for row in rows)
    # With a mark at the beginning spreadsheets know which letters these are.
    return made.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) and not text.lstrip("+-").replace(".", "").isdecimal() else text
