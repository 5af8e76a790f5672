"""Entries of lists that are moved and taken out by buttons, without scripts."""

import pytest

from handlers.editor.edited import edited
from handlers.editor.fields import BY_NAME
from handlers.editor.moves import moved
from handlers.editor.writing import part_of, written
from handlers.playbooks.playbook import playbook_of

BOOK = playbook_of(
    {
        "title": "Outage",
        "roles": ["scribe", "lead"],
        "checklists": [{"title": "A", "tasks": ["1", "2"]}, {"title": "B", "tasks": ["3"]}],
    }
)


def after(section: str, do: str) -> str:
    """Return the entries of a part as words, once a button was pressed."""
    part = BY_NAME[section]
    values = moved(part, written(part, part_of(BOOK, part)).values, do)
    book = edited(BOOK, part, values).book
    assert book is not None
    if section == "people":
        return " ".join(one.name for one in book.roles)
    return " ".join(one.title + "".join(task.title for task in one.tasks) for one in book.checklists)


@pytest.mark.parametrize(
    ("do", "found"),
    [
        ("up:tasks.t1", "A21 B3"),
        ("down:tasks.t0", "A21 B3"),
        ("down:tasks.t1", "A1 B23"),
        ("up:tasks.t2", "A123 B"),
        ("up:tasks.t0", "A12 B3"),
        ("down:tasks.t2", "A12 B3"),
        ("remove:tasks.t0", "A2 B3"),
        ("up:checklists.c1", "B3 A12"),
        ("down:checklists.c0", "B3 A12"),
        ("up:checklists.c0", "A12 B3"),
        ("remove:checklists.c0", "B3"),
        ("save", "A12 B3"),
        ("up:tasks.t9", "A12 B3"),
        ("burn:tasks.t1", "A12 B3"),
        ("remove:", "A12 B3"),
    ],
)
def test_tasks_and_checklists_are_moved_and_taken_out(do: str, found: str) -> None:
    assert after("tasks", do) == found


@pytest.mark.parametrize(("do", "found"), [("up:roles.r1", "lead scribe"), ("remove:roles.r0", "lead")])
def test_roles_are_moved_and_taken_out(do: str, found: str) -> None:
    assert after("people", do) == found
