"""The starter playbooks: each can be used as it is on a server that knows nobody yet."""

import pytest
import yaml

from bot.library.shelf import starter_files
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Playbook

STARTERS = {name: read_playbook(text, name) for name, text in starter_files()}


def test_there_are_five() -> None:
    assert sorted(STARTERS) == [
        "customer-onboarding.yaml",
        "employee-onboarding.yaml",
        "incident-response.yaml",
        "product-release.yaml",
        "service-outage.yaml",
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
    assert {task.assignee for task in tasks} <= {None, "owner", "creator"}


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
