"""A playbook as YAML reads back as itself, and as a person would have written it."""

import pytest
import yaml
from hypothesis import given, settings

from bot.library.shelf import starter_files
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Checklist, Playbook, Task
from handlers.playbooks.retrospective import Retrospective
from handlers.playbooks.write_yaml import SCHEMA_LINE, written
from tests.any_playbook import playbooks


@given(playbooks())
@settings(max_examples=40, deadline=None)
def test_any_playbook_reads_back_as_itself(book: Playbook) -> None:
    assert read_playbook(written(book), "x.yaml") == book


@pytest.mark.parametrize(("name", "text"), list(starter_files()))
def test_each_starter_reads_back_as_itself(name: str, text: str) -> None:
    book = read_playbook(text, name)
    assert read_playbook(written(book), name) == book


def test_it_is_written_as_people_write() -> None:
    book = Playbook.model_validate(
        {
            "title": "Service outage",
            "keywords": ["#outage", "yes"],
            "welcome": "Hello  \n\n- **one**: two\n\tthree",
            "updates": {"every": "1 h 30 min"},
            "roles": ["scribe", {"name": "on-call", "person": "@ann"}],
            "attributes": [{"name": "Severity", "type": "select", "options": ["high", "low"]}],
            "checklists": [
                {
                    "title": "First",
                    "tasks": [
                        "Look",
                        {"title": "Call", "due": "15m", "when": {"attribute": "Severity", "is": "high"}},
                    ],
                }
            ],
        }
    )
    assert written(book) == SCHEMA_LINE + (
        "title: Service outage\n"
        "key: service-outage\n"
        "keywords:\n"
        "  - '#outage'\n"
        "  - 'yes'\n"
        "roles:\n"
        "  - scribe\n"
        "  - name: on-call\n"
        "    person: '@ann'\n"
        "attributes:\n"
        "  - name: Severity\n"
        "    type: select\n"
        "    options: [high, low]\n"
        "welcome: |\n"
        "  Hello  \n"
        "\n"
        "  - **one**: two\n"
        "  \tthree\n"
        "updates:\n"
        "  every: 1h 30m\n"
        "checklists:\n"
        "  - title: First\n"
        "    tasks:\n"
        "      - Look\n"
        "      - title: Call\n"
        "        due: 15m\n"
        "        when: {attribute: Severity, is: high}\n"
    )


def test_a_retrospective_as_it_comes_is_wanted_all_the_same() -> None:
    book = Playbook(title="T", retrospective=Retrospective())
    assert "retrospective:\n  enabled: true\n" in written(book)
    assert read_playbook(written(book), "x") == book


@pytest.mark.parametrize(
    "title", ["yes", "12:30", "010", "1e3", "0o17", "null", "~", "2026-01-01", "- x", "y", "a: b", "#x"]
)
def test_what_yaml_reads_as_something_else_is_quoted(title: str) -> None:
    book = Playbook(title="T", checklists=(Checklist(title="L", tasks=(Task(title=title),)),))
    assert yaml.safe_load(written(book))["checklists"] == [{"title": "L", "tasks": [title]}]
    assert read_playbook(written(book), "x") == book


def test_what_no_file_may_hold_is_no_part_of_a_text() -> None:
    assert Playbook(title="T", welcome="a\r\nb\x07\rc").welcome == "a\nb\nc"
