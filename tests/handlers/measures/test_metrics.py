"""The metrics of a run: asked for with validation, measured by themselves, and told beside what they were before."""

from typing import Any

import pytest
from desk import CARLA, INCIDENT, PUBLIC, Desk, one, started_run, words_of
from history import BOOK, Past, a_history, keep_history, planned

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import Playbook

ASKED = {
    "metrics": [
        {"title": "Harm", "from": "impact-started", "to": "mitigated", "target": "30m"},
        {"title": "Harm at work", "from": "impact-started", "to": "mitigated", "clock": "working"},
        {"title": "Cost", "type": "currency", "currency": "EUR", "target": "1000", "description": "All of it."},
        {"title": "Users reached", "type": "percentage", "target": "90", "better": "higher"},
        {"title": "Servers", "type": "integer"},
        {"title": "Spoken to users", "type": "duration"},
    ]
}
MEASURED = Playbook.model_validate(
    INCIDENT.definition() | {"retrospective": ASKED, "working": {"hours": "9:00-15:00", "zone": "Europe/Berlin"}}
)


def told(desk: Desk, words: str, place: Place, **more: Any) -> str:
    found = desk.commands(words, place=place, **more)
    refused = [effect.text for effect in found if isinstance(effect, do.Refuse)]
    words = refused[0] if refused else words_of(one(found, do.Answer).content)
    return words.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def desk() -> Desk:
    return Desk(MEASURED)


@pytest.fixture
def place(desk: Desk) -> Place:
    return started_run(desk)


@pytest.mark.parametrize(
    ("said", "amount", "answer"),
    [
        ("cost 1200", 120_000, "**Cost** is €1,200.00; the target is €1,000.00."),
        ("Cost 1.200,50 €", 120_050, "**Cost** is €1,200.50"),
        ("users-reached 97.5%", 9750, "**Users reached** is 97.5 %; the target is 90 % or more."),
        ("Users reached 100", 10_000, "**Users reached** is 100 %"),
        ("servers 12", 12, "**Servers** is 12."),
        ("spoken-to-users 1h 30m", 5400, "**Spoken to users** is 1 h 30 min."),
        ("spoken-to-users 20s", 20, "**Spoken to users** is 20 s."),
    ],
)
def test_a_value_is_read_as_people_write_it(desk: Desk, place: Place, said: str, amount: int, answer: str) -> None:
    assert told(desk, f"metric {said}", place).startswith(answer)
    assert [row.amount for row in desk.ask(lambda store: store.metric_values(1))] == [amount]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("cost much", "is no amount in EUR"),
        ("cost 12 $", "is no amount in EUR"),
        ("cost 1.2345", "is no amount in EUR"),
        ("servers 1.5", "is no whole number"),
        ("servers twelve", "is no whole number"),
        ("users-reached 97.555", "is no percentage"),
        ("spoken-to-users 23", "is no length of time"),
        ("servers 1" + "0" * 15, "is no whole number"),
        ("harm 20m", "is measured, so nobody says it"),
        ("luck 7", "“luck” is no metric of this run. There are `cost`, `users-reached`, `servers`"),
    ],
)
def test_what_is_no_value_is_refused_with_what_would_be(desk: Desk, place: Place, said: str, why: str) -> None:
    assert why in told(desk, f"metric {said}", place)
    assert desk.ask(lambda store: store.metric_values(1)) == []


def test_a_value_is_changed_and_taken_back_and_the_timeline_tells(desk: Desk, place: Place) -> None:
    told(desk, "metric servers 12", place)
    assert "is 12 already" in told(desk, "metric servers 12", place)
    assert told(desk, "metric servers 7", place) == "**Servers** is 7 now, it was 12."
    assert told(desk, "metric servers none", place) == "The value of **Servers** is taken back; it was 7."
    assert "@alice set Servers: 12" in told(desk, "timeline", place)
    assert "**Servers:** not said yet" in told(desk, "metric", place)


def test_the_list_says_what_each_is_and_why_one_has_no_value(desk: Desk, place: Place) -> None:
    listed = told(desk, "metric", place)
    assert "**Harm:** no value, without *impact started, mitigated*, target 30 min" in listed
    desk.later(minutes=40)
    told(desk, "time impact-started 14:20", place)
    told(desk, "time mitigated 15:20", place)
    listed = told(desk, "metric", place)
    assert "**Harm:** 1 h, target 30 min ✗" in listed
    assert "**Harm at work:** 40 min of working time" in listed
    told(desk, "time mitigated 14:10 because it was earlier", place)
    assert "**Harm:** ⚠️ no value: *mitigated* is before *impact started*" in told(desk, "metric", place)


