"""What a playbook does by itself: in its order, where its condition is met, once per run, and what becomes of it."""

from dataclasses import replace
from typing import Any

import pytest
from actions import book, position, posted, row, rows, settles
from desk import BOB, TOWN, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import (
    ChannelArranged,
    CommandRan,
    PeopleInvited,
    Undeliverable,
)
from handlers.playbooks.playbook import Playbook
from store import ActionRow


def test_what_starts_with_the_run_has_a_row_each_and_is_done() -> None:
    desk = Desk(book(channel={"header": "Be kind", "category": "Incidents"}, welcome="Hello"))
    started_run(desk)
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(BOB,), refused={}, action_id=row(desk, "invite").id))
    arranged = one(desk.sent, do.ArrangeChannel)
    assert (arranged.category, arranged.header) == ("Incidents", None)
    desk.take(ChannelArranged(at=desk.now, action_id=arranged.action_id, is_done=True))
    start = {key: one.state for key, one in rows(desk).items() if one.occasion == "start"}
    assert start == dict.fromkeys(("channel", "header", "category", "invite", "welcome"), "done")
    assert [one.state for one in rows(desk).values() if one.occasion != "start"] == ["waiting"] * 3


def test_a_post_is_waited_for_and_then_done_by_whom_it_follows() -> None:
    desk = Desk(book({"on": "finish", "post": "Thank you, @carla"}))
    place = started_run(desk)
    desk.commands("finish", by=BOB, place=place, trigger="")
    assert row(desk).caused_at is None, "it asks once more"
    found = desk.commands("finish now", by=BOB, place=place, trigger="")
    assert "Thank you, @carla" in posted(found)
    assert (row(desk).state, row(desk).by_id) == ("waiting", "bob")
    settles(desk)
    assert (row(desk).state, row(desk).settled_at, row(desk).times) == ("done", desk.now, 1)


def test_what_happens_twice_is_done_once_unless_it_repeats() -> None:
    desk = Desk(
        book(
            {"on": "task", "task": "Roll back", "post": "Rolled back."},
            {"on": "task", "task": "Roll back", "post": "Again.", "repeat": True},
        )
    )
    place = started_run(desk)
    assert posted(desk.commands("check 2.1", place=place)) == ["Rolled back.", "Again."]
    settles(desk)
    desk.commands("uncheck 2.1", place=place)
    assert posted(desk.commands("check 2.1", place=place)) == ["Again."]
    assert posted(desk.commands("check 2.2", place=place)) == []
    assert row(desk).times == 1


def test_a_task_that_was_renamed_is_still_followed_and_a_new_one_of_its_old_name_is_not() -> None:
    desk = Desk(book({"on": "task", "task": "Roll back", "post": "Rolled back."}))
    place = started_run(desk)
    desk.commands("edit 2.1 Roll back to 4.2", place=place)
    assert posted(desk.commands("check 2.1", place=place)) == ["Rolled back."]


def test_a_restart_lets_nothing_be_done_twice() -> None:
    desk = Desk(book({"on": "finish", "post": "Well done."}, {"on": "restart", "post": "Here we go again."}))
    place = started_run(desk)
    assert "Well done." in posted(desk.commands("finish now", place=place, trigger=""))
    settles(desk)
    assert "Here we go again." in posted(desk.commands("restart", place=place))
    assert "Well done." not in posted(desk.commands("finish now", place=place, trigger=""))


SEVERITY = [{"name": "Severity", "type": "select", "options": ["SEV-1", "SEV-3"]}]


def test_a_condition_that_is_not_met_skips_the_action_with_what_it_found_and_the_next_time_it_may_be() -> None:
    desk = Desk(book({"on": "finish", "post": "Call legal.", "when": {"attribute": "Severity", "is": "SEV-1"}},
                     attributes=SEVERITY))  # fmt: skip
    place = started_run(desk)
    assert "Call legal." not in posted(desk.commands("finish now", place=place, trigger=""))
    assert (row(desk).state, row(desk).why, row(desk).values) == ("skipped", "not_met", {"Severity": []})
    said = words_of(one(desk.commands("why #1", place=TOWN), do.Answer).content)
    assert "skipped 15:00 CET: it is done only where **Severity** is SEV-1 (it has no value)" in said


