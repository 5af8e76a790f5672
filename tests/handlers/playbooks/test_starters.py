"""The starter playbooks: each can be used as it is on a server that knows nobody yet."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from bot.library.shelf import starter_files
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Playbook

STARTERS = {name: read_playbook(text, name) for name, text in starter_files()}


def test_there_are_ten() -> None:
    assert sorted(STARTERS) == [
        "bug-bash.yaml",
        "customer-onboarding.yaml",
        "employee-onboarding.yaml",
        "feature-lifecycle.yaml",
        "incident-response.yaml",
        "post-incident-review.yaml",
        "product-release.yaml",
        "security-incident.yaml",
        "service-outage.yaml",
        "weekly-operations.yaml",
    ]


@pytest.mark.parametrize(("name", "playbook"), STARTERS.items())
def test_a_starter_is_named_like_its_file_and_whole(name: str, playbook: Playbook) -> None:
    assert name == f"{playbook.key}.yaml"
    assert playbook.description
    assert playbook.keywords
    assert playbook.welcome
    assert playbook.summary
    assert playbook.updates.every
    assert playbook.updates.template
    assert len(playbook.checklists) >= 3
    assert all(len(checklist.tasks) >= 3 for checklist in playbook.checklists)


@pytest.mark.parametrize("playbook", STARTERS.values())
def test_a_starter_names_nobody_and_no_channel_that_may_not_exist(playbook: Playbook) -> None:
    assert playbook.owner == "creator"
    assert playbook.teams == playbook.invite == playbook.updates.broadcast == ()
    tasks = [task for checklist in playbook.checklists for task in checklist.tasks]
    named = [name for task in tasks for name in task.people] + [role.person for role in playbook.roles if role.person]
    assert not any(name.startswith("@") for name in named)
    assert {action.channel for action in playbook.actions} <= {None, "~town-square"}
    assert not any(hook.enabled for hook in playbook.webhooks)


@pytest.mark.parametrize("playbook", STARTERS.values())
def test_a_starter_asks_for_one_thing_in_its_first_half_hour(playbook: Playbook) -> None:
    times = [task.due for checklist in playbook.checklists for task in checklist.tasks if task.due]
    assert sum(time <= 1800 for time in [*times, playbook.updates.every]) <= 1


@pytest.mark.parametrize(("name", "playbook"), STARTERS.items())
def test_a_starter_that_is_written_out_again_is_the_same_playbook(name: str, playbook: Playbook) -> None:
    written = yaml.safe_dump(playbook.model_dump(mode="json", by_alias=True), sort_keys=False, allow_unicode=True)
    assert read_playbook(written, name) == playbook


def test_no_keyword_belongs_to_two_starters() -> None:
    keywords = [keyword.casefold() for playbook in STARTERS.values() for keyword in playbook.keywords]
    assert len(keywords) == len(set(keywords))


def test_the_incident_keywords_are_those_that_people_know() -> None:
    assert STARTERS["incident-response.yaml"].keywords == ("sev-1", "sev-2", "#incident")


def test_the_first_starter_explains_every_key() -> None:
    text = dict(starter_files())["incident-response.yaml"]
    keys = [line.partition(":")[0] for line in text.splitlines() if line and line[0].isalpha()]
    assert set(keys) == set(Playbook.model_fields)


def parts_of(part: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[type[BaseModel], str]]:
    """Yield each key of a part of a playbook, and of the parts in it, as people write it."""
    if part in seen:
        return
    seen.add(part)
    for name, field in part.model_fields.items():
        yield part, field.alias or name
        yield from (pair for inner in inside(field.annotation) for pair in parts_of(inner, seen))


def inside(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the parts in the type of a key."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from inside(one)


def test_between_them_the_starters_use_or_explain_every_key() -> None:
    text = "\n".join(text for _, text in starter_files())
    keys = list(parts_of(Playbook, set()))
    assert len(keys) > 100
    missing = [f"{part.__name__}.{key}" for part, key in keys if not re.search(rf"\b{key}:|`{key}`", text)]
    assert missing == []


def test_each_starter_says_which_edition_it_is() -> None:
    for playbook in STARTERS.values():
        key, _, edition = (playbook.starter or "").partition(" ")
        assert key == playbook.key
        assert int(edition) >= 1


def test_what_a_starter_starts_is_a_starter() -> None:
    keys = {playbook.key for playbook in STARTERS.values()}
    assert {action.run for playbook in STARTERS.values() for action in playbook.actions if action.run} <= keys


@pytest.mark.parametrize("playbook", STARTERS.values())
def test_a_starter_with_a_prefix_has_it_in_its_names_and_its_owner_is_mentioned(playbook: Playbook) -> None:
    if playbook.prefix and playbook.templates == "jinja2":
        assert "{{ seq }}" in playbook.name
    assert not re.search(r"(?<!@)(\{\{ owner \}\}|\{owner\})", playbook.welcome)


@pytest.mark.parametrize("playbook", STARTERS.values())
def test_no_line_of_a_starter_is_half_a_list(playbook: Playbook) -> None:
    texts = (playbook.welcome, playbook.summary, playbook.updates.template)
    assert not any(re.match(r"\d+\. .*\b\d+\. ", line) for text in texts for line in text.splitlines())