def test_the_dialog_asks_for_what_is_not_measured_and_checks_each_field(desk: Desk, place: Place) -> None:
    dialog = one(desk.presses("run.more", 1, choice="metric.ask"), do.Ask).dialog
    fields = {field.label: field for field in dialog.entries}
    assert list(fields) == ["Cost", "Users reached", "Servers", "Spoken to users"]
    assert (fields["Cost"].help, fields["Servers"].help) == ("All of it.", "A whole number.")
    cost, servers = fields["Cost"].name, fields["Servers"].name
    wrong = one(desk.submits(dialog, **{cost: "12", servers: "many"}), do.Correct)
    assert wrong.errors.keys() == {servers}
    assert desk.ask(lambda store: store.metric_values(1)) == []
    said = one(desk.submits(dialog, **{cost: "12", servers: "3"}), do.Answer).content.text
    assert "**Cost** is €12.00" in said
    assert "**Servers** is 3" in said
    again = one(desk.presses("run.more", 1, choice="metric.ask"), do.Ask).dialog
    shown = {field.name: field.default for field in again.entries}
    assert (shown[cost], shown[servers]) == ("12.00", "3")
    assert "No metric was changed" in one(desk.submits(again, **shown), do.Answer).content.text
    # A client that leaves out what is empty has emptied it.
    assert "is taken back" in one(desk.submits(again, **{cost: "12.00"}), do.Answer).content.text


def test_who_only_looks_says_no_values_and_a_playbook_may_have_none() -> None:
    desk = Desk(PUBLIC)
    place = started_run(desk)
    assert "has no metrics" in told(desk, "metric", place, by=CARLA)
    assert "has no metrics" in told(desk, "metric cost 1", place)
    assert "has no metrics" in words_of(one(desk.presses("run.more", 1, choice="metric.ask"), do.Answer).content)


def past(number: int, minutes: int, **more: Any) -> Past:
    """Return a run that was mitigated so many minutes after its keyword."""
    runs = planned(count=number)
    plain = {"waited": 0, "mitigated": minutes, "acknowledged": 0, "spells": ((0, 60),), "left_out": ""}
    return Past(**vars(runs[-1]) | plain | more)


def test_beside_each_value_stands_the_median_of_the_last_runs_that_the_asker_may_see() -> None:
    desk = Desk(BOOK)
    # The median of 8, 20, 23, 41 and 90 is the third of them.
    ended = [past(at, minutes) for at, minutes in enumerate((41, 8, 23, 90, 20), 1)]
    others = [past(6, 1, left_out="mistaken"), past(7, 1, spells=((0, None),)), past(8, None)]
    a_history(desk.database, [*ended, *others], with_book=False)
    keep_history(desk.database, desk.here)
    desk.commands("run outage here Down")
    desk.later(minutes=30)
    desk.commands("#9 time mitigated 5 min ago")
    listed = words_of(one(desk.commands("#9 metric"), do.Answer).content)
    assert "**Fail over:** no value, without *“Fail over” done*, target 20 min" in listed
    assert (
        "**Time to mitigate:** no value, without *keyword said*, target 30 min, median of the last 5: 23 min" in listed
    )
    # Whoever sees none of these runs is told of none: Carla was in none, and they were private.
    as_carla = words_of(one(desk.commands("#9 metric", by=CARLA), do.Answer).content)
    assert "median" not in as_carla


def test_a_metric_that_becomes_another_number_keeps_its_old_values_out() -> None:
    percent = {"title": "Reached", "type": "percentage"}
    kinds = [
        percent,
        percent | {"type": "integer"},
        percent | {"type": "currency", "currency": "EUR"},
        percent | {"type": "currency", "currency": "JPY"},
        {"title": "Reached"},
        {"title": "Reached", "from": "started", "to": "mitigated"},
        {"title": "Reached", "from": "started", "to": "mitigated", "clock": "working"},
    ]
    assert len({Metric.model_validate(each).kept_as for each in kinds}) == len(kinds)
    same = Metric.model_validate(percent | {"target": "90", "better": "higher", "description": "All."})
    assert same.kept_as == Metric.model_validate(percent).kept_as
