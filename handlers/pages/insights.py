"""The pages of insights: what the runs of one playbook, or of all, tell whoever may see them, with a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from handlers.context import Context
from handlers.events import Person
from handlers.figures.audience import seen_by
from handlers.figures.findings import findings_of
from handlers.figures.insights import Insights
from handlers.figures.many_runs import Question, asked_of, today_of
from handlers.figures.measures import Measure
from handlers.figures.picture import WIDTH, Picture
from handlers.figures.proposed import proposed_line
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import book_called
from handlers.text.periods import last_days, read_period
from handlers.views.changes import in_words
from handlers.views.insights import amount_of, name_of, picture, title_of
from handlers.views.insights_table import Line, lines_of
from handlers.views.insights_words import sentences
from store import PlaybookRow

USUAL, CHOICES = "30d", ("7d", "30d", "12w", "1y", "all")
ALL = "-"
"""What stands for all playbooks in the address of a picture; no playbook is called so."""
MOST_RUNS = 200
"""How many runs stand in the table with each value; the file of the command has all of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the table."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RunValues:
    """A run with its values, one for each measure, empty where it has none."""

    number: int
    at: datetime
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Something to change: why, and the difference that it would make, empty where a person has to make it."""

    why: str
    difference: str


@dataclass(frozen=True, slots=True)
class InsightsPage:
    """What the runs tell; `time` and `by` are what was asked for, of which `is_wrong` tells that it is no time."""

    key: str
    title: str
    time: str
    by: str
    is_wrong: bool
    choices: tuple[str, ...]
    variables: tuple[str, ...]
    sentences: tuple[str, ...]
    found: Insights
    picture: str
    size: tuple[int, int]
    parts: tuple[Part, ...]
    measures: tuple[str, ...]
    runs: tuple[RunValues, ...]
    changes: tuple[Proposed, ...]


def insights_page(ctx: Context, asked: Asked) -> InsightsPage:
    """Return the page of a playbook, or of all. Raises `NotThere` where there is none, or it is not for who asks."""
    row, question, is_wrong = _question(ctx, asked, asked.path.get("key", ""))
    found = asked_of(ctx, question, seen_by(ctx, asked.asker))
    time = asked.query.get("time", "") or USUAL
    query = urlencode({"time": USUAL if is_wrong else time} | ({"by": question.variable} if question.variable else {}))
    return InsightsPage(
        key=row.key if row is not None else "",
        title=title_of(ctx, row),
        time=time,
        by=question.variable,
        is_wrong=is_wrong,
        choices=CHOICES,
        variables=tuple(sorted(found.values)),
        sentences=sentences(ctx, row, found),
        found=found,
        picture=f"/insights/{row.key if row is not None else ALL}/picture?{query}" if found.started else "",
        size=(round(100 * WIDTH), round(100 * picture(ctx, row, found).height)),
        parts=_parts(lines_of(ctx, found)),
        measures=tuple(name_of(ctx, one) for one in _in_columns(found)),
        runs=_runs(ctx, found),
        changes=_changes(ctx, row, asked.asker),
    )


def insights_picture(ctx: Context, asked: Asked) -> Picture:
    """Return the picture of a page. Raises `NotThere` as that does, and where no run started."""
    key = asked.path.get("key", "")
    row, question, _ = _question(ctx, asked, "" if key == ALL else key)
    found = asked_of(ctx, question, seen_by(ctx, asked.asker))
    if not found.started:
        raise NotThere
    return picture(ctx, row, found)


def _question(ctx: Context, asked: Asked, key: str) -> tuple[PlaybookRow | None, Question, bool]:
    row = book_called(ctx, asked.asker, key.casefold()) if key else None
    if key and row is None:
        raise NotThere
    today = today_of(ctx, row, ctx.reader.zone)
    variable = asked.query.get("by", "")[:100]
    try:
        period = read_period(asked.query.get("time", "") or USUAL, today)
    except ValueError:
        return row, Question(row, last_days(30, today), variable), True
    return row, Question(row, period, variable), False


def _parts(lines: Sequence[Line]) -> tuple[Part, ...]:
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.part, []).append(line)
    return tuple(Part(name, tuple(each)) for name, each in parts.items())


def _in_columns(found: Insights) -> list[Measure]:
    """Return what each run may have a value of; among all playbooks the metrics of some are not that."""
    return [one for one in found.measures if not one.of]


def _runs(ctx: Context, found: Insights) -> tuple[RunValues, ...]:
    measures = _in_columns(found)
    started = {one.run_id: one.at for measure in measures for one in measure.values}
    newest = sorted(started, key=lambda run_id: (started[run_id], run_id), reverse=True)[:MOST_RUNS]
    shown = frozenset(newest)
    values: list[Mapping[int, str]] = [
        {one.run_id: amount_of(measure, one.amount, ctx.reader) for one in measure.values if one.run_id in shown}
        for measure in measures
    ]
    return tuple(RunValues(one, started[one], tuple(of.get(one, "") for of in values)) for one in newest)


def _changes(ctx: Context, row: PlaybookRow | None, asker: Person) -> tuple[Proposed, ...]:
    if row is None:
        return ()
    text = ctx.store.playbook_text(row)
    lines = [proposed_line(text, one) for one in findings_of(ctx, row, seen_by(ctx, asker))]
    return tuple(Proposed(in_words(ctx, one), one.difference) for one in lines)
