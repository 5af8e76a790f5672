"""Nobody is notified of what they did themselves, whatever it was and wherever it was done."""

import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, TOWN, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import (
    ButtonPressed,
    ChannelOpened,
    CommandGiven,
    CommandRan,
    DialogSubmitted,
    PeopleInvited,
    Person,
    PersonJoined,
    Place,
    ReactionAdded,
)
from handlers.playbooks.playbook import Playbook
from handlers.routes import BUTTONS, COMMANDS, DIALOGS, MORE
from handlers.text.sentences import say
from handlers.text.words import calls_in

HERE = Place(id="channel1", team_id="t1", kind="P", name="checkout-is-down-1")
BOOK = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "admins": ["@alice", "@bob"],
        "welcome": "Mute yourself on the bridge, @alice and @bob.",
        "owner": "@bob",
        "roles": ["scribe"],
        "updates": INCIDENT.updates.model_dump() | {"broadcast": ["~town-square", "~nowhere"], "broadcast_start": True},
        "checklists": [
            {"title": "A", "tasks": [{"title": name, "assignees": ["@alice", "@bob"]} for name in "abcdef"]}
        ],
    }
)
VALUES: dict[str, str | bool] = {
    "name": "Name", "role": "scribe", "person": "alice", "to": "carla", "text": "@alice @bob see", "next": "0",
    "title": "Title", "note": "Note", "tasks": "One", "words": "done", "people": "@alice", "assignee": "alice",
}  # fmt: skip
ARGS = {"run.which": "info", "settings.turn": "daily:off", "digest.off": "daily", "timeline.page": "1:1",
        "timeline.change": "remove:1", "run.start": "command::1", "checklist.save": "1:1", "task.save": "1:1",
        "task.words": "1:1"}  # fmt: skip


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Return a desk with a run in which Alice and Bob have, do and follow all there is."""
    made = Desk(BOOK)
    started_run(made)
    for who in (ALICE, BOB):
        for words in ("follow", "assign 1.1-1.6 @alice @bob", "role scribe"):
            made.commands(words, who, place=HERE)
    made.commands("handover @alice", BOB, place=HERE)
    return made


def called(content: do.Content) -> set[str]:
    """Return whom the server finds in a post: in its text, and in the texts and fields of its cards."""
    cards = content.cards
    texts = [content.text, *(card.text for card in cards), *(field.value for card in cards for field in card.fields)]
    return calls_in("\n".join(texts))


def rung(effects: list[do.Effect], who: Person, *, answers: bool = False) -> list[do.Effect]:
    """Return the effects that notify somebody; the answer to what they asked is none, where there may be one."""
    posts = [effect for effect in all_of(effects, do.Post) if who.username in called(effect.content)]
    tells = [effect for effect in all_of(effects, do.Tell) if effect.person_id == who.id and not effect.only_whispered]
    return [*posts, *(effect for effect in tells if not (answers and effect.place_id) and not is_playbook(effect))]


def is_playbook(effect: do.Tell) -> bool:
    """Return whether it is the card of a playbook, which is what they asked for: there they change it."""
    controls = [control.action for card in effect.content.cards for control in card.controls]
    return {"edit.choose", "edit.do"} <= set(controls)


def examples(name: str) -> list[str]:
    """Return a command as help says it, about whom it can be about: oneself, somebody who is there, somebody new."""
    lines = say(COMMANDS[name].template)[f"like_{name.replace('-', '_')}"].splitlines()
    said = [
        name,
        f"{name} now",
        f"{name} 1.1",
        *(line.strip().replace("2.", "1.").replace("#12", "#1") for line in lines),
    ]
    whom = [line.replace("@bob", other) for line in said for other in ("@alice", "@bob", "@carla", "me")]
    return sorted({*said, *whom})


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("who", [ALICE, BOB], ids=lambda who: who.username)
def test_no_command(desk: Desk, name: str, who: Person) -> None:
    for text in examples(name):
        for place in (HERE, TOWN):
            for trigger in ("t", ""):
                given = CommandGiven(at=desk.now, text=text, asker=who, place=place, trigger_id=trigger)
                assert rung(desk.tried(given), who, answers=True) == [], (text, place.id)


@pytest.mark.parametrize("who", [ALICE, BOB], ids=lambda who: who.username)
def test_no_button_and_no_menu(desk: Desk, who: Person) -> None:
    presses = [(name, ARGS.get(name, "1"), "1") for name in BUTTONS] + [("run.more", "1", choice) for choice in MORE]
    for action, arg, choice in presses:
        for message in (0, 1):
            pressed = ButtonPressed(
                at=desk.now, action=action, arg=arg, choice=choice, asker=who, place=HERE, message_id=message,
                post_id="p", trigger_id="t",
            )  # fmt: skip
            assert rung(desk.tried(pressed), who, answers=True) == [], (action, choice)


@pytest.mark.parametrize("person", ["alice", "bob", "carla"])
@pytest.mark.parametrize("who", [ALICE, BOB], ids=lambda who: who.username)
def test_no_dialog(desk: Desk, who: Person, person: str) -> None:
    for action in DIALOGS:
        values = VALUES | {"person": person, "to": person, "assignee": person}
        filled = DialogSubmitted(
            at=desk.now, action=action, arg=ARGS.get(action, "1"), once="once", values=values, asker=who, place=HERE
        )
        assert rung(desk.tried(filled), who) == [], action


@pytest.mark.parametrize("who", [ALICE, BOB], ids=lambda who: who.username)
def test_no_reaction_no_coming_and_no_command_of_a_task(desk: Desk, who: Person) -> None:
    pinned = ReactionAdded(
        at=desk.now, emoji="pushpin", once="r1", asker=who, place=HERE, post_id="x", message_id=None,
        text="@alice @bob found it", author_id="bob", said_at=desk.now,
    )  # fmt: skip
    ran = CommandRan(at=desk.now, task_id=1, command="/x", by_id=who.id)
    for event in (pinned, ran, PersonJoined(at=desk.now, place=HERE, person=who)):
        assert rung(desk.tried(event), who) == [], event


@pytest.mark.parametrize("here", ["", "here "])
def test_no_start(here: str) -> None:
    desk = Desk(BOOK)
    desk.commands(f"run incident-response {here}@alice @bob", ALICE)
    if not here:
        desk.take(ChannelOpened(at=desk.now, run_id=1, place=HERE))
        desk.take(PeopleInvited(at=desk.now, run_id=1, added=(ALICE, BOB), refused={}))
    assert rung(list(desk.sent), ALICE, answers=True) == []
    added = [bob for one in all_of(list(desk.sent), do.Invite) for bob in one.person_ids if bob == BOB.id and not here]
    assert len(rung(list(desk.sent), BOB)) + len(added) == 1, "the owner is told once"


def test_people_are_added_after_the_last_message_stands() -> None:
    desk = Desk(BOOK)
    desk.commands("run incident-response X", ALICE)
    found = desk.take(ChannelOpened(at=desk.now, run_id=1, place=HERE))
    posts = [effect.message_id for effect in all_of(found, do.Post) if effect.place_id == HERE.id]
    assert do.needs(one(found, do.Invite)) == max(posts)


def test_an_update_calls_whom_its_author_names_but_not_who_is_told_directly(desk: Desk) -> None:
    given = CommandGiven(at=desk.now, text="update @alice @bob @carla look", asker=ALICE, place=HERE)
    found = desk.tried(given)
    here = next(effect for effect in all_of(found, do.Post) if effect.place_id == HERE.id)
    assert called(here.content) == {CARLA.username}
    assert {effect.person_id for effect in all_of(found, do.Tell)} == {"bob"}
    assert all(not called(effect.content) for effect in all_of(found, do.Post) if effect is not here)


def test_a_reminder_calls_the_owner() -> None:
    desk = Desk(BOOK)
    started_run(desk)
    desk.later(minutes=31)
    desk.sent.clear()
    desk.what_is_due()
    assert [called(effect.content) for effect in all_of(desk.sent, do.Post)] == [{"bob"}]
