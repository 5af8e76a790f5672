"""What many runs tell, compared with figures worked out by hand from the plan of a seeded history of 500 runs."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median_low

import pytest
from desk import ADMIN, ALICE, BOB, INCIDENT, TOWN, Desk, all_of, one
from history import BERLIN, KEPT_AS, NOW, Past, a_history, keep_history

from handlers import effects as do
from handlers.context import Context
from handlers.events import Undeliverable
from handlers.figures.insights import Insights
from handlers.figures.many_runs import Question, Seen, asked_of
from handlers.text.periods import Period, read_period
from handlers.views.insights import picture
from handlers.views.insights_message import told
from handlers.views.insights_table import as_csv
from handlers.views.insights_words import sentences
from store import Database
from store.queries.visible import NOTHING, STANDING

HOST = Seen((STANDING,), None, is_all=True)
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))


@pytest.fixture(scope="module")
def history() -> tuple[Desk, list[Past]]:
    desk = Desk()
    desk.database = Database("sqlite://")
    desk.database.migrate()
    desk.now = NOW
    past = a_history(desk.database)
    keep_history(desk.database, desk.here)
    return desk, past


def asked(desk: Desk, period: Period, seen: Seen = HOST, variable: str = "") -> Insights:
    with desk.database.transaction() as store:
        ctx = Context(NOW, store, desk.here, asks=False)
        return asked_of(ctx, Question(store.playbook(1), period, variable), seen)


def inside(past: Iterable[Past], first: date, last: date) -> list[Past]:
    """Return the runs that started on some days, by the clocks of Berlin."""
    return [run for run in past if first <= run.start.astimezone(BERLIN).date() <= last]


def over(past: Iterable[Past]) -> list[Past]:
    return [run for run in past if run.state == "finished" and not run.left_out]


def values(past: Iterable[Past], name: str) -> list[int]:
    found = [run.figures() for run in past]
    return [value for one in found if (value := one.get(name, one["metrics"].get(KEPT_AS.get(name, name)))) is not None]


@pytest.mark.parametrize(
    ("first", "last"),
    [(QUARTER.first, QUARTER.last), (date(2026, 11, 1), date(2026, 11, 23)), (date(2026, 1, 1), date(2026, 11, 23))],
    ids=["a quarter", "some weeks", "all"],
)
def test_each_figure_is_as_worked_out_by_hand(history: tuple[Desk, list[Past]], first: date, last: date) -> None:
    desk, past = history
    found, runs = asked(desk, Period(first, last)), inside(past, first, last)
    counted = over(runs)

    assert found.started == sum(not run.left_out for run in runs)
    assert found.over == len(counted)
    assert found.active == sum(run.state == "active" and not run.left_out for run in past)
    assert found.mistaken == sum(run.left_out == "mistaken" for run in runs)
    assert found.reopened == sum(len(run.spells) > 1 for run in counted)
    assert found.unacknowledged == sum(run.acknowledged is None for run in counted)
    assert found.punctual.n == sum(len(run.promises) for run in counted)
    assert found.punctual.count == sum(posted <= due for run in counted for due, posted in run.promises)
    for measure in found.measures:
        name = f"{measure.key}_s" if measure.metric is None else measure.key
        by_hand = sorted(values(counted, name))
        assert sorted(measure.amounts) == by_hand, name
        assert measure.spread.n == len(by_hand)
        assert measure.without == len(counted) - len(by_hand)
        assert measure.spread.median == (median_low(by_hand) if by_hand else None), name
        tenth = by_hand[-(-len(by_hand) * 9 // 10) - 1] if len(by_hand) >= 20 else None
        assert measure.spread.ninetieth == tenth, name
        if measure.target is not None:
            is_met = [x >= measure.target if measure.better == "higher" else x <= measure.target for x in by_hand]
            assert measure.share is not None
            assert (measure.share.count, measure.share.n) == (sum(is_met), len(by_hand)), name


def test_weeks_tasks_and_load_are_as_worked_out_by_hand(history: tuple[Desk, list[Past]]) -> None:
    desk, past = history
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    found = asked(desk, QUARTER)
    runs = [run for run in inside(past, first, last) if not run.left_out]
    days = [run.start.astimezone(BERLIN).date() for run in runs]

    by_week = Counter(day - timedelta(days=day.weekday()) for day in days)
    assert {week.monday: week.count for week in found.weeks if week.count} == by_week
    assert [week.monday for week in found.weeks] == [date(2026, 6, 29) + timedelta(weeks=n) for n in range(14)]
    for what, state in (("skipped", "skipped"), ("added", None)):
        by_hand = Counter(
            title
            for run in over(runs)
            for title in {task.title for task in run.tasks if (task.state == state if state else not task.planned)}
        )
        assert {each.title: each.count for each in getattr(found, what)} == dict(by_hand.most_common(5)), what
    took = [
        task.at - task.begun for run in over(runs) for task in run.tasks if task.title == "Fail over" and task.begun
    ]
    slow = next(each for each in found.slowest if each.title == "Fail over")
    assert (slow.spread.n, slow.spread.median) == (len(took), median_low(took) * 60)
    alice = next(each for each in found.load if each.person_id == "alice")
    assert alice.runs == len(runs)
    assert alice.tasks == sum(task.state == "done" for run in runs for task in run.tasks)


def test_runs_are_split_by_a_variable(history: tuple[Desk, list[Past]]) -> None:
    desk, past = history
    found = asked(desk, QUARTER, variable="Service")
    counted = over(inside(past, date(2026, 7, 1), date(2026, 9, 30)))
    by_hand = Counter(run.service for run in counted)
    assert {split.value: split.n for split in found.splits} == by_hand
    for split in found.splits:
        finish = split.measures[2]
        assert split.n == len(finish.values)
        theirs = values([run for run in counted if run.service == split.value], "finish_s")
        assert finish.spread.median == median_low(theirs)
    with desk.database.transaction() as store:
        drawn = picture(Context(NOW, store, desk.here, asks=False), store.playbook(1), found)
    assert {panel.title: len(panel.dots) for panel in drawn.panels} == {
        f"service = {name}": count for name, count in by_hand.items()
    }


def test_what_nobody_may_see_is_in_no_figure(history: tuple[Desk, list[Past]]) -> None:
    desk, _ = history
    found = asked(desk, QUARTER, Seen((NOTHING,)))
    assert (found.started, found.active, found.over, found.load, found.keywords) == (0, 0, 0, (), ())


def test_the_host_is_told_of_deleted_runs_and_others_are_not(history: tuple[Desk, list[Past]]) -> None:
    desk, past = history
    by_hand = sum(run.left_out == "removed" for run in inside(past, date(2026, 7, 1), date(2026, 9, 30)))
    assert asked(desk, QUARTER).removed == by_hand
    assert asked(desk, QUARTER, Seen((STANDING,), None)).removed == 0


def test_a_difference_is_compared_with_the_period_before(history: tuple[Desk, list[Past]]) -> None:
    """The history is drawn from one urn, so nothing has changed from one quarter to the next."""
    desk, past = history
    found = asked(desk, QUARTER)
    assert found.before == len(over(inside(past, date(2026, 3, 31), date(2026, 6, 30))))
    assert [measure.key for measure in found.measures if measure.change is not None] == []


def test_three_sentences_say_n_with_each_figure(history: tuple[Desk, list[Past]]) -> None:
    desk, _ = history
    found = asked(desk, QUARTER)
    with desk.database.transaction() as store:
        ctx = Context(NOW, store, desk.here, asks=False)
        counts, times, work = sentences(ctx, store.playbook(1), found)
        drawn = picture(ctx, store.playbook(1), found)
    assert counts.startswith(
        f"**Outage**, 1 Jul 2026 – 30 Sep 2026: {found.started} runs, {found.over} of them over. In progress now: "
    )
    assert counts.endswith(f"Left out: {found.mistaken} started by mistake, {found.removed} deleted.")
    finish = found.measures[2].spread
    assert times.startswith("Half were acknowledged within **")
    assert f"({finish.n} runs)" in times
    assert f"({found.measures[0].spread.n} runs; {found.unacknowledged} more nobody acknowledged)" in times
    assert "*Cost*: median **€" in times
    assert ", target at most €1,000.00, met by " in times
    assert f"{found.punctual.count} of {found.punctual.n} promised updates came in time. Most often " in work
    assert "median" in drawn.panels[0].note
    with_target = [one for one in found.measures if one.target is not None]
    assert {panel.title for panel in drawn.panels} >= {one.metric.title for one in with_target if one.metric}
    assert len(drawn.panels) == 6


def test_the_table_has_a_line_for_each_figure_and_no_formula(history: tuple[Desk, list[Past]]) -> None:
    desk, _ = history
    found = asked(desk, QUARTER)
    with desk.database.transaction() as store:
        lines = as_csv(Context(NOW, store, desk.here, asks=False), found).decode("utf-8-sig").splitlines()
    assert lines[0] == "Part,Figure,n,Value,Beside it"
    assert any(line.startswith("Times and metrics (median),Until finished,") for line in lines)
    assert any(",'@" in line for line in lines)


def test_asked_for_in_a_channel_they_are_on_their_way_and_work_nothing_out_at_the_desk() -> None:
    desk = Desk()
    found = desk.commands("insights incident 30d")
    effect = one(found, do.PostInsights)
    assert (effect.place_id, effect.playbook_id, effect.first, effect.last) == (TOWN.id, 1, "2026-10-25", "2026-11-23")
    assert effect.message_id is not None
    assert "on their way" in one(found, do.Answer).content.text


@pytest.mark.parametrize(
    ("words", "playbook", "first", "variable", "table"),
    [
        ("", None, "2026-10-25", "", False),
        ("incident-response", 1, "2026-10-25", "", False),
        ("Incident response 2026-q3 by Service", 1, "2026-07-01", "Service", False),
        ("inc 7d table", 1, "2026-11-17", "", True),
        ("2 weeks", None, "2026-11-10", "", False),
        ("all 2 weeks", None, "2026-11-10", "", False),
        ("all", None, "", "", False),
        ("incident all as a table", 1, "", "", True),
        ("incident last 2 weeks by team", 1, "2026-11-10", "team", False),
    ],
)
def test_what_they_are_of_is_read(words: str, playbook: int | None, first: str, variable: str, table: bool) -> None:
    effect = one(Desk().commands(f"insights {words}"), do.PostInsights)
    assert (effect.playbook_id, effect.first, effect.variable, effect.table) == (playbook, first, variable, table)
    assert bool(effect.place_id) != table


@pytest.mark.parametrize("words", ["nonsense", "incident nonsense", "incident 3h", "9999999d x"])
def test_what_is_no_playbook_and_no_time_is_refused_with_examples(words: str) -> None:
    refused = one(Desk().commands(f"insights {words}"), do.Refuse)
    assert "`/playbook insights incident-response 30d`" in refused.text


def test_a_period_of_days_is_of_the_playbooks_zone(history: tuple[Desk, list[Past]]) -> None:
    desk, past = history
    night = next(run for run in past if not run.left_out and run.start.astimezone(BERLIN).date() != run.start.date())
    day = night.start.astimezone(BERLIN).date()
    alone = asked(desk, Period(day, day))
    assert night.start in [value.at for measure in alone.measures[2:3] for value in measure.values] or (
        night.state == "active"
    )


def test_read_period_and_told_agree(history: tuple[Desk, list[Past]]) -> None:
    desk, _ = history
    period = read_period("2026-q3", NOW.date())
    assert period == QUARTER
    effect = do.PostInsights(message_id=1, place_id="town", playbook_id=1, first="2026-07-01", last="2026-09-30")
    with desk.database.transaction() as store:
        made = told(Context(NOW, store, desk.here, asks=False), effect, HOST)
    assert made is not None
    assert made.picture is not None
    assert "`/playbook insights outage 2026-07-01..2026-09-30 table`" in made.content.text
    assert "There is no picture" in made.instead.text
    assert made.name == "insights-outage-2026-09-30.png"


def test_people_who_may_not_use_a_playbook_do_not_learn_of_it() -> None:
    secret = INCIDENT.model_copy(update={"members": ("@bob",), "title": "Secret", "key": "secret"})
    desk = Desk(secret)
    assert "no playbook *secret*" in one(desk.commands("insights secret", ALICE), do.Refuse).text
    found = desk.commands("insights secret", BOB)
    assert one(found, do.PostInsights).place_id == ""
    assert "private playbook" in one(found, do.Answer).content.text
    assert not all_of(desk.commands("insights", ADMIN), do.Refuse)


def test_who_asked_is_told_where_they_cannot_be_posted() -> None:
    desk = Desk()
    effect = one(desk.commands("insights incident"), do.PostInsights)
    known = {"message_id": effect.message_id, "place_id": effect.place_id, "person_id": effect.person_id}
    event = Undeliverable(at=desk.now, effect="PostInsights", reason="forbidden", **known)
    told = one(desk.take(event), do.Tell)
    assert told.person_id == ALICE.id
    assert "Add me there" in told.content.text
