"""Any playbook is given back as a file of Mattermost Playbooks, and is the same playbook when it is read again."""

import json

from any_playbook import playbooks
from hypothesis import given, settings
from mattermost_files import example

from handlers.exchange.exported import OURS, file_of
from handlers.exchange.files import documents_in
from handlers.exchange.found import Findings, Names
from handlers.exchange.from_mattermost import playbook_from
from handlers.playbooks.playbook import Playbook

NAMES = Names({"u1": "@ann", "u2": "@bob"}, {"c1": "~ops"}, {"t1": "red"}, {"g1": "group:ops"})


def read(text: str, names: Names | None = None) -> Playbook:
    (document,) = documents_in(text.encode(), "a.json")
    if document.is_ours:
        return Playbook.model_validate(document.values)
    return playbook_from(document.values, "a.json", Findings(names or Names()))


@settings(max_examples=60, deadline=None)
@given(playbooks())
def test_any_playbook_survives_export_and_import(book: Playbook) -> None:
    for names in (Names(), NAMES):
        text = file_of(book, names)
        assert read(text, names) == book
        assert file_of(read(text, names), names) == text


def test_a_file_that_was_imported_is_given_back_without_a_word_of_ours() -> None:
    text = file_of(read(json.dumps(example())))
    assert json.loads(text) == example()
    assert list(json.loads(text)) == sorted(example())
    assert '    "auto_archive_channel": true,' in text


def test_what_was_changed_elsewhere_counts_more_than_what_was_kept_with_it() -> None:
    book = Playbook.model_validate(
        {"title": "Ours", "roles": ["scribe"], "checklists": [{"title": "A", "tasks": ["x"]}]}
    )
    document = json.loads(file_of(book))
    assert OURS in document
    assert read(json.dumps(document)) == book
    changed = read(json.dumps(document | {"title": "Theirs"}))
    assert (changed.title, changed.roles) == ("Theirs", ())


def test_whom_a_playbook_names_is_given_back_by_id_where_it_is_known() -> None:
    book = Playbook.model_validate(
        {
            "title": "Ours",
            "owner": "@ann",
            "invite": ["@bob", "group:ops"],
            "channel": {"use": "~ops"},
            "updates": {"broadcast": ["~ops"]},
            "checklists": [{"title": "A", "tasks": [{"title": "x", "assignee": "@bob"}]}],
        }
    )
    document = json.loads(file_of(book, NAMES))
    assert (document["default_owner_id"], document["invited_user_ids"]) == ("u1", ["u2"])
    assert document["invited_group_ids"] == ["g1"]
    assert (document["channel_id"], document["broadcast_channel_ids"]) == ("c1", ["c1"])
    assert document["checklists"][0]["items"][0]["assignee_id"] == "u2"
