"""The values of a run's attributes: as they are kept, as conditions compare them, and as templates have them."""

from desk import Desk

from handlers.context import Context
from handlers.playbooks.playbook import Playbook
from handlers.rules.attributes import attribute_values, kept_values, values_of
from store import AttributeValue, Run

BOOK = Playbook.model_validate(
    {
        "title": "Incident",
        "attributes": [
            {"name": "Severity", "type": "select", "options": ["High", "Low"]},
            {"name": "Regions", "type": "multiselect", "options": ["EU", "US"]},
            {"name": "Lead", "type": "person"},
            {"name": "Customer"},
        ],
    }
)


def asked(desk: Desk) -> tuple[object, object, object]:
    def all_three(ctx: Context, run: Run) -> tuple[object, object, object]:
        return kept_values(ctx, run), values_of(ctx, run), attribute_values(ctx, run)

    _, found = desk.does(all_three)
    return found


def test_a_run_has_all_attributes_of_its_playbook_with_or_without_a_value() -> None:
    desk = Desk(BOOK)
    desk.commands("run incident", trigger="")
    given = [("Regions", "US"), ("Regions", "EU"), ("Lead", "bob"), ("Customer", "Initech, Inc."), ("Gone", "x")]
    desk.ask(lambda store: store.add_all([AttributeValue.of(1, *one) for one in given]))
    kept, compared, written = asked(desk)
    assert kept == {"Severity": (), "Regions": ("US", "EU"), "Lead": ("bob",), "Customer": ("Initech, Inc.",)}
    assert compared == {"Severity": (), "Regions": ("US", "EU"), "Lead": ("@bob",), "Customer": ("Initech, Inc.",)}
    assert written == {"Severity": "", "Regions": "US, EU", "Lead": "@bob", "Customer": "Initech, Inc."}


def test_a_run_of_a_playbook_without_attributes_has_none() -> None:
    desk = Desk()
    desk.commands("run incident-response", trigger="")
    assert asked(desk) == ({}, {}, {})
