"""A run changes hands: somebody is asked, answers, and everybody concerned is told."""

from datetime import UTC, datetime

import pytest
from desk import ADMIN, ALICE, BOB, CARLA, GUEST, INCIDENT, TOWN, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import PersonJoined, Place
from handlers.playbooks.playbook import Playbook

DIRECT = Place(id="dm", kind="D")


def asked(desk: Desk, words: str = "handover @bob Look at the **graphs**") -> tuple[do.Tell, list[do.Effect]]:
    place = started_run(desk)
    found = desk.commands(words, place=place)
    return next(tell for tell in all_of(found, do.Tell) if tell.message_id), found


def button(tell: do.Tell, label: str) -> do.Button:
    return next(one for one in tell.content.cards[0].controls if one.label == label)  # type: ignore[return-value]


def test_the_dialog_hands_over_at_once_where_that_is_ticked() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("handover.ask", 1, place=place), do.Ask).dialog
    found = desk.submits(dialog, to="bob", now=True, place=place)
    assert desk.run().owner_id == "bob"
    assert any("@bob owns **Checkout is down** now" in tell.content.text for tell in all_of(found, do.Tell))
    desk.submits(dialog, to="carla", words="Please", now=False, place=place)
    assert desk.run().owner_id == "bob"
    desk.submits(dialog, to="carla", now="true", place=place)
    assert desk.run().owner_id == "carla"


def test_who_is_asked_gets_the_words_and_two_answers_and_all_others_are_told() -> None:
    desk = Desk()
    tell, found = asked(desk)
    assert tell.person_id == "bob"
    assert "@alice asks you to take over **[Checkout is down]" in tell.content.text
    assert "Look at the graphs" in words_of(tell.content.cards[0])
    assert [one.label for one in tell.content.cards[0].controls] == ["Take over", "Not now", "Brief me"]
    assert "I asked @bob" in one(found, do.Answer).content.text
    assert "@alice asked @bob to take over" in one(found, do.Post).content.text
    assert desk.run().owner_id == "alice"


def test_taking_over_makes_the_owner_and_tells_who_asked() -> None:
    desk = Desk()
    tell, _ = asked(desk)
    desk.stands(tell.message_id or 0)
    take = button(tell, "Take over")
    found = desk.presses(take.action, take.arg, BOB)
    assert desk.run().owner_id == "bob"
    assert "@bob took over" in one(found, do.Tell).content.text
    assert (
        "You took over"
        in next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id).content.text
    )
    assert "@bob owns this run now" in one(found, do.Post).content.text
    assert "Already settled" in one(desk.presses(take.action, take.arg, BOB), do.Refuse).title
    kinds = [one.kind for one in desk.ask(lambda store: store.moments(1))]
    assert kinds[-2:] == ["handover_asked", "owner_changed"]


def test_not_now_leaves_the_owner_who_is_told() -> None:
    desk = Desk()
    tell, _ = asked(desk)
    no = button(tell, "Not now")
    found = desk.presses(no.action, no.arg, BOB)
    assert desk.run().owner_id == "alice"
    assert (one(found, do.Tell).person_id, "cannot take over" in one(found, do.Tell).content.text) == ("alice", True)
    assert "still owns this run" in one(found, do.Post).content.text


def test_only_who_was_asked_can_answer() -> None:
    desk = Desk()
    tell, _ = asked(desk)
    take = button(tell, "Take over")
    for who in (CARLA, ALICE, ADMIN):
        assert "Only @bob can answer this" in one(desk.presses(take.action, take.arg, who), do.Refuse).text
    assert desk.run().owner_id == "alice"


