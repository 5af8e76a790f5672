"""What the figures mean, each definition of docs/metrics.md once, with times that are counted by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, START, TOWN, Desk, one, started_run
from hypothesis import given
from hypothesis import strategies as st

from handlers import effects as do
from handlers.context import Context
from handlers.events import Hit, MessageHeard, Place
from handlers.figures.facts import facts_of
from handlers.figures.run_facts import RunFacts
from handlers.figures.working_time import is_working, seconds, working_seconds
from handlers.playbooks.metrics import Working
from handlers.playbooks.playbook import Playbook
from store import RunFigures

MEASURED = INCIDENT.definition() | {
    "retrospective": {
        "metrics": [
            {"title": "Rolled back", "from": "keyword", "to": 'task "Roll back"'},
            {"title": "Told", "from": "started", "to": "first update"},
            {"title": "Heard of", "from": "started", "to": "last update"},
        ]
    }
}


def book(**changes: Any) -> Playbook:
    return Playbook.model_validate(MEASURED | changes)


def facts(desk: Desk) -> RunFacts:
    found: RunFacts = desk.ask(lambda store: facts_of(Context(desk.now, store, desk.here), store.run(1)))
    return found


def row(desk: Desk) -> RunFigures:
    found: RunFigures = desk.ask(lambda store: store.figures_of(1))
    return found


def begun(desk: Desk, waited: int = 0) -> Place:
    """Let a keyword be said so many minutes before somebody starts the run."""
    desk.says("sev-1, checkout is down")
    desk.later(minutes=waited)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Checkout is down")
    return desk.opens()


def test_the_keyword_counts_from_when_it_was_said_not_from_when_the_bot_heard_it() -> None:
    desk = Desk(book())
    hit = (Hit(playbook_id=1, keywords=("sev-1",)),)
    said_at = START - timedelta(minutes=7)
    desk.take(
        MessageHeard(
            at=START, post_id="p1", root_id="", place=TOWN, author=CARLA, text="sev-1", said_at=said_at, hits=hit
        )
    )
    desk.later(minutes=3)
    desk.submits(one(desk.presses("prompt.start", 1), do.Ask).dialog, name="Down")
    desk.opens()
    assert facts(desk).at("keyword") == said_at
    assert facts(desk).milestones["keyword"].by == "carla"
    assert facts(desk).acknowledge_s == 10 * 60


def test_who_starts_a_run_and_owns_it_has_acknowledged_it_with_that() -> None:
    desk = Desk(book())
    begun(desk, waited=5)
    assert (facts(desk).acknowledge_s, facts(desk).milestones["acknowledged"].by) == (5 * 60, "alice")


def test_an_automatic_owner_acknowledges_by_the_first_thing_that_they_do() -> None:
    desk = Desk(book(owner="@bob"))
    place = begun(desk)
    desk.later(minutes=2)
    desk.commands("check 1.1", place=place)  # by Alice, who does not own it
    assert facts(desk).acknowledge_s is None
    desk.later(minutes=4)
    desk.commands("note I look at it", by=BOB, place=place)
    desk.commands("finish now", place=place)
    assert facts(desk).acknowledge_s == 6 * 60
    assert "unacknowledged" not in row(desk).flags


def test_taking_a_run_acknowledges_it_and_being_given_it_does_not() -> None:
    desk = Desk(book(owner="@bob"))
    place = begun(desk)
    desk.later(minutes=3)
    desk.commands("owner @carla", place=place)
    assert facts(desk).acknowledge_s is None
    desk.later(minutes=1)
    desk.commands("owner @bob", by=BOB, place=place)
    assert (facts(desk).acknowledge_s, facts(desk).milestones["acknowledged"].by) == (4 * 60, "bob")


def test_a_run_that_nobody_acknowledged_says_so_and_has_no_time() -> None:
    desk = Desk(book(owner="@bob"))
    place = begun(desk)
    desk.later(minutes=9)
    desk.commands("finish now", place=place)
    assert (row(desk).acknowledge_s, row(desk).flags) == (None, ["unacknowledged"])


def test_the_first_update_is_the_first_that_stands() -> None:
    desk = Desk(book())
    place = begun(desk)
    for minutes in (10, 10, 10):
        desk.later(minutes=minutes)
        desk.commands(f"update Minute {minutes}", place=place)
    assert facts(desk).at("first-update") == START + timedelta(minutes=10)
    number = next(n for n, kind in enumerate(desk.ask(lambda s: [m.kind for m in s.moments(1)]), 1) if kind == "update")
    desk.commands(f"timeline remove {number}", place=place)
    assert facts(desk).at("first-update") == START + timedelta(minutes=20)
    assert facts(desk).at("last-update") == START + timedelta(minutes=30)
    assert {one.metric.title: one.amount for one in facts(desk).metrics} == {
        "Rolled back": None,
        "Told": 20 * 60,
        "Heard of": 30 * 60,
    }


def test_a_task_counts_the_last_time_that_it_became_done_and_stayed() -> None:
    desk = Desk(book())
    place = begun(desk, waited=2)
    for words in ("check 2.1", "uncheck 2.1", "check 2.1"):
        desk.later(minutes=5)
        desk.commands(words, place=place)
    assert facts(desk).metrics[0].amount == (2 + 15) * 60
    desk.later(minutes=5)
    desk.commands("uncheck 2.1", place=place)
    assert facts(desk).metrics[0].why_none == "missing"
    # Who takes a change back leaves it as it was.
    desk.commands("undo", place=place)
    assert facts(desk).metrics[0].amount == (2 + 15) * 60


def test_a_skipped_task_has_no_value_and_a_renamed_one_stays_the_same() -> None:
    desk = Desk(book())
    place = begun(desk)
    desk.commands("edit 2.1 Turn it back", place=place)
    desk.later(minutes=5)
    desk.commands("check 2.1", place=place)
    assert facts(desk).metrics[0].amount == 5 * 60
    desk.commands("skip 2.1", place=place)
    desk.commands("uncheck 2.1", place=place)
    desk.commands("skip 2.1", place=place)
    assert (facts(desk).metrics[0].amount, facts(desk).metrics[0].missing) == (None, ("task:Roll back",))


def test_a_task_sets_the_milestone_that_the_playbook_names() -> None:
    lists = [{"title": "Fix", "tasks": [{"title": "Look again", "sets": "mitigated"}, "Write"]}]
    desk = Desk(book(checklists=lists, retrospective={}))
    place = begun(desk)
    desk.later(minutes=25)
    desk.commands("check 1.1", place=place)
    mitigated = facts(desk).milestones["mitigated"]
    assert (mitigated.source, mitigated.by, facts(desk).mitigate_s) == ("task", "alice", 25 * 60)
    desk.commands("time mitigated 20 min ago because it was written late", place=place)
    assert facts(desk).mitigate_s == 5 * 60
    # Done anew after the run was taken up again, it is mitigated anew.
    desk.commands("finish now", place=place)
    desk.later(minutes=5)
    desk.commands("restart", place=place)
    desk.commands("uncheck 1.1", place=place)
    desk.later(minutes=10)
    desk.commands("check 1.1", place=place)
    assert facts(desk).mitigate_s == 40 * 60


def test_what_was_removed_and_started_by_mistake_is_left_out_and_said() -> None:
    desk = Desk(book())
    place = begun(desk)
    desk.commands("finish by mistake", place=place)
    assert row(desk).left_out == "mistaken"
    desk.commands("delete now", place=place)
    assert row(desk).left_out == "removed"


def test_promises_are_kept_by_the_promise_that_held_then() -> None:
    desk = Desk(book())
    place = begun(desk)
    desk.later(minutes=29)
    desk.commands("update next=2h In time", place=place)  # promised for 0:30, kept
    desk.later(hours=1)
    desk.commands("snooze 3h", place=place)  # put off before it came due: no promise any more
    desk.later(hours=3, minutes=1)
    desk.what_is_due()
    desk.commands("update next=30m A minute late", place=place)  # promised for 4:29, broken
    desk.later(minutes=5)
    desk.commands("finish now", place=place)  # the next one never came due
    assert (row(desk).promises_made, row(desk).promises_kept) == (2, 1)


def test_a_promise_that_came_due_before_the_end_was_broken() -> None:
    desk = Desk(book())
    place = begun(desk)
    desk.later(minutes=31)
    desk.what_is_due()
    assert (facts(desk).promises.made, facts(desk).promises.kept) == (1, 0)
    desk.commands("finish now", place=place)
    assert (row(desk).promises_made, row(desk).promises_kept) == (1, 0)


def test_tasks_are_late_by_their_own_time_and_skipped_ones_never_are() -> None:
    desk = Desk(book())
    place = begun(desk)
    desk.commands("due 2.1 10m", place=place)
    desk.commands("due 2.2 10m", place=place)
    desk.commands("due 2.3 2h", place=place)
    desk.later(minutes=16)
    desk.commands("check 2.1", place=place)
    desk.commands("skip 2.2", place=place)
    desk.commands("add Call the vendor", place=place)
    desk.commands("duplicate 1.1", place=place)
    desk.commands("finish now", place=place)
    tasks = row(desk).tasks
    assert sorted(tasks["late"]) == ["Open a bridge call", "Roll back"]
    assert (tasks["skipped"], tasks["added"]) == (["Tell support"], ["Call the vendor"])


def test_how_long_a_task_took_is_known_only_where_somebody_began_it() -> None:
    desk = Desk(book())
    place = begun(desk)
    desk.later(minutes=3)
    desk.commands("start 1.1", place=place)
    desk.later(minutes=4)
    desk.commands("check 1.1 1.2", place=place)
    desk.commands("finish now", place=place)
    assert row(desk).tasks["took"] == {"Acknowledge the alert": 240}


def test_load_counts_tasks_and_hours_outside_working_time_and_nobodys_speed() -> None:
    # The run begins on a Monday at 14:00 UTC, at 15:00 in Berlin.
    desk = Desk(book(working={"hours": "9:00-15:30", "zone": "Europe/Berlin"}))
    place = begun(desk)
    desk.later(minutes=20)
    desk.commands("check 1.1", place=place)
    desk.later(minutes=15)
    desk.commands("check 1.2", place=place)  # 15:35
    desk.later(minutes=10)
    desk.commands("note Still at it", place=place)  # 15:45, the same hour
    desk.later(hours=2)
    desk.commands("note Still", by=BOB, place=place)  # 17:45
    load = facts(desk).load
    hour = int(START.timestamp()) // 3600
    assert (load["alice"].tasks, load["alice"].outside) == (2, (hour,))
    assert (load["bob"].tasks, load["bob"].outside) == (0, (hour + 2,))


def test_without_a_working_time_nothing_is_said_of_hours_outside_it() -> None:
    desk = Desk(book())
    begun(desk)
    assert facts(desk).load["alice"].outside is None


def test_facts_of_runs_from_before_are_found_by_titles_and_names() -> None:
    desk = Desk(book(owner="@bob"))
    place = begun(desk)
    desk.later(minutes=3)
    desk.commands("start 1.1", place=place)
    desk.commands("owner @alice", place=place)
    desk.later(minutes=5)
    desk.commands("check 1.1", place=place)

    def forget(store: Any) -> None:
        for moment in store.moments(1):
            moment.details = {}

    before = facts(desk)
    desk.ask(forget)
    assert facts(desk).tasks == before.tasks
    assert facts(desk).milestones["acknowledged"] == before.milestones["acknowledged"]
    assert before.acknowledge_s == 3 * 60


OFFICE = Working(hours=("9:00-12:00", "13:00-17:00"), zone="Europe/Berlin")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """Return a time in November 2026 (UTC), in which Berlin is an hour ahead; the 23rd is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        (at(23, 8), at(23, 16), 7.0),  # a whole day, without its lunch
        (at(23, 11, 30), at(23, 12, 30), 0.5),  # half of it is lunch
        (at(27, 15), at(30, 9), 2.0),  # from Friday 16:00 to Monday 10:00
        (at(28, 8), at(29, 20), 0.0),  # a weekend
        (at(23, 2), at(23, 7), 0.0),  # before work begins
        (at(23, 8), at(30, 8), 35.0),  # a week
        (at(23, 16), at(23, 8), -7.0),  # the wrong way round
        (at(23, 7, month=10), at(26, 8, month=10), 7.0),  # the clocks are set back in between
    ],
)
def test_the_working_clock_counts_working_time_alone(begin: datetime, end: datetime, hours: float) -> None:
    assert working_seconds(begin, end, OFFICE) == hours * 3600


