"""Lists stand where no client folds them, in messages that the server takes, and their buttons fit a phone."""

from dataclasses import replace
from typing import Any

import pytest
from desk import ALICE, BOB, INCIDENT, Desk, one, started_run

from handlers import effects as do
from handlers.playbooks.playbook import Playbook

MOVE = {"title": "The move", "tasks": [f"Carry rack {at} to the lorry, and tell who waits for it" for at in range(50)]}
LONG = Playbook.model_validate({**INCIDENT.model_dump(exclude_unset=True), "checklists": [MOVE]})
FOLDED = 4
"""So many lines of a card's text a phone shows before *Show more* (client source: show_more.tsx, 200 px)."""


def cards_of(effects: list[Any]) -> list[do.Card]:
    posted = [one.content for one in effects if isinstance(one, do.Post | do.Answer | do.Tell)]
    return [card for content in posted for card in content.cards]


@pytest.mark.parametrize("command", ["todo", "timeline", "list", "help", "info", "brief", "history 1.1"])
def test_a_list_that_is_asked_for_is_not_folded(command: str) -> None:
    desk = Desk()
    place = started_run(desk)
    for task in ("1.1", "1.2", "2.1", "2.2", "2.3"):
        desk.commands(f"assign {task} @alice", place=place)
    cards = cards_of(desk.commands(command, place=place))
    assert any(len(field.value.splitlines()) > 1 and not field.short for card in cards for field in card.fields)
    assert all(len(card.text.splitlines()) <= FOLDED for card in cards)


def test_a_checklist_stands_in_a_field_and_its_buttons_fit_a_phone() -> None:
    desk = Desk(LONG)
    started_run(desk)
    cards = [card for card in cards_of(desk.sent) if card.title.startswith("1 · ")]
    assert sum(field.value.count("- [ ]") for card in cards for field in card.fields) == 50
    assert not any(card.text for card in cards)
    labels = [one.label for card in cards for one in card.controls if isinstance(one, do.Button)]
    assert labels[0] == "✓ 1.1 Carry rack 0 to the lorry…"
    assert all(len(label) <= do.LABEL_LIMIT for label in labels)


def test_an_answer_too_long_for_a_card_is_words_that_are_spread_over_several() -> None:
    desk = Desk(LONG)
    desk.here = replace(desk.here, message_budget=1000)
    place = started_run(desk)
    content = one(desk.commands("info", place=place, by=BOB), do.Answer).content
    assert content.text.count("- **1.") == 20
    assert not any("- **1." in field.value for card in content.cards for field in card.fields)


def test_labels_of_the_to_do_fit_a_phone() -> None:
    desk = Desk(LONG)
    place = started_run(desk)
    desk.commands("assign 1.1 @alice", place=place)
    (card,) = one(desk.commands("todo", place=place, by=ALICE), do.Answer).content.cards
    labels = [one.label for one in card.controls if isinstance(one, do.Button)]
    assert labels
    assert all(len(label) <= do.LABEL_LIMIT for label in labels)