def test_who_was_asked_answers_by_command_wherever_they_are() -> None:
    for words, place in (("accept", TOWN), ("accept #1", DIRECT), ("#1 accept", DIRECT), ("accept", desk_place())):
        desk = Desk()
        tell, _ = asked(desk)
        desk.stands(tell.message_id or 0)
        found = desk.commands(words, BOB, place=place)
        assert desk.run().owner_id == "bob"
        assert "✅ You took over **[Checkout is down]" in one(found, do.Answer).content.text
        assert one(found, do.Tell).person_id == "alice"
        closed = next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
        assert closed.content.text == one(found, do.Answer).content.text
        assert one(desk.commands(words, BOB, place=place), do.Refuse).title == "Nobody asked you"


def test_who_cannot_says_so_by_command_and_the_owner_is_told() -> None:
    desk = Desk()
    asked(desk)
    found = desk.commands("decline", BOB, place=DIRECT)
    assert desk.run().owner_id == "alice"
    assert "You did not take over" in one(found, do.Answer).content.text
    assert "cannot take over" in one(found, do.Tell).content.text
    assert "still owns this run" in one(found, do.Post).content.text


def test_others_are_told_whose_answer_is_waited_for_where_they_may_know() -> None:
    desk = Desk()
    assert one(desk.commands("accept"), do.Refuse).title == "Nobody asked you"
    asked(desk)
    for who, place, title in (
        (ALICE, desk_place(), "Somebody else was asked"),
        (CARLA, desk_place(), "Nobody asked you"),
        (ALICE, DIRECT, "Nobody asked you"),
    ):
        assert one(desk.commands("accept", who, place=place), do.Refuse).title == title
    assert one(desk.commands("accept #1", ADMIN), do.Refuse).text == "Only @bob can answer this."
    assert desk.run().owner_id == "alice"


def test_who_is_asked_about_several_runs_names_one() -> None:
    desk = Desk()
    first = started_run(desk)
    desk.commands("run incident-response Search is down")
    second = desk.opens(2, "search-is-down-2")
    for place in (first, second):
        desk.commands("handover @bob", place=place)
    assert "- **Checkout is down**: `/playbook accept #1`" in one(desk.commands("accept", BOB), do.Answer).content.text
    desk.commands("accept", BOB, place=second)
    assert (desk.run(1).owner_id, desk.run(2).owner_id) == ("alice", "bob")
    desk.commands("accept", BOB)
    assert desk.run(1).owner_id == "bob"


def test_a_finished_run_waits_for_no_answer() -> None:
    desk = Desk()
    asked(desk)
    desk.commands("finish now", place=desk_place())
    assert one(desk.commands("accept", BOB, place=desk_place()), do.Refuse).title == "Nobody asked you"


def test_another_handover_or_a_change_of_owner_withdraws_the_question() -> None:
    for words in ("handover @carla", "owner @carla"):
        desk = Desk()
        tell, _ = asked(desk)
        desk.stands(tell.message_id or 0)
        found = desk.commands(words, place=desk_place())
        edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
        assert "settled otherwise" in edit.content.text
        take = button(tell, "Take over")
        assert one(desk.presses(take.action, take.arg, BOB), do.Refuse).title == "Already settled"


def desk_place() -> Place:
    return Place(id="channel1", team_id="t1", kind="P", name="checkout-is-down-1")


def test_asking_the_same_person_twice_asks_once() -> None:
    desk = Desk()
    asked(desk)
    found = desk.commands("handover @bob", place=desk_place())
    assert "already asked @bob" in one(found, do.Answer).content.text
    assert all_of(found, do.Tell) == []


def test_whoever_asks_for_it_themselves_has_it_at_once() -> None:
    desk = Desk()
    place = started_run(desk)
    found = desk.commands("handover me", BOB, place=place)
    assert "You own **Checkout is down** now" in one(found, do.Answer).content.text
    assert desk.run().owner_id == "bob"