def test_a_working_time_until_midnight_and_without_a_zone_of_its_own() -> None:
    night = Working(days=("sat",), hours=("20:00-24:00",))
    assert working_seconds(at(28, 0), at(29, 6), night, "Europe/Berlin") == 4 * 3600
    assert is_working(at(28, 22, 59), night, "Europe/Berlin")
    assert not is_working(at(28, 23), night, "Europe/Berlin")


MINUTES = st.integers(0, 60 * 24 * 14)


@given(MINUTES, MINUTES, MINUTES)
def test_working_time_adds_up_and_is_never_longer_than_the_walls(one: int, two: int, three: int) -> None:
    first, second, third = (at(16, 0) + timedelta(minutes=each) for each in sorted((one, two, three)))
    halves = working_seconds(first, second, OFFICE), working_seconds(second, third, OFFICE)
    assert sum(halves) == working_seconds(first, third, OFFICE)
    assert 0 <= halves[0] <= seconds(first, second)


def test_a_started_run_has_its_row_at_once_and_is_active() -> None:
    desk = Desk(book())
    started_run(desk)
    assert (row(desk).state, row(desk).finish_s, row(desk).took_s) == ("opening", None, None)
    assert [one.run_id for one in desk.ask(lambda store: store.run_figures(playbook_id=1))] == [1]
    assert desk.ask(lambda store: store.run_figures(until=START)) == []
    assert ALICE.id in facts(desk).load
