"""Whoever looks back is notified of nothing that they did themselves, whatever it was and wherever it was done."""

from collections.abc import Iterator

import pytest
from desk import ALICE, BOB, Desk, all_of
from retrospects import book, finished, sections

from handlers import effects as do
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person, Place
from handlers.routes import BUTTONS, DIALOGS, OF_RETROSPECTIVE
from handlers.text.sentences import say
from handlers.text.words import calls_in

WORDS = {
    "text": "@alice @bob see", "lead": "@alice @bob", "channels": True, "anyway": True, "reason": "@alice @bob",
    "section": "1", "comment": "@alice @bob", "when": "", "words_shown": "@alice", "words": "@bob",
}  # fmt: skip


@pytest.fixture(scope="module")
def over() -> tuple[Desk, Place]:
    """Return a desk with a draft in which Alice and Bob have written, asked and commented, and follow all."""
    desk, place, _ = finished(book())
    for who in (ALICE, BOB):
        for words in ("#1 follow", "retro 1 Look", "retro review @alice @bob", "retro comment 1 Hm"):
            desk.commands(words, who, place=place)
    desk.commands("retro 3 - [ ] @alice @bob fix it by friday", place=place)
    return desk, place


def rung(effects: list[do.Effect], who: Person) -> list[do.Effect]:
    """Return what notifies somebody of what is no answer to them."""
    posts = [
        effect
        for effect in all_of(effects, do.Post)
        if who.username in calls_in("\n".join([effect.content.text, *(card.text for card in effect.content.cards)]))
    ]
    tells = [one for one in all_of(effects, do.Tell) if one.person_id == who.id]
    return [*posts, *(one for one in tells if not (one.only_whispered or one.place_id))]


def acts(desk: Desk, place: Place, who: Person) -> Iterator[ButtonPressed | CommandGiven | DialogSubmitted]:
    """Yield everything that somebody can do to a draft."""
    lines = say("retro")["like_retro"].splitlines()
    words = [line.strip().replace("@bob", other) for line in lines for other in ("@alice", "@bob")]
    for text in {*words, "retro publish anyway @alice @bob", "retro seen", "restart", "check 3.1"}:
        for trigger in ("", "t"):
            yield CommandGiven(at=desk.now, text=text, asker=who, place=place, trigger_id=trigger)
    section = sections(desk)[0].id
    pressed = [(name, f"1:{section}", "1") for name in BUTTONS if name.startswith("retro.") and name != "retro.more"]
    for action, arg, choice in [*pressed, *(("retro.more", "1", choice) for choice in OF_RETROSPECTIVE)]:
        yield ButtonPressed(
            at=desk.now, action=action, arg=arg, choice=choice, asker=who, place=place, message_id=0, post_id="p",
            trigger_id="t",
        )  # fmt: skip
    for action in (name for name in DIALOGS if name.startswith("retro.")):
        for person in ("alice", "bob"):
            yield DialogSubmitted(
                at=desk.now, action=action, arg=f"1:{section}:2", once="once", values={**WORDS, "person": person},
                asker=who, place=place,
            )  # fmt: skip


@pytest.mark.parametrize("who", [ALICE, BOB], ids=lambda who: who.username)
def test_nobody_is_notified_of_their_own_act(over: tuple[Desk, Place], who: Person) -> None:
    desk, place = over
    found = [(act, desk.tried(act)) for act in acts(desk, place, who)]
    assert [(act, rung(effects, who)) for act, effects in found if rung(effects, who)] == []
    assert any(all_of(effects, do.Post) for _, effects in found)
    assert any(rung(effects, other) for _, effects in found for other in (ALICE, BOB) if other is not who)
