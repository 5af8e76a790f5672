"""Conditions whose values an attribute can never have are mistakes, and told as such."""

from typing import Any

import pytest
from pydantic import ValidationError

from handlers.playbooks.playbook import Playbook

ATTRIBUTES = [
    {"name": "Severity", "type": "select", "options": ["High", "Low"]},
    {"name": "Users", "type": "number"},
    {"name": "Since", "type": "date"},
    {"name": "Lead", "type": "person"},
    {"name": "Customer"},
]


def book(**task: Any) -> Playbook:
    said = {"title": "B", "attributes": ATTRIBUTES, "checklists": [{"title": "L", "tasks": [{"title": "T", **task}]}]}
    return Playbook.model_validate(said)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Severity", ["high", ""]),
        ("Users", ["12.5"]),
        ("Since", ["2026-11-27"]),
        ("Lead", ["@ann"]),
        ("Customer", ["anything at all"]),
    ],
)
def test_values_that_an_attribute_can_have_are_taken(name: str, values: list[str]) -> None:
    assert book(when={"attribute": name, "is": values}).tasks[0].when is not None


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            {"attribute": "Severity", "is": "Hihg"},
            '"Hihg" is no option of Severity, so this would never be met; did you',
        ),
        ({"attribute": "Severity", "is_not": "Medium"}, "there are High, Low"),
        ({"any": [{"attribute": "Users", "is": "12.50"}]}, "Users is a number; write it as 12.5"),
        ({"attribute": "Users", "is": "many"}, "write it like 12 or 12.5"),
        ({"attribute": "Since", "is": "20261127"}, "Since is a date; write it as 2026-11-27"),
        ({"attribute": "Lead", "is": "ann"}, 'compare it with one, like "@ann"'),
    ],
)
def test_what_would_never_be_met_is_told(when: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as found:
        book(when=when)
    assert said in str(found.value)


def test_a_task_is_for_whom_an_attribute_names_only_if_that_is_a_person() -> None:
    assert book(assignee_attribute="Lead").tasks[0].assignee_attribute == "Lead"
    with pytest.raises(ValidationError, match="its type has to be person"):
        book(assignee_attribute="Severity")