def test_the_button_on_the_card_asks_with_a_dialog() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("handover.ask", 1, place=place), do.Ask).dialog
    assert "to" in one(desk.submits(dialog, to="alice"), do.Correct).errors
    found = desk.submits(dialog, to="bob", words="Please", place=place)
    assert {tell.person_id for tell in all_of(found, do.Tell)} == {"bob", "alice"}
    assert one(desk.commands("handover", place=place), do.Ask).dialog.action == dialog.action
    assert one(desk.commands("handover", place=place, trigger=""), do.Refuse).title == "Who?"
    assert one(desk.presses("handover.ask", 1, CARLA), do.Refuse).title == "Only for participants"


def test_who_is_asked_may_be_briefed_before_answering() -> None:
    desk = Desk()
    tell, _ = asked(desk, "handover @carla")
    brief = button(tell, "Brief me")
    assert "in progress since" in one(desk.presses(brief.action, brief.arg, CARLA), do.Tell).content.text


def test_who_was_asked_is_briefed_no_more_when_the_run_is_over() -> None:
    desk = Desk()
    tell, _ = asked(desk, "handover @carla")
    desk.commands("#1 finish now")
    brief = button(tell, "Brief me")
    assert "Checkout" not in str(one(desk.presses(brief.action, brief.arg, CARLA), do.Refuse))


def test_reminders_go_to_the_new_owner() -> None:
    desk = Desk()
    tell, _ = asked(desk)
    take = button(tell, "Take over")
    desk.presses(take.action, take.arg, BOB)
    desk.later(minutes=31)
    assert one(desk.what_is_due(), do.Post).content.text.startswith("@bob ")


ROLES = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "roles": [
            "commander",
            {"name": "scribe", "person": "@bob"},
            {"name": "on-call", "rota": {"people": ["@carla", "@bob"], "every": "1w", "from": "2026-11-16"}},
        ],
        "checklists": [{"title": "First", "tasks": [{"title": "Write down", "assignee": "scribe"}]}],
    }
)


def test_roles_have_who_the_playbook_names_or_whose_turn_it_is() -> None:
    desk = Desk(ROLES)
    place = started_run(desk)
    said = one(desk.commands("roles", place=place), do.Answer).content.text
    assert "commander · nobody" in said
    assert "scribe · @bob" in said
    assert "on-call · @bob" in said  # the second week of the rota
    invite = one([effect for effect in desk.sent if isinstance(effect, do.Invite)], do.Invite)
    assert "bob" in invite.person_ids


def test_a_rota_goes_round() -> None:
    rota = ROLES.roles[2].rota
    assert rota is not None
    at = [rota.at(datetime(2026, 11, day, 12, tzinfo=UTC)) for day in (9, 16, 22, 23)]
    assert at == ["@bob", "@carla", "@carla", "@bob"]
    assert Playbook.model_validate(ROLES.definition()) == ROLES


def test_a_role_is_claimed_given_and_freed_and_its_tasks_follow() -> None:
    desk = Desk(ROLES)
    place = started_run(desk)
    assert "You are **commander** now" in one(desk.commands("role commander", place=place), do.Answer).content.text
    found = desk.commands("role scribe @carla", place=place)
    assert "@carla is **scribe** now" in one(found, do.Answer).content.text
    told = next(tell for tell in all_of(found, do.Tell) if tell.person_id == "carla")
    assert "made you **scribe**" in told.content.text
    assert "1.1" in told.content.text
    assert any("Write down · @carla" in str(edit.content) for edit in all_of(found, do.Edit))
    found = desk.commands("role scribe nobody", place=place)
    assert any("Write down · scribe" in str(edit.content) for edit in all_of(found, do.Edit))
    assert "already" in one(desk.commands("role scribe nobody", place=place), do.Answer).content.text


