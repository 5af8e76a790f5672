"""A newer edition of the starter that a playbook began as is offered as a difference, and taken over by lines."""

from typing import Any

import pytest
from desk import ALICE, Desk, one

from handlers import effects as do
from handlers.editor.editions import newer_edition
from handlers.editor.starters import starter_called
from handlers.playbooks.playbook import Playbook, playbook_of
from store import PlaybookDraft

STARTER = starter_called("incident-response")


def older(**said: Any) -> Playbook:
    """Return a playbook of one's own that began as an edition before."""
    assert STARTER is not None
    book = STARTER.book.definition()
    lists = [{**book["checklists"][0], "tasks": book["checklists"][0]["tasks"][:-1]}, *book["checklists"][1:]]
    mine = {"title": "Ours", "key": "ours", "teams": ["ops"], "admins": ["@alice"], "keywords": ["fire"]}
    return playbook_of({**book, "checklists": lists, "starter": "incident-response 1", **mine, **said})


@pytest.fixture
def desk() -> Desk:
    made = Desk(older())
    made.ask(lambda store: setattr(store.playbook_by_key("ours"), "source", "made:"))
    return made


def draft(desk: Desk) -> Playbook:
    return playbook_of(desk.ask(lambda store: store.session.get(PlaybookDraft, 1)).definition)


def shown(desk: Desk) -> do.Content:
    content: do.Content = one(desk.presses("edit.do", "1:edition"), do.Tell).content
    return content


def test_only_an_older_edition_of_a_starter_has_a_newer_one() -> None:
    assert STARTER is not None
    assert newer_edition(older()) is not None
    for name in (STARTER.book.starter, None, "of our own 1"):
        assert newer_edition(older(starter=name)) is None


def test_it_is_offered_and_taken_over_by_one_line(desk: Desk) -> None:
    assert STARTER is not None
    missing = STARTER.book.checklists[0].tasks[-1].title
    every, menu, leave = (control for card in shown(desk).cards for control in card.controls)
    wanted = next(option for option in menu.options if missing[:20] in option.text)
    desk.presses(menu.action, menu.arg, choice=wanted.value)
    book = draft(desk)
    assert missing in book.task_titles
    assert (book.title, book.keywords, book.admins) == ("Ours", ("fire",), ("@alice",))
    assert book.starter == STARTER.book.starter
    assert all_gone(desk)
    assert every.label != leave.label


def all_gone(desk: Desk) -> bool:
    return "newest edition" in str(one(desk.presses("edit.do", "1:edition", ALICE), do.Tell))


def test_it_is_left_as_it_is_and_not_asked_about_again(desk: Desk) -> None:
    leave = [control for card in shown(desk).cards for control in card.controls][-1]
    desk.presses(leave.action, leave.arg)
    assert draft(desk).checklists == older().checklists
    assert all_gone(desk)