def test_a_failure_goes_on_with_what_comes_after_it_or_stops() -> None:
    goes_on = {"on": "finish", "post": "One", "channel": "~nowhere"}
    for how, states in (("continue", ["failed", "waiting"]), ("stop", ["failed", "skipped"])):
        desk = Desk(book(goes_on | {"if_it_fails": how}, {"on": "finish", "post": "Two"}))
        place = started_run(desk)
        found = desk.commands("finish now", place=place, trigger="")
        assert [row(desk, f"action:{number}").state for number in (1, 2)] == states
        assert ("Two" in posted(found)) is (how == "continue")
    assert row(desk, "action:2").why == "stopped"


def test_what_must_not_fail_is_known_to_be_done_before_the_next_begins() -> None:
    desk = Desk(book({"on": "finish", "post": "One", "if_it_fails": "stop"}, {"on": "finish", "post": "Two"}))
    place = started_run(desk)
    found = desk.commands("finish now", place=place, trigger="")
    assert "One" in posted(found)
    assert "Two" not in posted(found)
    assert posted(settles(desk)) == ["Two"]


def test_what_cannot_be_posted_stops_what_waits_for_it_and_who_can_mend_it_is_told_once() -> None:
    desk = Desk(book({"on": "finish", "post": "One", "if_it_fails": "stop"}, {"on": "finish", "post": "Two"},
                     admins=["@carla"]))  # fmt: skip
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    gone = Undeliverable(
        at=desk.now, effect="Post", reason="forbidden", message_id=row(desk).message_id, place_id=place.id
    )
    told = all_of(desk.take(gone), do.Tell)
    assert [one.person_id for one in told] == ["carla"]
    assert "was to post here: “One”, but that failed: the server does not let me" in told[0].content.text
    assert row(desk, "action:2").why == "stopped"
    assert all_of(desk.take(gone), do.Tell) == []


def test_of_a_failure_the_owner_is_told_where_the_playbook_has_no_admin() -> None:
    desk = Desk(book({"on": "finish", "post": "One", "channel": "~nowhere"}))
    place = started_run(desk)
    told = all_of(desk.commands("finish now", by=BOB, place=place, trigger=""), do.Tell)
    (failed,) = [one for one in told if "failed" in one.content.text]
    assert failed.person_id == "alice"
    assert "no such channel in this team, or I am not in it" in failed.content.text


def test_a_post_goes_to_the_channel_that_it_names_and_a_private_run_says_nothing_in_a_public_one() -> None:
    action = {"on": "finish", "post": "It is over.", "channel": "~town-square"}
    desk = Desk(book(action))
    place = started_run(desk)
    found = desk.commands("finish now", place=place, trigger="")
    assert [post.place_id for post in all_of(found, do.Post) if post.content.text == "It is over."] == ["town"]
    private = {"channel": {"visibility": "private"}, "updates": {}}
    desk = Desk(book(action, **private))
    place = started_run(desk)
    assert "It is over." not in posted(desk.commands("finish now", place=place, trigger=""))
    assert (row(desk).state, row(desk).why) == ("skipped", "kept")


def test_a_post_elsewhere_that_is_refused_closes_not_the_run() -> None:
    desk = Desk(book({"on": "update", "post": "News.", "channel": "~town-square"}))
    place = started_run(desk)
    desk.commands("update All is calm", place=place)
    refused = Undeliverable(
        at=desk.now, effect="Post", reason="archived", message_id=row(desk).message_id, place_id="town"
    )
    desk.take(refused)
    assert (row(desk).state, row(desk).why) == ("failed", "archived")
    assert desk.run().closed_place == ""


def test_in_a_channel_that_is_closed_nothing_is_posted() -> None:
    desk = Desk(book({"on": "finish", "post": "One"}))
    started_run(desk)
    with desk.database.transaction() as store:
        store.run(1).closed_place = "archived"  # type: ignore[union-attr]
    desk.commands("finish #1 now", place=TOWN, trigger="")
    assert (row(desk).state, row(desk).why) == ("failed", "closed")


def test_roles_and_people_are_invited_and_who_could_not_be_is_named_in_the_row() -> None:
    desk = Desk(book({"on": "update", "invite": ["scribe", "owner", "@carla"]},
                     roles=[{"name": "scribe", "person": "@bob"}]))  # fmt: skip
    place = started_run(desk)
    found = one(desk.commands("update All is calm", place=place), do.Invite)
    assert (found.person_ids, found.usernames, found.action_id) == (("bob", "alice"), ("carla",), row(desk).id)
    event = PeopleInvited(at=desk.now, run_id=1, added=(BOB,), refused={"carla": "not_in_team"}, action_id=row(desk).id)
    assert len(all_of(desk.take(event), do.Post)) == 1
    assert (row(desk).state, row(desk).why) == ("done", "not_added")


