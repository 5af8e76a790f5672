"""A file of Mattermost Playbooks becomes a playbook and the same file again, whatever version wrote it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from mattermost_files import documents, example, of_2022

from handlers.exchange.files import documents_in
from handlers.exchange.found import Findings, Names
from handlers.exchange.from_mattermost import playbook_from
from handlers.exchange.to_mattermost import document_of
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.playbook import Playbook, Task, playbook_of

NAMES = Names({"u1": "@dana"}, {"c1": "~ops"}, {"t1": "core"}, {"g1": "group:sre"})


def brought(document: dict[str, Any], names: Names | None = None) -> Playbook:
    return playbook_from(document, "a.json", Findings(names or Names()))


def task_of(book: Playbook, title: str) -> Task:
    return next(one for one in book.tasks if one.title == title)


@pytest.mark.parametrize("document", [example(), of_2022(), {"title": "Bare", "version": 1}, {"checklists": None}])
def test_a_file_is_given_back_as_it_was(document: dict[str, Any]) -> None:
    assert document_of(brought(document), Names()) == document


@settings(max_examples=200, deadline=None)
@given(documents)
def test_any_file_is_given_back_as_it_was(document: dict[str, Any]) -> None:
    for names in (Names(), NAMES):
        book = brought(document, names)
        stored = playbook_of(book.definition())
        assert stored == book
        assert document_of(stored, names) == document


def test_the_example_says_here_what_it_says_there() -> None:
    book = brought(example())
    assert (book.title, book.prefix, book.keywords) == (
        "Database failover drill", "DRILL", ("db drill", "#failover-test")
    )  # fmt: skip
    assert book.channel.visibility == "private"
    assert (book.channel.archive, book.channel.only_new, book.channel.category) == (True, True, "Drills")
    assert (book.only_owner_finishes, book.updates.every, book.retrospective.remind) == (True, 1800, 86400)
    announce, snapshot = task_of(book, "Announce the drill window"), task_of(book, "Take a snapshot of the primary")
    assert (announce.assignee, announce.due, announce.command) == ("owner", 900, "/echo drill $WINDOW begins")
    assert snapshot.assignee_attribute == "DB lead"
    asked = task_of(book, "Ask the change board for approval").when
    assert asked is not None
    production, ticket = asked.any
    assert (production.attribute, production.among) == ("Environment", ("Production",))
    assert (ticket.attribute, ticket.not_among) == ("Change ticket", ("",))
    assert [(one.title, one.target) for one in book.retrospective.metrics] == [
        ("Time to writable", 300), ("Failed checks", 0), ("Cost", None),
    ]  # fmt: skip


def test_what_was_changed_here_is_given_back_changed_and_the_rest_as_it_was() -> None:
    book = brought(example())
    first, *others = book.checklists
    task = first.tasks[0].model_copy(update={"title": "Announce it", "due": 60})
    first = first.model_copy(update={"tasks": (task, *first.tasks[1:])})
    changed = book.model_copy(update={"checklists": (first, *others), "retrospective": book.retrospective.model_copy(
        update={"template": "### Why"}
    )})  # fmt: skip
    document = example()
    document["checklists"][0]["items"][0] |= {"title": "Announce it", "due_date": 60000}
    document["retrospective_template"] = "### Why"
    assert document_of(changed, Names()) == document


def test_a_condition_that_was_taken_away_here_is_not_given_back() -> None:
    book = brought(example())
    first, *others = book.checklists
    task = first.tasks[2].model_copy(update={"when": None})
    first = first.model_copy(update={"tasks": (*first.tasks[:2], task)})
    document = document_of(book.model_copy(update={"checklists": (first, *others)}), Names())
    assert "condition_id" not in document["checklists"][0]["items"][2]
    assert "conditions" not in document


def test_the_misspelt_key_is_understood() -> None:
    assert brought(of_2022()).membership.leave_channel
    assert not brought(of_2022() | {"create_channel_member_on_removed_participant": False}).membership.leave_channel


def test_a_command_with_braces_in_a_text_survives() -> None:
    said = "docker ps --format '{{.Names}}'"
    book = brought({"title": "Look", "message_on_join": said, "message_on_join_enabled": True, "checklists": [
        {"title": "A", "items": [{"title": said, "description": said, "command": "/run " + said}]}
    ]})  # fmt: skip
    assert (book.welcome, book.tasks[0].title, book.tasks[0].description) == (said, said, said)
    assert book.tasks[0].command == f"/run {said}"
    assert not book.tasks[0].command_is_template


def test_what_cannot_be_kept_as_it_was_is_told() -> None:
    findings = Findings()
    document = {
        "title": "Told",
        "description": "x" * 5000,
        "properties": [{"id": "f", "name": "Date", "type": "multiuser"}],
        "signal_any_keywords": ["`code`", "sev-1"],
        "signal_any_keywords_enabled": True,
        "retrospective_template": "before\n### A",
        "metrics": [{"title": "Cost", "type": "metric_currency"}],
        "new_key": 1,
        "checklists": [
            {
                "title": "A",
                "items": [
                    {"title": "x", "command": "no slash", "due_date": 10**15, "condition_id": "gone"},
                    {"title": "y", "assignee_type": "property_user", "assignee_property_field_id": "gone", "new": 1},
                ],
            }
        ],
    }
    book = playbook_from(document, "a.json", findings)
    assert {note.block for note in findings.notes} == {
        "text_cut", "attribute_renamed", "attribute_type", "keyword_unheard", "retrospective_template",
        "metric_currency", "unknown_key", "command_unfit", "due_lost", "condition_lost", "assignee_lost",
        "unknown_in_task",
    }  # fmt: skip
    assert document_of(book, Names()) == document
    assert book.keywords == ("sev-1",)


@pytest.mark.parametrize("kind", ["multiuser", "text", "never heard of"])
def test_a_task_of_an_attribute_that_names_no_single_person_is_nobodys_and_comes_back(kind: str) -> None:
    item = {"title": "Look", "assignee_type": "property_user", "assignee_property_field_id": "f1"}
    document = {
        "title": "Drill", "version": 1, "metrics": [],
        "properties": [{"id": "f1", "name": "DB lead", "type": kind, "attrs": {"options": None}}],
        "checklists": [{"title": "Do", "items": [item]}],
    }  # fmt: skip
    findings = Findings()
    book = playbook_from(document, "a.json", findings)
    assert task_of(book, "Look").assignee_attribute is None
    assert "assignee_lost" in [one.block for one in findings.notes]
    assert document_of(book, Names()) == document


def test_texts_follow_an_attribute_that_gets_another_name() -> None:
    document = {
        "title": "Drill", "version": 1, "metrics": [], "channel_name_template": "{SEQ} { number } - {Lead} ${Number}",
        "run_summary_template": "Change {Number}", "run_summary_template_enabled": True,
        "properties": [{"id": "f1", "name": "Number", "type": "text", "attrs": {"options": None}}],
        "checklists": [{"title": "Do", "items": [{"title": "Close {Number}"}]}],
    }  # fmt: skip
    book = brought(document)
    assert (book.name, book.summary) == ("{SEQ} {Number 2} - {Lead} ${Number}", "Change {Number 2}")
    assert book.tasks[0].title == "Close {Number}"
    assert document_of(book, Names()) == document


def test_nothing_is_cut_or_left_out_without_a_word() -> None:
    says = {
        "trigger": {"type": "keywords_by_users", "payload": '{"keywords": ["up"]}'},
        "actions": [{"payload": '{"enabled": true}'}],
    }
    document = {
        "title": "T" * 900, "version": 1,
        "signal_any_keywords": [f"word {n}" for n in range(101)], "signal_any_keywords_enabled": True,
        "broadcast_enabled": True, "broadcast_channel_ids": [f"c{n}" for n in range(21)],
        "invite_users_enabled": True, "invited_user_ids": [f"u{n}" for n in range(201)],
        "retrospective_reminder_interval_seconds": 10**12,
        "reminder_timer_default_seconds": 10**12, "status_update_enabled": True,
        "metrics": [{"title": "M", "type": "metric_duration", "target": 10**18}],
        "properties": [{"id": "f1", "name": "Where", "type": "select", "attrs": {
            "options": [{"id": "o1", "name": "eu"}, {"id": "o2", "name": "EU"}]}}],
        "checklists": [{"title": "Do", "items": [{"title": "Look", "task_actions": [says, says]}]}],
    }  # fmt: skip
    names = Names({f"u{n}": f"@p{n}" for n in range(201)}, {f"c{n}": f"~c{n}" for n in range(21)})
    findings = Findings(names)
    book = playbook_from(document, "a.json", findings)
    assert sorted((one.block, one.about, one.value) for one in findings.notes) == [
        ("option_renamed", "Where", "EU 2"),
        ("target_lost", "M", ""),
        ("text_cut", "title", ""),
        ("time_lost", "reminder_timer_default_seconds", ""),
        ("time_lost", "retrospective_reminder_interval_seconds", ""),
        ("too_many", "broadcast_channel_ids", "20"),
        ("too_many", "invited_user_ids", "200"),
        ("too_many", "signal_any_keywords", "100"),
        ("words_several", "Look", ""),
    ]
    assert document_of(book, names) == document


def test_what_only_its_server_can_use_is_not_told_and_an_archived_one_is_known() -> None:
    item = {"id": "i1", "title": "Look", "state": "", "state_modified": 0}
    said = {"title": "A", "version": 1, "create_at": 1, "delete_at": 5, "num_runs": 2}
    said |= {"checklists": [{"id": "l1", "title": "Do", "items": [item]}]}
    (document,) = documents_in(json.dumps(said).encode(), "a.json")
    assert document.is_archived
    findings = Findings()
    playbook_from(document.values, "a.json", findings)
    assert findings.notes == ()


@pytest.mark.parametrize("depth", [41, 500])
def test_a_file_whose_parts_stand_too_deep_in_each_other_is_refused(depth: int) -> None:
    said = b'{"title": "A", "more": ' + b"[" * depth + b"]" * depth + b"}"
    with pytest.raises(PlaybookMistake, match="nested more than 40 deep"):
        documents_in(said, "a.json")
