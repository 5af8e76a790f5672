"""Runs are found by their attributes: by a filter, and by the words of their values."""

import pytest
from desk import ALICE, INCIDENT, Desk, asked_of

from handlers.figures.facts import facts_of
from handlers.operations.set_attributes import set_attributes
from handlers.pages.asked import Asked
from handlers.pages.runs import RunsPage, runs_page
from handlers.playbooks.playbook import Playbook

BOOK = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "start": "now",
        "channel": {"visibility": "public"},
        "attributes": [
            {"name": "Severity", "type": "select", "options": ["High", "Low"]},
            {"name": "Lead", "type": "person"},
            {"name": "Customer"},
        ],
    }
)
OWN = Playbook.model_validate(
    BOOK.definition() | {"title": "Own", "key": "own", "attributes": [{"name": "Hidden"}], "members": ["@bob"]}
)


@pytest.fixture
def desk() -> Desk:
    desk = Desk(BOOK, OWN)
    desk.in_team("alice", "bob")
    for number, name in enumerate(("First", "Second"), 1):
        desk.commands(f"run incident-response {name}", trigger="")
        desk.opens(number, name.lower())
    given = {"Severity": ("High",), "Lead": ("bob",), "Customer": ("Initech",)}
    desk.does(set_attributes, given, ALICE, run_id=1)
    desk.does(set_attributes, {"Severity": ("Low",)}, ALICE, run_id=2)
    return desk


def page(desk: Desk, **query: str) -> RunsPage:
    found: RunsPage = asked_of(desk, ALICE, lambda ctx, who: runs_page(ctx, Asked(who, {}, query)))
    return found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"attribute": "severity", "value": "HIGH"}, ["First"]),
        ({"attribute": "Severity"}, ["Second", "First"]),
        ({"attribute": "Lead", "value": "@bob"}, ["First"]),
        ({"attribute": "Customer", "value": "initech"}, ["First"]),
        ({"attribute": "Customer", "value": "init"}, []),
        ({"q": "initech"}, ["First"]),
    ],
)
def test_runs_are_found_by_what_their_attributes_are(desk: Desk, query: dict[str, str], names: list[str]) -> None:
    found = page(desk, **query)
    assert [run.name for run in found.runs] == names
    assert found.wrong == ()


def test_they_are_no_longer_found_by_a_value_that_they_have_no_more(desk: Desk) -> None:
    desk.does(set_attributes, {"Customer": ("Globex",)}, ALICE, run_id=1)
    assert [run.name for run in page(desk, q="globex").runs] == ["First"]
    assert page(desk, q="initech").runs == ()


def test_a_name_that_is_no_attribute_for_them_finds_nothing_and_is_told(desk: Desk) -> None:
    for name in ("Hidden", "Nothing"):
        found = page(desk, attribute=name)
        assert found.runs == ()
        assert [(one.name, one.said) for one in found.wrong] == [("attribute", name)]
    assert [name for name, _ in page(desk).choices.attributes] == ["Customer", "Lead", "Severity"]


def test_insights_are_split_by_an_attribute(desk: Desk) -> None:
    _, found = desk.does(facts_of)
    assert found.variables == {"Severity": "High", "Lead": "@bob", "Customer": "Initech"}