def test_a_guest_gives_a_role_to_those_who_are_in_the_run_and_brings_nobody_in_by_it() -> None:
    desk = Desk(ROLES)
    place = started_run(desk)
    desk.take(PersonJoined(at=desk.now, place=place, person=GUEST))
    found = desk.commands("role scribe @carla", by=GUEST, place=place)
    assert one(found, do.Refuse).title == "Not for guests"
    dialog = one(desk.presses("run.more", 1, by=GUEST, choice="role.ask", place=place), do.Ask).dialog
    asked = desk.submits(dialog, by=GUEST, role="scribe", person="carla", place=place)
    assert "person" in one(asked, do.Correct).errors
    assert all_of([*found, *asked], do.Invite) == []
    found = desk.commands("role commander @bob", by=GUEST, place=place)
    assert "@bob is **commander** now" in one(found, do.Answer).content.text
    assert "You are **scribe** now" in one(desk.commands("role scribe", by=GUEST, place=place), do.Answer).content.text
    assert one(desk.commands("role scribe @carla", by=BOB, place=place), do.Invite).person_ids == ("carla",)


def test_a_wrong_role_is_answered_with_the_nearest() -> None:
    desk = Desk(ROLES)
    place = started_run(desk)
    assert "Did you mean `/playbook role scribe`" in one(desk.commands("role scirbe", place=place), do.Refuse).text
    assert "owner @name" in one(desk.commands("role owner @bob", place=place), do.Refuse).text
    bare = Desk()
    assert "names no roles" in one(bare.commands("role scribe", place=started_run(bare)), do.Refuse).text


def roles_on_the_card(found: list[do.Effect]) -> str:
    """Return what the card comes to say of roles."""
    fields = [field for edit in all_of(found, do.Edit) for card in edit.content.cards for field in card.fields]
    return str(next(field.value for field in fields if field.title == "Roles"))


def test_the_menu_gives_a_role_with_a_dialog() -> None:
    desk = Desk(ROLES)
    place = started_run(desk)
    dialog = one(desk.presses("run.more", 1, choice="role.ask", place=place), do.Ask).dialog
    found = desk.submits(dialog, role="commander", person="bob", place=place)
    assert "@alice made you **commander**" in all_of(found, do.Tell)[0].content.text
    assert all_of(found, do.Post) == []
    assert "commander: @bob" in roles_on_the_card(found)
    found = desk.submits(dialog, role="commander", place=place)
    assert all_of(found, do.Post) == []
    assert "commander: nobody" in roles_on_the_card(found)


def test_who_leaves_frees_their_roles() -> None:
    desk = Desk(ROLES)
    place = started_run(desk)
    desk.commands("leave", BOB, place=place)
    assert "scribe · nobody" in one(desk.commands("roles", place=place), do.Answer).content.text


def test_a_task_for_a_role_that_is_not_there_is_a_mistake_in_the_playbook() -> None:
    book = {
        "title": "X",
        "roles": ["scribe"],
        "checklists": [{"title": "A", "tasks": [{"title": "B", "assignee": "scrib"}]}],
    }
    with pytest.raises(ValueError, match="did you mean scribe"):
        Playbook.model_validate(book)


def told_of(found: list[do.Effect], person: str) -> list[str]:
    """Return what somebody is told directly."""
    return [tell.content.text for tell in all_of(found, do.Tell) if tell.person_id == person]


def test_who_owned_a_run_is_told_by_whom_it_was_given_away_but_not_of_their_own_act() -> None:
    desk = Desk()
    place = started_run(desk)
    found = desk.commands("owner @carla", BOB, place=place)
    assert [("@bob made @carla the owner of" in text, "yours" in text) for text in told_of(found, "alice")] == [
        (True, True)
    ]
    (text,) = told_of(desk.commands("owner me", BOB, place=place), "carla")
    assert "@bob took over" in text
    assert told_of(desk.commands("owner @alice", BOB, place=place), "bob") == []


def test_who_hands_over_and_owned_it_is_told_of_the_answer_once_in_words_about_themselves() -> None:
    desk = Desk()
    asked(desk)
    assert len(told_of(desk.presses("handover.take", 1, BOB), "alice")) == 1
    desk = Desk()
    asked(desk)
    (text,) = told_of(desk.presses("handover.decline", 1, BOB), "alice")
    assert "You still own it" in text
    assert "@alice" not in text