def test_who_cannot_be_invited_at_all_is_a_failure_that_was_told_in_the_channel() -> None:
    desk = Desk(book({"on": "update", "invite": ["@carla"]}))
    place = started_run(desk)
    desk.commands("update All is calm", place=place)
    event = PeopleInvited(at=desk.now, run_id=1, added=(), refused={"carla": "unknown"}, action_id=row(desk).id)
    found = desk.take(event)
    assert row(desk).state == "failed"
    assert (len(all_of(found, do.Post)), all_of(found, do.Tell)) == (1, [])


def test_a_role_that_nobody_has_is_skipped() -> None:
    desk = Desk(book({"on": "update", "invite": ["scribe"]}, roles=["scribe"]))
    place = started_run(desk)
    desk.commands("update All is calm", place=place)
    assert (row(desk).state, row(desk).why) == ("skipped", "nobody")


@pytest.mark.parametrize(
    ("why", "state"), [("no_groups", "skipped"), ("no_group", "failed"), ("groups_forbidden", "failed")]
)
def test_a_group_has_a_row_of_its_own_which_says_why_nobody_knows_who_is_in_it(why: Any, state: str) -> None:
    desk = Desk(book(invite=["@bob", "group:sre"]))
    started_run(desk)
    invites = {effect.group: effect for effect in desk.sent if isinstance(effect, do.Invite)}
    assert invites[""].usernames == ("bob",)
    of_group = row(desk, "invite:sre")
    assert invites["sre"].action_id == of_group.id
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(), refused={}, action_id=of_group.id, no_group=why))
    assert (row(desk, "invite:sre").state, row(desk, "invite:sre").why) == (state, why)


def test_of_a_large_group_not_all_who_could_not_be_added_are_named() -> None:
    desk = Desk(book(invite=["group:sre"]))
    started_run(desk)
    refused: Any = {f"p{number}": "not_in_team" for number in range(50)}
    event = PeopleInvited(at=desk.now, run_id=1, added=(), refused=refused, action_id=row(desk, "invite:sre").id)
    assert (
        "@p19 (not in this team; invite them to the team, then to this channel), and 30 others."
        in posted(desk.take(event))[0]
    )


def test_without_categories_the_row_says_so() -> None:
    desk = Desk(book(channel={"category": "Incidents"}))
    started_run(desk)
    desk.take(ChannelArranged(at=desk.now, action_id=row(desk, "category").id, is_done=False))
    assert (row(desk, "category").state, row(desk, "category").why) == ("skipped", "no_categories")


def test_a_channel_that_was_there_keeps_its_header() -> None:
    desk = Desk(book(channel={"use": "~town-square", "header": "Be kind"}))
    desk.commands("run incident-response Down")
    assert {row(desk, "channel").state, row(desk, "header").why} == {"done", "there_before"}


def test_a_channel_that_cannot_be_opened_is_a_failure_told_by_nothing_more() -> None:
    desk = Desk(book())
    desk.commands("run incident-response Down")
    event = Undeliverable(at=desk.now, effect="OpenChannel", reason="forbidden", run_id=1)
    assert len(all_of(desk.take(event), do.Tell)) == 1
    assert (row(desk, "channel").state, row(desk, "channel").why) == ("failed", "forbidden")


def test_a_command_is_offered_and_run_at_a_press_once() -> None:
    desk = Desk(book({"on": "task", "task": "Roll back", "command": "/deploy status"}))
    desk.here = replace(desk.here, may_run=("/deploy",))
    place = started_run(desk)
    offer = next(
        post for post in all_of(desk.commands("check 2.1", place=place), do.Post) if "offers" in post.content.text
    )
    (button,) = offer.content.cards[0].controls
    desk.stands(offer.message_id)
    assert (row(desk).state, row(desk).settled_at) == ("waiting", None)
    ran = one(desk.presses(button.action, button.arg, by=BOB, place=place), do.RunCommand)
    assert (ran.command, ran.action_id, ran.by_id) == ("/deploy status", row(desk).id, "bob")
    event = CommandRan(
        at=desk.now, task_id=0, by_id="bob", command="/deploy status", answer="ok", action_id=ran.action_id
    )
    shown = one(desk.take(event), do.Edit).content
    assert (words_of(shown), shown.cards) == ("▶ @bob ran `/deploy status`. “ok”", ())
    assert row(desk).state == "done"
    assert "was run" in one(desk.presses(button.action, button.arg, by=BOB, place=place), do.Refuse).text


