"""The runs that figures are about: of one playbook or of all, in a period, as far as their readers may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from handlers.context import Context
from handlers.figures.follow_ups import FollowUp, FollowUps, follow_ups_of
from handlers.figures.insights import Insights, insights_of
from handlers.figures.keywords_led_to import Asked, LedTo, led_to
from handlers.figures.working_time import zone_of
from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import Playbook
from handlers.rules.run_request import stored
from handlers.text.periods import Period
from handlers.text.readers import zone
from store import OF_PLAYBOOKS, PlaybookRow, RunFigures

MOST = 1000
"""How many runs of a period are looked at, the newest ones, and how many of the period before it."""
MOST_ASKED = 5000
"""How many questions in threads are looked at, the newest ones."""

Condition = Any
"""What the runs are narrowed by, as `store/queries/visible.py` makes it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose figures they are: the runs fulfil `where`, questions in threads stood in channels that `team_ids` read.

    `None` means all teams. `is_all` is for who looks at the host itself.
    """

    where: tuple[Condition, ...]
    team_ids: frozenset[str] | None = frozenset()
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be told: of which playbook (None: of all), in which period, split by which variable."""

    playbook: PlaybookRow | None
    period: Period
    variable: str = ""


def asked_of(ctx: Context, question: Question, seen: Seen) -> Insights:
    """Return what the runs tell that a question is about."""
    book = stored(ctx, question.playbook) if question.playbook is not None else None
    zones = _Zones(ctx, question.playbook, book)
    rows, period, is_cut = _rows(ctx, question, seen, zones)
    playbook_id = question.playbook.id if question.playbook is not None else None
    gone = ctx.store.removed_runs(*period.bounds(), playbook_id) if seen.is_all else ()
    return insights_of(
        rows,
        period,
        zones,
        active=ctx.store.count_active(*seen.where, playbook_id=playbook_id),
        removed=sum(period.holds(at, zones.of(of)) for of, at in gone),
        is_cut=is_cut,
        metrics=book.retrospective.metrics if book is not None else (),
        others=_others(ctx, rows) if book is None else None,
        variable=question.variable,
        follow_ups=_follow_ups(ctx, question, seen, zones),
        keywords=_keywords(ctx, question, seen, zones),
    )


def today_of(ctx: Context, row: PlaybookRow | None, here: tzinfo) -> date:
    """Return the present day by the clocks of a playbook's zone; where there is none, by those `here`."""
    where = zone(zone_of(stored(ctx, row))) if row is not None else here
    return ctx.now.astimezone(where).date()


class _Zones:
    """By which clocks the runs of each playbook belong to a day."""

    def __init__(self, ctx: Context, row: PlaybookRow | None, book: Playbook | None) -> None:
        self._ctx = ctx
        self._known: dict[int | None, tzinfo] = {}
        if row is not None and book is not None:
            self._known[row.id] = zone(zone_of(book))

    def __call__(self, row: RunFigures) -> tzinfo:
        return self.of(row.playbook_id)

    def of(self, playbook_id: int | None) -> tzinfo:
        if playbook_id not in self._known:
            row = self._ctx.store.playbook(playbook_id) if playbook_id is not None else None
            self._known[playbook_id] = zone(zone_of(stored(self._ctx, row)) if row is not None else "")
        return self._known[playbook_id]


def _rows(ctx: Context, question: Question, seen: Seen, zones: _Zones) -> tuple[Sequence[RunFigures], Period, bool]:
    """Return the runs of a period and of that before it, the newest first; of too many, those of a shorter one."""
    period = question.period
    found = _between(ctx, question, seen, *period.bounds())
    if len(found) > MOST:
        found = found[:MOST]
        first = min(row.created_at.astimezone(zones(row)).date() for row in found)
        return found, Period(first, period.last), True
    before = period.before
    if before is None:
        return found, period, False
    known = {row.run_id for row in found}
    return (
        [*found, *(row for row in _between(ctx, question, seen, *before.bounds()) if row.run_id not in known)],
        period,
        False,
    )


def _between(
    ctx: Context, question: Question, seen: Seen, begin: datetime | None, end: datetime
) -> Sequence[RunFigures]:
    playbook_id = question.playbook.id if question.playbook is not None else None
    return ctx.store.run_figures(
        *seen.where, OF_PLAYBOOKS, playbook_id=playbook_id, since=begin, until=end, limit=MOST + 1
    )


def _others(ctx: Context, rows: Sequence[RunFigures]) -> dict[int, tuple[str, Sequence[Metric]]]:
    """Return the titles and metrics of the playbooks that runs are of, by their ids."""
    ids = {row.playbook_id for row in rows if row.playbook_id is not None}
    books = ctx.store.playbooks_by_id(ids)
    return {
        row.id: (row.title, stored(ctx, row).retrospective.metrics)
        for row in sorted(books.values(), key=lambda row: (row.title, row.id))
    }


def _keywords(ctx: Context, question: Question, seen: Seen, zones: _Zones) -> tuple[LedTo, ...]:
    """Return what keywords led to; among all playbooks each has its playbook's title before it."""
    row = question.playbook
    playbook_id = row.id if row is not None else None
    begin, end = question.period.bounds()
    rows = ctx.store.keywords_asked(playbook_id, begin, end, *seen.where, team_ids=seen.team_ids, limit=MOST_ASKED)
    heads = {row.id: ""} if row is not None else _heads(ctx, {one[4] for one in rows}, seen)
    return led_to(
        Asked(tuple(heads[of] + word for word in words.split("\n")), state, started == of)
        for words, state, started, at, of in rows
        if of in heads and question.period.holds(at, zones.of(of))
    )


def _heads(ctx: Context, ids: Collection[int], seen: Seen) -> dict[int, str]:
    """Return what stands before the keywords of playbooks; private ones are nothing that all readers know of."""
    rows = ctx.store.playbooks_by_id(ids).values()
    return {row.id: f"{row.title}: " for row in rows if seen.is_all or not stored(ctx, row).is_private}


def _follow_ups(ctx: Context, question: Question, seen: Seen, zones: _Zones) -> FollowUps:
    row = question.playbook
    tasks: Collection[FollowUp] = [
        FollowUp(added_at, due_at, done_at, question.period.holds(added_at, zones.of(playbook_id)))
        for added_at, due_at, done_at, playbook_id in ctx.store.follow_ups(
            *seen.where, playbook_id=row.id if row else None
        )
    ]
    return follow_ups_of(tasks, ctx.now)
