"""Any playbook is written into the fields of its parts, and read from them as it was."""

from typing import Any

import pytest
from any_playbook import playbooks
from hypothesis import given, settings

from handlers.editor.edited import edited
from handlers.editor.fields import BY_NAME, NOT_FILLED_IN, SECTIONS
from handlers.editor.reading import read
from handlers.editor.starters import starters
from handlers.editor.writing import part_of, written
from handlers.playbooks.playbook import Playbook, playbook_of


def through_fields(book: Playbook) -> Playbook:
    """Return a playbook as it is when every part of it was looked at, and saved as it stood there."""
    for section in SECTIONS:
        part = part_of(book, section)
        made = read(section, written(section, part).values, part)
        said = {key: one for key, one in book.model_dump(mode="json", by_alias=True).items() if key not in section.keys}
        book = Playbook.model_validate(said | made)
    return book


def plain(value: Any) -> Any:
    """Return a definition without two ways to say the same: one assignee, and conditions of which there is only one."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    for joint in ("all", "any"):
        if joint in value and len(value[joint]) == 1:
            return plain(value[joint][0])
    found = {key: plain(one) for key, one in value.items()}
    if "assignees" in found:
        people = list(dict.fromkeys(filter(None, (found["assignee"], *found["assignees"]))))
        found |= {"assignee": None, "assignees": people}
    return found


def test_every_key_of_a_playbook_stands_in_one_part() -> None:
    keys = [key for section in SECTIONS for key in section.keys]
    assert len(keys) == len(set(keys))
    assert {*keys, *NOT_FILLED_IN} == set(Playbook.model_fields)


@given(playbooks())
@settings(max_examples=30, deadline=None)
def test_what_nobody_changes_is_saved_as_it_was(book: Playbook) -> None:
    assert plain(through_fields(book).definition()) == plain(book.definition())


@pytest.mark.parametrize("key", starters())
def test_a_starter_is_saved_as_it_was(key: str) -> None:
    book = starters()[key].book
    assert through_fields(book) == book
    for section in SECTIONS:
        done = edited(book, section, written(section, part_of(book, section)).values)
        assert (done.book, done.mistakes) == (book, ())


BOOK = playbook_of(
    {
        "title": "Outage",
        "roles": ["scribe"],
        "attributes": [
            {
                "name": "Severity",
                "type": "select",
                "options": [{"name": "high", "color": "red"}, {"name": "low", "color": "blue"}],
            }
        ],
        "checklists": [{"title": "First", "tasks": ["One", {"title": "Two", "kept": '{"id": 7}'}]}, {"title": "Then"}],
    }
)


def filled(name: str, **more: str) -> dict[str, str]:
    """Return the fields of a part of the playbook, with some of them filled in."""
    section = BY_NAME[name]
    return written(section, part_of(BOOK, section)).values | {key.replace("__", "."): one for key, one in more.items()}


def test_what_stands_in_no_field_is_kept() -> None:
    attributes = filled("attributes", attributes__a0__options="low\nmiddle\nhigh")
    done = edited(BOOK, BY_NAME["attributes"], attributes)
    assert done.book is not None
    assert [(one.name, one.color) for one in done.book.attributes[0].options] == [
        ("low", "blue"),
        ("middle", None),
        ("high", "red"),
    ]
    tasks = edited(BOOK, BY_NAME["tasks"], filled("tasks", tasks__t1__title="Second"))
    assert tasks.book is not None
    assert [(one.title, one.kept) for one in tasks.book.tasks] == [("One", ""), ("Second", '{"id": 7}')]


def test_a_task_whose_title_is_emptied_is_taken_out_and_what_was_written_into_it_is_not() -> None:
    values = filled("tasks", tasks__t1__title="")
    assert [one.title for one in (edited(BOOK, BY_NAME["tasks"], values).book or BOOK).tasks] == ["One"]
    kept = edited(BOOK, BY_NAME["tasks"], values | {"tasks.t1.description": "Look at it"})
    assert [name for name, _ in kept.errors()] == ["tasks.t1.title"]


def test_tasks_stand_in_the_list_that_they_stand_below_in_the_form() -> None:
    values = filled("tasks")
    order = ["checklists.c0.title", "checklists.c1.title", "tasks.t1.title", "tasks.t0.title"]
    moved = {name: values[name] for name in order} | {"tasks.n.title": "Three"}
    done = edited(BOOK, BY_NAME["tasks"], moved)
    assert done.book is not None
    assert [(one.title, [task.title for task in one.tasks]) for one in done.book.checklists] == [
        ("First", []),
        ("Then", ["Two", "One", "Three"]),
    ]


def test_a_pasted_list_becomes_tasks_where_it_was_pasted() -> None:
    values = filled("tasks", checklists__c0__added="- [ ] Three\n- [x] Four\n\n## Later\n1. Five")
    done = edited(BOOK, BY_NAME["tasks"], values | {"checklists.new.title": "", "checklists.new.added": "Six\nSeven"})
    assert done.book is not None
    assert [(one.title, [task.title for task in one.tasks]) for one in done.book.checklists] == [
        ("First", ["One", "Two", "Three", "Four"]),
        ("Later", ["Five"]),
        ("Then", []),
        ("Tasks", ["Six", "Seven"]),
    ]


def test_names_of_people_and_channels_need_no_marks() -> None:
    values = filled("permissions", admins="ann, @bob and group:ops", start_by="ann") | {}
    done = edited(BOOK, BY_NAME["permissions"], values)
    assert done.book is not None
    assert done.book.admins == ("@ann", "@bob", "group:ops")
    assert done.book.start_by == ("@ann",)
    updates = edited(BOOK, BY_NAME["updates"], filled("updates", updates__broadcast="town-square #ops"))
    assert updates.book is not None
    assert updates.book.updates.broadcast == ("~town-square", "~ops")


@pytest.mark.parametrize(
    ("section", "field", "written_there", "words"),
    [
        ("basics", "title", "", "missing"),
        ("basics", "keywords", "x" * 101, "100"),
        ("basics", "name", "{massage}", "{message}"),
        ("basics", "prefix", "INC 1", "prefix"),
        ("tasks", "tasks.t1.due", "soon", "30m"),
        ("tasks", "tasks.t0.when", "Severity high", "Severity is sev-1"),
        ("tasks", "tasks.t0.title", "", ""),
        ("people", "roles.r0.name", "Incident Commander", ""),
        ("attributes", "attributes.a0.type", "text", "options"),
        ("updates", "updates.every", "now and then", "30m"),
        ("updates", "updates.broadcast", "~Ops!", "~"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(section: str, field: str, written_there: str, words: str) -> None:
    values = filled(section) | {field: written_there}
    if field == "tasks.t0.title":
        values["tasks.t0.description"] = "Look at it"
    done = edited(BOOK, BY_NAME[section], values)
    assert done.book is None
    [(name, told)] = done.errors()
    entry = name == field.rpartition(".")[0]
    assert name == field or (entry and field.endswith(".type"))
    assert words in told
    assert done.form.values[field] == written_there


@pytest.mark.parametrize(
    ("section", "field", "written_there", "words"),
    [
        ("tasks", "tasks.t0.assignee", "skribe", "scribe"),
        ("tasks", "tasks.t1.assignee", "@ann, skribe", "scribe"),
        ("tasks", "tasks.t1.when", "Severety is high", "Severity"),
        ("tasks", "tasks.t0.needs", "Severety", "Severity"),
        ("people", "invite", "@ann, skribe", "scribe"),
    ],
)
def test_what_names_something_that_is_not_there_is_told_at_its_field(
    section: str, field: str, written_there: str, words: str
) -> None:
    done = edited(BOOK, BY_NAME[section], filled(section) | {field: written_there})
    assert [(name, words in told) for name, told in done.errors()] == [(field, True)]


def test_what_another_part_needs_is_told_above_all_fields() -> None:
    attributes = edited(BOOK, BY_NAME["tasks"], filled("tasks", tasks__t0__when="Severity is high")).book
    assert attributes is not None
    values = dict.fromkeys(filled("attributes"), "")
    [(name, told)] = edited(attributes, BY_NAME["attributes"], values).errors()
    assert (name, "Severity" in told) == ("", True)


def test_a_template_says_line_and_letter_of_what_is_wrong() -> None:
    basics = filled("basics", templates="jinja2", summary="It is down.\n{{ ownr }} leads.")
    [(name, told)] = edited(BOOK, BY_NAME["basics"], basics).errors()
    assert name == "summary"
    assert all(words in told for words in ("line 2", "letter 4", "owner"))
