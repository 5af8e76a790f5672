"""One person starts so many runs within ten minutes, and a storm of messages is asked about so often."""

import dataclasses
from datetime import timedelta

import pytest
from desk import ALICE, BOB, INCIDENT, Desk, all_of, one
from msgspec.structs import replace

from handlers import effects as do
from handlers.context import Installation
from handlers.events import Hit, Person
from handlers.playbooks.playbook import Playbook
from handlers.rules.pace import OFFERED, QUESTIONS, WITHIN

QUICK = INCIDENT.model_copy(update={"start": "now"})


def busy(book: Playbook = QUICK) -> Desk:
    """A desk where Alice has just started as many runs as she may."""
    desk = Desk(book)
    desk.here = replace_starts(desk, 3)
    for number in range(3):
        assert all_of(desk.commands(f"run incident-response Number {number}"), do.OpenChannel)
        desk.later(minutes=1)
    return desk


def replace_starts(desk: Desk, starts: int) -> Installation:
    return dataclasses.replace(desk.here, starts=starts)


def test_one_start_too_many_is_refused_with_when_the_next_may_come() -> None:
    desk = busy()
    refused = one(desk.commands("run incident-response One more"), do.Refuse)
    assert "started 3 runs within 10 min" in refused.text
    assert "From 15:10 CET on" in refused.text


def test_it_holds_for_the_prompt_the_dialogs_and_bare_checklists() -> None:
    desk = busy()
    desk.says("sev-1")
    assert "3 runs" in one(desk.presses("prompt.start", 1), do.Refuse).text
    assert "3 runs" in one(desk.commands("checklist Move; boxes"), do.Refuse).text
    before = Desk(INCIDENT)
    before.here = replace_starts(before, 1)
    before.says("sev-1")
    dialog = one(before.presses("prompt.start", 1), do.Ask).dialog
    bare = one(before.commands("checklist"), do.Ask).dialog
    before.commands("run incident-response Another")
    assert "one run" in one(before.submits(dialog, name="Now"), do.Correct).error
    assert "one run" in one(before.submits(bare, title="Move", tasks="boxes"), do.Correct).error


def test_somebody_else_starts_meanwhile_and_the_same_person_a_while_later() -> None:
    desk = busy()
    assert all_of(desk.commands("run incident-response By Bob", BOB), do.OpenChannel)
    desk.now += WITHIN - timedelta(minutes=3)
    assert all_of(desk.commands("run incident-response At last"), do.OpenChannel)
    assert all_of(desk.commands("run incident-response Too early"), do.Refuse)


def test_no_limit_is_no_limit() -> None:
    desk = Desk(QUICK)
    desk.here = replace_starts(desk, 0)
    for number in range(25):
        assert all_of(desk.commands(f"run incident-response Number {number}"), do.OpenChannel)


@pytest.mark.parametrize("author", [ALICE, replace(BOB, is_bot=True)], ids=["person", "webhook"])
def test_a_storm_of_messages_is_asked_about_so_often_and_that_is_said_once(author: Person) -> None:
    desk = Desk()
    for _ in range(QUESTIONS):
        assert one(desk.says("sev-1", author), do.Post).content.cards
    told = one(desk.says("sev-1", author, post="storm"), do.Post)
    assert told.root_id == "storm"
    assert f"asked for a run {QUESTIONS} times" in told.content.text
    assert f"@{author.username}" not in told.content.text
    assert desk.says("sev-1", author) == []
    desk.now += WITHIN
    assert one(desk.says("sev-1", author), do.Post).content.cards


def test_a_message_with_a_thousand_keywords_is_asked_about_with_a_menu_that_can_be_used() -> None:
    books = [
        Playbook.model_validate({"title": f"Book {n}", "key": f"book-{n}", "keywords": [f"w{n}"]}) for n in range(50)
    ]
    desk = Desk(*books)
    asked = one(desk.says("w", hits=[Hit(playbook_id=n, keywords=(f"w{n}",)) for n in range(1, 51)]), do.Post)
    menu = asked.content.cards[0].controls[0]
    assert isinstance(menu, do.Menu)
    assert len(menu.options) == OFFERED
