"""The weekly summary: planned where the playbook wants it, and of the week that is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from desk import INCIDENT, START, Desk, all_of, one

from handlers import effects as do
from handlers.context import Context
from handlers.figures.many_runs import Seen
from handlers.figures.weekly import next_summary
from handlers.operations.store_playbook import archive_playbook, store_playbook
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.playbook import Playbook
from handlers.views.insights_message import told
from store import Job
from store.queries.visible import STANDING

MONDAY_NINE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""In Berlin it is nine o'clock then."""


def wanting(**more: Any) -> Playbook:
    wanted = {"insights": {"channel": "~town-square", **more}, "timezone": "Europe/Berlin"}
    return Playbook.model_validate(INCIDENT.definition() | wanted)


def stored(desk: Desk, book: Playbook, now: datetime = START) -> None:
    desk.ask(lambda store: store_playbook(store, book, "file:x.yaml", now, "title: X"))


def planned(desk: Desk) -> list[Job]:
    def jobs(store: Any) -> list[Job]:
        row = store.playbook(1)
        found = store.planned("insights", row)
        return [found] if found is not None else []

    return desk.ask(jobs)


def test_a_playbook_that_wants_it_has_one_planned_for_monday_morning() -> None:
    desk = Desk()
    assert planned(desk) == []
    stored(desk, wanting())
    stored(desk, wanting())
    assert [job.due_at for job in planned(desk)] == [MONDAY_NINE]


def test_another_day_takes_the_place_of_the_first_and_none_calls_it_off() -> None:
    desk = Desk()
    stored(desk, wanting())
    stored(desk, wanting(day="friday"))
    assert [job.due_at for job in planned(desk)] == [datetime(2026, 11, 27, 8, 0, tzinfo=UTC)]
    stored(desk, INCIDENT)
    assert planned(desk) == []
    stored(desk, wanting())
    desk.ask(lambda store: archive_playbook(store, store.playbook(1), START))
    assert planned(desk) == []


def test_on_its_morning_the_days_before_are_told_and_the_next_is_planned() -> None:
    desk = Desk()
    stored(desk, wanting())
    desk.now = MONDAY_NINE
    effect = one(desk.what_is_due(), do.PostInsights)
    assert (effect.place_id, effect.first, effect.last, effect.weekly) == ("town", "2026-11-23", "2026-11-29", True)
    assert [job.due_at for job in planned(desk)] == [MONDAY_NINE + timedelta(days=7)]
    assert all_of(desk.what_is_due(), do.PostInsights) == []


def test_after_a_month_without_power_there_comes_one() -> None:
    desk = Desk()
    stored(desk, wanting())
    desk.now = MONDAY_NINE + timedelta(days=30)
    stored(desk, wanting(), desk.now)
    assert len(all_of(desk.what_is_due(), do.PostInsights)) == 1
    assert planned(desk)[0].due_at > desk.now


def test_where_there_is_no_such_channel_nothing_is_posted() -> None:
    desk = Desk()
    stored(desk, wanting(channel="~nowhere"))
    desk.now = MONDAY_NINE
    assert all_of(desk.what_is_due(), do.PostInsights) == []
    assert planned(desk) != []


@pytest.mark.parametrize(
    ("day", "now", "expected"),
    [
        ("mon", datetime(2026, 11, 30, 7, 59, tzinfo=UTC), MONDAY_NINE),
        ("mon", MONDAY_NINE, MONDAY_NINE + timedelta(days=7)),
        ("sunday", datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_morning_is_by_the_playbooks_clock(day: str, now: datetime, expected: datetime) -> None:
    book = wanting(day=day)
    assert book.insights is not None
    assert next_summary(book, book.insights, now) == expected


def test_the_channel_alone_is_enough_and_a_wrong_day_is_named_with_its_line() -> None:
    book = read_playbook("title: X\ninsights: ~ops\n", "x.yaml")
    assert (book.insights.channel, book.insights.day) == ("~ops", "mon") if book.insights else False
    with pytest.raises(PlaybookMistake, match=r"line 4.*no day of the week"):
        read_playbook("title: X\ninsights:\n  channel: ~ops\n  day: someday\n", "x.yaml")


def test_a_week_without_a_run_is_one_sentence_that_says_what_it_is() -> None:
    desk = Desk()
    stored(desk, wanting())
    desk.now = MONDAY_NINE
    effect = one(desk.what_is_due(), do.PostInsights)
    made = desk.ask(lambda store: told(Context(desk.now, store, desk.here), effect, Seen((STANDING,))))
    assert made is not None
    assert made.picture is None
    head, *said = made.content.text.splitlines()
    assert head.startswith("Last week, as the playbook **Incident response** wants it told every week")
    assert [line.partition(": ")[2] for line in said] == ["no run started."]
