"""Everything is tried as everybody: commands, buttons, the menu, dialogs and reactions obey one table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import doc_tables
import pytest
from desk import ADMIN, ALICE, INCIDENT, START, TOWN, Desk, Undone, all_of, one, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.events import (
    ButtonPressed,
    CommandGiven,
    DialogSubmitted,
    PeopleInvited,
    Person,
    PersonLeft,
    Place,
    ReactionAdded,
)
from handlers.playbooks.playbook import Playbook
from handlers.routes import BUTTONS, COMMANDS, DIALOGS, MORE, handle
from handlers.routes.rows import Anywhere, InRun
from handlers.rules.permission_table import (
    MAY,
    NOT_GUESTS,
    STRICT,
    Action,
    Part,
)
from handlers.rules.permissions import allows
from handlers.unsure import HeadOf, InTeam, Unsure
from store import KnownPerson

DOC = Path(__file__).parents[3] / "docs" / "permissions.md"
HERE = Place(id="channel1", team_id="t1", kind="P", name="checkout-is-down-1")

OWNER = Person(id="owner", username="owner")
PARTICIPANT = Person(id="participant", username="participant")
BOOK_ADMIN = Person(id="bookadmin", username="bookadmin")
BOOK_MEMBER = Person(id="bookmember", username="bookmember")
CHANNEL_ADMIN = Person(id="chief", username="chief")
GUEST_CHIEF = Person(id="guestchief", username="guestchief", is_guest=True)
OUTSIDER = Person(id="outsider", username="outsider")
GUEST_IN = Person(id="guestin", username="guestin", is_guest=True)
GUEST_OUT = Person(id="guestout", username="guestout", is_guest=True)

PARTS: Mapping[Person, frozenset[Part]] = {
    ADMIN: frozenset({"system admin"}),
    BOOK_ADMIN: frozenset({"playbook admin"}),
    BOOK_MEMBER: frozenset({"playbook member"}),
    OWNER: frozenset({"owner", "participant"}),
    ALICE: frozenset({"creator"}),
    PARTICIPANT: frozenset({"participant"}),
    CHANNEL_ADMIN: frozenset({"channel admin"}),
    GUEST_CHIEF: frozenset({"guest", "channel admin"}),
    OUTSIDER: frozenset(),
    GUEST_IN: frozenset({"guest", "participant"}),
    GUEST_OUT: frozenset({"guest"}),
}
"""What everybody is to the run of a scene; members of the team are teammates besides where it is open."""

HEADS = {(who.id, "channel1") for who, parts in PARTS.items() if "channel admin" in parts}

SCENES: Mapping[str, dict[str, Any]] = {
    "public": {"channel": {"visibility": "public"}},
    "strict": {"channel": {"visibility": "public"}, "only_owner_finishes": True},
    "private": {"channel": {"visibility": "private"}, "members": ["@bookmember", "@alice"]},
    "participants": {
        "channel": {"visibility": "public"},
        "visibility": "public",
        "see_runs": "participants",
        "members": ["@bookmember"],
    },
}

ARGS = {"run.which": "info", "settings.turn": "daily:off", "digest.off": "daily", "timeline.page": "1:1",
        "timeline.change": "remove:1", "run.start": "command::1", "variable.undo": "1:ticket:",
        "checklist.save": "1:1", "task.save": "1:1", "task.words": "1:1"}  # fmt: skip
"""What is signed into a control where it is more than the number of something."""

WORDS = {"owner": "owner", "remove": "remove 1.1"}
SAID_NO = ("do not take part", "for those who take part in it", "Only the owner", "Guests may not",
           "only its members see and start it", "Ask a member of this team")  # fmt: skip


def scene(name: str) -> Desk:
    """Return a desk with a run that Alice started and left, and that somebody else owns now."""
    desk = Desk(
        Playbook.model_validate(INCIDENT.definition() | {"admins": ["@bookadmin"], "roles": ["scribe"]} | SCENES[name])
    )
    started_run(desk)
    desk.ask(
        lambda store: store.learn(
            *(
                KnownPerson(
                    id=who.id, username=who.username, seen_at=desk.now, roles="system_guest" if who.is_guest else ""
                )
                for who in PARTS
                if who not in (ADMIN, ALICE)
            )
        )
    )
    for words in ("rename Checkout fails", "check 1.1", "set ticket OPS-1"):
        desk.commands(words, place=HERE)
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(OWNER, PARTICIPANT, GUEST_IN), refused={}))
    desk.ask(lambda store: setattr(store.run(1), "owner_id", "owner"))
    desk.take(PersonLeft(at=desk.now, place_id="channel1", person_id="alice"))
    return desk


@pytest.fixture(scope="module")
def desks() -> dict[str, Desk]:
    return {name: scene(name) for name in SCENES}


def renamed(desk: Desk) -> str:
    """Return the number of the timeline's entry about the run's new name."""
    return str(next(one.id for one in desk.ask(lambda store: store.moments(1)) if "after" in one.details))


def is_refused(effects: list[do.Effect]) -> bool:
    words = [one.text for one in all_of(effects, do.Refuse)] + [one.error for one in all_of(effects, do.Correct)]
    return any(no in text for no in SAID_NO for text in words)


def expected(scene_: str, who: Person, rule: str) -> bool:
    """Return whether somebody is to be let, by what they are in a scene."""
    parts = PARTS[who]
    if scene_ == "participants":
        parts -= {"playbook member"}
    elif scene_ != "private" and not who.is_guest:
        parts |= {"teammate"}
    if rule == "anybody":
        return True
    if rule == "start":
        return not who.is_guest and (scene_ != "private" or who in (ADMIN, BOOK_ADMIN, BOOK_MEMBER, ALICE))
    assert rule in get_args(Action)
    if "guest" in parts and rule in NOT_GUESTS:
        return False
    may = STRICT.get(rule, MAY[rule]) if scene_ == "strict" else MAY[rule]  # type: ignore[call-overload,index]
    return bool(parts & may)


def wrong(desks: dict[str, Desk], rule: str, event_of: Any) -> list[str]:
    """Return in which scenes who was let or refused against the rule."""
    return [
        f"{name}: @{who.username} {'let' if not refused else 'refused'}"
        for name, desk in desks.items()
        for who in PARTS
        if (refused := is_refused(desk.tried(event_of(desk, who), HEADS))) == expected(name, who, rule)
    ]


IN_A_RUN = sorted(name for name, row in COMMANDS.items() if isinstance(row, InRun))
ANYWHERE = sorted(name for name, row in COMMANDS.items() if isinstance(row, Anywhere))


def test_every_rule_is_known() -> None:
    rules = {row.who for rows in (COMMANDS, BUTTONS, MORE, DIALOGS) for row in rows.values()}
    assert rules == {*get_args(Action), "anybody", "asked", "start"}
    assert {name for name, row in COMMANDS.items() if row.who == "asked"} == {"accept", "decline"}


@pytest.mark.parametrize("word", [word for word in IN_A_RUN if word != "checklist"])
def test_a_command_about_a_run_obeys_its_rule(desks: dict[str, Desk], word: str) -> None:
    def event(desk: Desk, who: Person) -> CommandGiven:
        return CommandGiven(at=desk.now, text=WORDS.get(word, word), asker=who, place=HERE, trigger_id="t")

    assert wrong(desks, COMMANDS[word].who, event) == []


@pytest.mark.parametrize("words", ["owner @participant", "handover @participant"])
def test_giving_a_run_away_obeys_its_rule(desks: dict[str, Desk], words: str) -> None:
    def event(desk: Desk, who: Person) -> CommandGiven:
        return CommandGiven(at=desk.now, text=words, asker=who, place=HERE, trigger_id="t")

    assert wrong(desks, "own", event) == []


@pytest.mark.parametrize("name", SCENES)
def test_whether_to_take_over_is_answered_by_who_was_asked_alone(name: str) -> None:
    desk = scene(name)
    desk.heads = HEADS
    desk.commands("handover @participant", OWNER, place=HERE)
    for who in PARTS:
        for words in ("accept", "decline", "accept #1", "#1 decline"):
            found = desk.tried(CommandGiven(at=desk.now, text=words, asker=who, place=HERE), HEADS)
            assert bool(all_of(found, do.Refuse)) == (who != PARTICIPANT), (who.username, words)
            if not expected(name, who, "see"):
                assert "participant" not in one(found, do.Refuse).text


def test_taking_people_out_obeys_its_rule(desks: dict[str, Desk]) -> None:
    def event(desk: Desk, who: Person) -> CommandGiven:
        return CommandGiven(at=desk.now, text="remove @participant", asker=who, place=HERE, trigger_id="t")

    assert wrong(desks, "people", event) == []


@pytest.mark.parametrize("word", ["", *(word for word in ANYWHERE if word not in ("info", "movehere", "run"))])
def test_commands_about_no_run_are_for_everybody(desks: dict[str, Desk], word: str) -> None:
    def event(desk: Desk, who: Person) -> CommandGiven:
        return CommandGiven(at=desk.now, text=word, asker=who, place=TOWN, trigger_id="t")

    assert wrong(desks, "anybody", event) == []


@pytest.mark.parametrize("action", sorted(name for name, row in BUTTONS.items() if row.who != "asked"))
def test_a_button_obeys_its_rule(desks: dict[str, Desk], action: str) -> None:
    def event(desk: Desk, who: Person) -> ButtonPressed:
        arg = renamed(desk) if action == "describe.undo" else ARGS.get(action, "1")
        choice = "1" if action != "run.more" else ""
        return ButtonPressed(
            at=desk.now, action=action, arg=arg, choice=choice, asker=who, place=HERE, message_id=0, post_id="p",
            trigger_id="t",
        )  # fmt: skip

    rule = BUTTONS[action].who
    found = wrong(desks, rule, event)
    # The prompt of the scenes was answered by the start of the run, which is said to everybody; and of a private
    # playbook, who may not see it is not even told that it is one.
    # Who takes a task comes into the run, and guests bring nobody in, themselves included.
    left = [one for one in found if not (action == "task.take" and "@guestchief" in one)]
    assert [
        one for one in left if not (action == "run.ask" and one.startswith("private"))
    ] == [] or action == "prompt.start"


@pytest.mark.parametrize("choice", sorted(MORE))
def test_a_choice_of_the_menu_obeys_its_rule(desks: dict[str, Desk], choice: str) -> None:
    def event(desk: Desk, who: Person) -> ButtonPressed:
        return ButtonPressed(
            at=desk.now, action="run.more", arg="1", choice=choice, asker=who, place=HERE, message_id=0, post_id="p",
            trigger_id="t",
        )  # fmt: skip

    assert wrong(desks, MORE[choice].who, event) == []


@pytest.mark.parametrize("action", sorted(DIALOGS))
def test_a_dialog_obeys_its_rule(desks: dict[str, Desk], action: str) -> None:
    def event(desk: Desk, who: Person) -> DialogSubmitted:
        values: dict[str, str | bool] = {"name": "Name", "role": "scribe", "person": "participant", "to": "participant",
                                         "text": "Text", "next": "0", "title": "Title", "note": "Note"}  # fmt: skip
        return DialogSubmitted(
            at=desk.now, action=action, arg=ARGS.get(action, "1"), once="once", values=values, asker=who, place=HERE
        )

    found = wrong(desks, DIALOGS[action].who, event)
    # Of a private playbook, who may not see it is not even told that it is one.
    assert [one for one in found if not (action == "run.start" and one.startswith("private"))] == []


def test_a_reaction_obeys_the_rule_of_what_it_stands_for(desks: dict[str, Desk]) -> None:
    for name, desk in desks.items():
        for who in PARTS:
            pinned = ReactionAdded(
                at=desk.now, emoji="pushpin", once="r1", asker=who, place=HERE, post_id="x", message_id=None,
                text="Found it", author_id="participant", said_at=desk.now,
            )  # fmt: skip
            assert bool(all_of(desk.tried(pinned, HEADS), do.Tell)) == expected(name, who, "change"), (
                name,
                who.username,
            )


def test_a_refusal_says_who_could(desks: dict[str, Desk]) -> None:
    def refused(name: str, who: Person, text: str) -> str:
        event = CommandGiven(at=desks[name].now, text=text, asker=who, place=HERE, trigger_id="t")
        return str(one(desks[name].tried(event, HEADS), do.Refuse).text)

    assert "ask the owner @owner to add you" in refused("public", OUTSIDER, "check 1.1")
    assert "Only the owner @owner, the playbook's admins @bookadmin" in refused("strict", PARTICIPANT, "finish now")
    assert "Ask the owner @owner" in refused("public", GUEST_IN, "finish now")
    assert "ask the owner @owner to add you" in refused("private", OUTSIDER, "join")


def test_of_who_administers_the_channel_is_asked_only_where_they_would_be_refused_otherwise(
    desks: dict[str, Desk],
) -> None:
    def unsure(name: str, who: Person, text: str, place: Place = HERE) -> bool:
        event = CommandGiven(at=desks[name].now, text=text, asker=who, place=place, trigger_id="t")
        try:
            with desks[name].database.transaction() as store:
                list(handle(event, Context(desks[name].now, store, desks[name].here)))
                raise Undone
        except Undone:
            return False
        except Unsure as found:
            if isinstance(found.question, InTeam):
                desks[name].asked(event, found)
                return unsure(name, who, text, place)
            return found.question == HeadOf("channel1")

    assert unsure("strict", PARTICIPANT, "finish now")
    assert not unsure("public", PARTICIPANT, "finish now")
    assert not unsure("strict", OWNER, "finish now")
    assert not unsure("strict", GUEST_IN, "finish now")
    assert not unsure("public", PARTICIPANT, "delete now")
    assert not unsure("private", OUTSIDER, "list", TOWN)
    assert unsure("private", OUTSIDER, "brief #1", TOWN)


def test_a_channel_admin_takes_over_a_strict_run_whose_owner_is_away() -> None:
    desk = scene("strict")
    desk.heads = HEADS
    found = desk.commands("owner me", CHANNEL_ADMIN, place=HERE)
    assert desk.run().owner_id == "chief"
    assert "You own" in one(found, do.Answer).content.text
    desk.ask(lambda store: setattr(store.run(1), "owner_id", "owner"))
    desk.heads = set()
    assert one(desk.commands("owner me", CHANNEL_ADMIN, place=HERE), do.Refuse).title == "Only for participants"
    refused = one(desk.commands("owner me", PARTICIPANT, place=HERE), do.Refuse).text
    assert "the playbook's admins @bookadmin, a channel admin or a system administrator" in refused


def test_of_a_private_run_nothing_is_said_to_who_guesses_its_number(desks: dict[str, Desk]) -> None:
    for words in ("join #1", "brief #1", "finish #1", "owner #1", "list"):
        event = CommandGiven(at=START, text=words, asker=OUTSIDER, place=TOWN, trigger_id="t")
        assert "Checkout" not in str(desks["private"].tried(event, HEADS))


def test_a_private_playbook_is_seen_offered_and_started_by_its_members_alone() -> None:
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"members": ["@bob"]}))
    assert "Incident response" not in one(desk.commands("list", OUTSIDER), do.Answer).content.text
    assert "Incident response" not in str(desk.commands("run incident-response X", OUTSIDER))
    assert desk.says("sev-1", OUTSIDER) == []
    assert desk.says("sev-1", Person(id="bob", username="bob")) != []
    refused = one(desk.presses("prompt.start", 1, OUTSIDER), do.Refuse).text
    assert "only its members see and start it" in refused
    assert "@bob" not in refused
    assert one(desk.presses("prompt.start", 1, Person(id="bob", username="bob")), do.Ask)


def test_the_page_says_what_the_rows_say() -> None:
    text = DOC.read_text(encoding="utf-8")
    assert doc_tables.page(text) == text, "make docs-tables"
    assert {name for _, name, _ in doc_tables.TABLE.findall(text)} == set(doc_tables.TABLES)
    assert list(get_args(Action)) == list(MAY)


def test_nobody_but_a_permission_decides() -> None:
    assert allows("change", frozenset({"participant"}))
    assert not allows("own", frozenset({"participant", "guest"}))
