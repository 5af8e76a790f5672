"""What is said of few runs and of none: every word of it true, with n beside each figure."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desk import Desk

from handlers.context import Context
from handlers.figures.insights import Insights, insights_of
from handlers.figures.picture import Picture
from handlers.playbooks.metrics import Metric
from handlers.text.periods import Period
from handlers.views.insights import picture
from handlers.views.insights_words import sentences
from store import RunFigures

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
START = datetime(2026, 11, 10, 12, tzinfo=UTC)
REACHED = Metric.model_validate({"title": "Reached", "type": "percentage", "target": "90", "better": "higher"})


def ran(number: int = 1, **more: Any) -> RunFigures:
    usual: dict[str, Any] = {"state": "finished", "created_at": START - timedelta(minutes=number)}
    return RunFigures(run_id=number, revision=1, team_id="t1", **usual | {"playbook_id": 1} | more)


def told(*runs: RunFigures, period: Period = NOVEMBER, here: tzinfo = UTC, **more: Any) -> Insights:
    return insights_of(runs, period, lambda run: here, **{"active": 0} | more)


def said(found: Insights) -> tuple[str, ...]:
    desk = Desk()
    with desk.database.transaction() as store:
        told = sentences(Context(START, store, desk.here, asks=False), None, found)
    return tuple(one.replace("\N{NO-BREAK SPACE}", " ") for one in told)


def drawn(found: Insights) -> Picture:
    desk = Desk()
    with desk.database.transaction() as store:
        return picture(Context(START, store, desk.here, asks=False), None, found)


def test_of_no_run_there_is_one_sentence() -> None:
    assert said(told()) == ("**All playbooks**, 1 Nov 2026 – 30 Nov 2026: no run started.",)
    assert said(told(active=2))[0].endswith(": no run started. In progress now: 2.")


def test_of_runs_in_progress_nothing_is_said_that_nobody_looked_at() -> None:
    going = [ran(n, state="active", tasks={"late": ["Freeze"]}, promises_made=1) for n in range(3)]
    assert said(told(*going, active=3)) == (
        "**All playbooks**, 1 Nov 2026 – 30 Nov 2026: 3 runs, none of them over yet. In progress now: 3.",
        "No run is over yet, so there are no times.",
    )


def test_runs_that_are_over_without_a_value_are_over() -> None:
    _, times, work = said(told(ran()))
    assert times == "No run has a time or a metric with a target to tell."
    assert work == "No update came due. No task was late, skipped or added by hand."


def test_one_run_is_no_median_and_0_s_are_no_minute() -> None:
    counts, times, work = said(told(ran(acknowledge_s=0, finish_s=40, promises_made=1)))
    assert counts.endswith(": 1 run, over.")
    assert times == "The one run that is over was acknowledged after **0 s** (1 run), finished after **40 s** (1 run)."
    assert work.startswith("0 of 1 promised update came in time.")


def test_that_nobody_acknowledged_any_is_said_in_words_and_in_the_picture() -> None:
    found = told(*(ran(n, finish_s=600, flags=["unacknowledged"]) for n in range(6)))
    assert said(found)[1] == "Half were finished within **10 min** (6 runs). Nobody acknowledged any of 6 runs."
    assert "nobody acknowledged any of 6" in [panel.note for panel in drawn(found).panels]


def test_a_change_names_the_span_of_time_and_a_metric_which_side_of_its_target() -> None:
    before = [ran(100 + n, finish_s=9000, created_at=START - timedelta(days=20)) for n in range(7)]
    now = [ran(n, finish_s=600, metrics={REACHED.kept_as: 9500}) for n in range(6)]
    assert said(told(*now, *before, metrics=[REACHED]))[1] == (
        "Half were finished within **10 min** (6 runs, faster than 2 h 30 min (7 runs) in the 30 days before). "
        "*Reached*: median **95 %** (6 runs), target 90 % or more, met by 6 of 6."
    )


@pytest.mark.parametrize(
    ("made", "kept", "words"), [(4, 0, "0 of 4 promised updates"), (15, 15, "15 of 15 promised updates")]
)
def test_how_many_updates_came_in_time_begins_with_the_number(made: int, kept: int, words: str) -> None:
    work = said(told(ran(promises_made=made, promises_kept=kept, tasks={"late": ["Freeze"]})))[-1]
    assert work == f"{words} came in time. Most often late: *Freeze* (1 of 1 run)."


def test_over_all_playbooks_a_metric_is_of_its_own_runs() -> None:
    runs = [ran(n, playbook_id=n % 2, metrics={REACHED.kept_as: 9500 - n}) for n in range(10)]
    others = {0: ("Outage", [REACHED]), 1: ("Release", [REACHED]), 7: ("Other", [REACHED])}
    found = told(*runs, others=others)
    assert [(one.of, one.spread.n, one.without) for one in found.measures[3:]] == [("Outage", 5, 0), ("Release", 5, 0)]
    assert "*Outage: Reached*: median **94.96 %** (5 runs), target 90 % or more, met by 5 of 5." in said(found)[1]


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("America/Los_Angeles", datetime(2026, 11, 9, 7, 30, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 1, 15, 30, tzinfo=UTC)),
    ],
)
def test_each_run_that_counts_lies_on_the_axis_whatever_its_zone(zone: str, at: datetime) -> None:
    found = told(
        ran(finish_s=60, created_at=at), period=Period(date(2026, 11, 2), date(2026, 11, 8)), here=ZoneInfo(zone)
    )
    made = drawn(found)
    dots = [dot for panel in made.panels for dot in panel.dots]
    assert len(dots) == 1
    assert all(made.first <= moment <= made.last for moment, _ in dots)


def test_of_years_each_bar_is_of_more_weeks_and_no_run_is_lost() -> None:
    runs = [ran(n, finish_s=60, created_at=START - timedelta(weeks=n)) for n in range(160)]
    found = told(*runs, period=Period(None, START.date()))
    made = drawn(found)
    assert made.bars is not None
    assert sum(week.count for week in found.weeks) == sum(made.bars.counts) == 160
    assert len(made.bars.counts) == 80
    assert "in 2 weeks each" in made.bars.title
    assert made.first <= min(moment for panel in made.panels for moment, _ in panel.dots)


def test_a_week_of_which_only_some_days_are_told_is_as_wide_as_these() -> None:
    made = drawn(told(ran(), period=Period(date(2026, 10, 29), START.date())))
    assert made.bars is not None
    assert [width / 86400 for width in made.bars.widths] == [4, 7, 2]
    assert made.bars.cut == (True, False, True)
    assert made.bars.at[-1] + made.bars.widths[-1] <= made.last


def test_money_that_lies_far_apart_grows_and_nothing_stays_at_its_foot() -> None:
    cost = Metric.model_validate({"title": "Cost", "type": "currency", "currency": "EUR", "target": "0"})
    costs = (ran(n, metrics={cost.kept_as: value}) for n, value in enumerate((0, 100, 5_000_000)))
    found = told(*costs, metrics=[cost])
    panel = drawn(found).panels[-1]
    assert panel.grows
    assert [tick.at for tick in panel.ticks][:2] == [0, 100]
    shares = (ran(n, metrics={REACHED.kept_as: value}) for n, value in enumerate((100, 9_900)))
    assert not drawn(told(*shares, metrics=[REACHED])).panels[-1].grows


def test_one_0_s_does_not_take_the_growing_scale_from_times() -> None:
    found = told(*(ran(n, acknowledge_s=value) for n, value in enumerate((0, 60, 86400))))
    assert drawn(found).panels[0].grows
