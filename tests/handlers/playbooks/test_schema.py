"""The published schema takes what the reader takes, and is the one that the models make."""

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given, settings
from jsonschema import Draft7Validator

from bot.library.shelf import starter_files
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.schema import schema, schema_text
from handlers.playbooks.write_yaml import written
from tests.any_playbook import SAID, playbooks

PUBLISHED = Path(__file__).parents[3] / "docs" / "playbook.schema.json"
VALIDATOR = Draft7Validator(schema())


class Editors(yaml.SafeLoader):
    """YAML 1.2, as editors read it: neither `on` nor a day is anything but a word."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, found) for tag, found in some if tag.endswith((":null", ":int", ":float"))]
        for first, some in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Editors.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def as_editors_read(text: str) -> Any:
    return yaml.load(text, Loader=Editors)


def test_it_is_published_as_it_is() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), (
        "run `muster playbooks schema > docs/playbook.schema.json`"
    )


def test_it_is_a_draft_07_schema() -> None:
    Draft7Validator.check_schema(schema())
    assert schema()["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_it_knows_every_key_and_says_what_most_are_for() -> None:
    assert list(schema()["properties"]) == list(Playbook.model_fields)
    assert "each alone" not in schema()["properties"]["keywords"]["description"]
    described = [key for key, one in schema()["properties"].items() if "description" in one]
    assert {"key", "teams", "keywords", "match", "prefix", "templates", "name_fixed", "edit_by"} <= set(described)


@pytest.mark.parametrize(("name", "text"), list(starter_files()))
def test_each_starter_fits(name: str, text: str) -> None:
    assert [str(one) for one in VALIDATOR.iter_errors(as_editors_read(text))] == []


@given(SAID)
@settings(max_examples=60, deadline=None)
def test_whatever_may_stand_in_a_file_fits(said: dict[str, Any]) -> None:
    assert [one.message for one in VALIDATOR.iter_errors(said)] == []


@given(playbooks())
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_fits(book: Playbook) -> None:
    assert [one.message for one in VALIDATOR.iter_errors(as_editors_read(written(book)))] == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"title": "a", "titel": "b"},
        {"title": "a", "match": "wrod"},
        {"title": "a", "keywords": "b"},
        {"title": "a", "checklists": [{"title": "b", "tasks": [{"due": "1h"}]}]},
        {"title": "a", "updates": {"brodcast": []}},
        {"title": "a", "name_fixed": "perhaps"},
    ],
    ids=str,
)
def test_mistakes_do_not(said: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(said)) != []