def test_a_command_that_the_bot_may_not_run_is_handed_over() -> None:
    desk = Desk(book({"on": "task", "task": "Roll back", "command": "/deploy status"}))
    place = started_run(desk)
    desk.commands("check 2.1", place=place)
    said = one(desk.commands(f"why run {position(desk)}", place=place), do.Answer).content.text
    assert "not on my administrator's list" in said
    assert all_of(desk.sent, do.RunCommand) == []


def test_a_command_that_nobody_has_confirmed_is_offered_and_handed_over() -> None:
    desk = Desk(book({"on": "update", "command": "/deploy status"}))
    desk.here = replace(desk.here, may_run=("/deploy",))
    place = started_run(desk)
    with desk.database.transaction() as store:
        store.playbook(1).held = ["commands"]  # type: ignore[union-attr]
    found = desk.commands("update All is calm", place=place)
    assert any("offers" in text for text in posted(found))
    said = one(desk.commands(f"why run {position(desk)}", place=place), do.Answer).content.text
    assert "is not confirmed" in said
    assert all_of(desk.sent, do.RunCommand) == []


AFTER = Playbook.model_validate({"title": "Customer follow-up", "name": "Ask customers {number}"})


def test_a_follow_up_is_started_in_the_name_of_who_finished_the_run() -> None:
    desk = Desk(book({"on": "finish", "run": "customer-follow-up"}), AFTER)
    place = started_run(desk)
    desk.commands("finish now", by=BOB, place=place, trigger="")
    assert row(desk).state == "waiting"
    found = desk.what_is_due()
    opened = one(found, do.OpenChannel)
    assert (opened.run_id, desk.run(2).creator_id, desk.run(2).name) == (2, "bob", "Ask customers 2")
    assert "**Ask customers 2** (run 2, Customer follow-up)" in posted(found)[0]
    assert (row(desk).state, row(desk).made_run_id) == ("done", 2)
    assert desk.what_is_due() == []


def test_a_run_that_was_started_by_mistake_has_no_follow_up() -> None:
    desk = Desk(book({"on": "finish", "run": "customer-follow-up"}, {"on": "finish", "post": "It is over."}), AFTER)
    place = started_run(desk)
    assert "It is over." in posted(desk.commands("finish by mistake", place=place, trigger=""))
    assert all_of(desk.what_is_due(), do.OpenChannel) == []
    assert (row(desk).state, row(desk).why) == ("skipped", "mistaken")


def test_who_may_not_start_the_follow_up_starts_it_not_by_finishing() -> None:
    private = AFTER.model_copy(update={"members": ("@carla",)})
    desk = Desk(book({"on": "finish", "run": "customer-follow-up"}), private)
    place = started_run(desk)
    desk.commands("finish now", by=BOB, place=place, trigger="")
    assert all_of(desk.what_is_due(), do.OpenChannel) == []
    assert (row(desk).state, row(desk).why) == ("failed", "refused")


def test_a_follow_up_that_is_no_playbook_of_the_team_is_a_failure() -> None:
    desk = Desk(book({"on": "finish", "run": "nothing"}))
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    desk.what_is_due()
    assert (row(desk).state, row(desk).why) == ("failed", "no_playbook")


def test_playbooks_that_start_each_other_end() -> None:
    one_way = book({"on": "start", "run": "customer-follow-up"})
    back = Playbook.model_validate(
        {"title": "Customer follow-up", "actions": [{"on": "start", "run": "incident-response"}]}
    )
    desk = Desk(one_way, back)
    started_run(desk)
    for run_id in range(2, 9):
        if all_of(desk.what_is_due(), do.OpenChannel):
            desk.opens(run_id)
    assert desk.ask(lambda store: len(store.runs(99))) == 2
    assert row_of(desk, 2).why == "circle"


def row_of(desk: Desk, run_id: int) -> ActionRow:
    return rows(desk, run_id)["action:1"]


def test_a_run_that_was_deleted_starts_nothing_more() -> None:
    desk = Desk(book({"on": "finish", "run": "customer-follow-up"}), AFTER)
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    dialog = one(desk.commands("delete #1", place=TOWN), do.Ask).dialog
    desk.submits(dialog)
    assert all_of(desk.what_is_due(), do.OpenChannel) == []
