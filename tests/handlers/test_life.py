"""The life of a run: its name, its channel, its end and second beginning, and several runs in one place."""

from datetime import timedelta
from typing import Any

from desk import ADMIN, ALICE, BOB, CARLA, INCIDENT, TOWN, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import JobDue, MessagePosted, PeopleInvited, Place, PlaceReopened
from handlers.playbooks.playbook import Playbook
from store import KnownPlace


def book(**more: Any) -> Playbook:
    return Playbook.model_validate(INCIDENT.model_dump(mode="json", exclude_defaults=True) | more)


def answer(effects: list[do.Effect]) -> do.Content:
    content: do.Content = one(effects, do.Answer).content
    return content


def card_of(effects: list[do.Effect], run: str) -> do.Card:
    return next(card for edit in all_of(effects, do.Edit) for card in edit.content.cards if card.title == run)


def due(desk: Desk) -> list[do.Effect]:
    found: list[do.Effect] = []
    for id in desk.ask(lambda store: list(store.due_jobs(desk.now, 99))):
        found += desk.take(JobDue(at=desk.now, job_id=id))
    return found


def ops(desk: Desk, kind: Any = "O", *, is_member: bool = True) -> Place:
    """Let there be another channel of the team."""
    desk.ask(
        lambda store: store.learn(
            KnownPlace(id="ops", team_id="t1", name="ops", kind=kind, is_member=is_member, seen_at=desk.now)
        )
    )
    return Place(id="ops", team_id="t1", kind=kind, name="ops", title="Ops")


# -- name and summary


def test_a_new_name_changes_the_card_and_the_channel_and_is_undone() -> None:
    desk = Desk()
    place = started_run(desk)
    found = desk.commands("rename Payments are down", place=place)
    assert one(found, do.ChangeChannel).title == "Payments are down"
    assert card_of(found, "Payments are down")
    assert "it was **Checkout is down**" in answer(found).text
    undo = answer(found).cards[0].controls[0]
    back = desk.presses(undo.action, undo.arg, place=place)
    assert one(back, do.ChangeChannel).title == "Checkout is down"
    assert desk.run().name == "Checkout is down"
    assert one(desk.presses(undo.action, undo.arg, place=place), do.Refuse).title == "Changed again since"


def test_the_dialog_changes_both_and_an_empty_name_is_refused() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("run.more", 1, choice="run.describe", place=place), do.Ask).dialog
    assert one(desk.submits(dialog, name=" ", summary="x", place=place), do.Correct).errors["name"]
    desk.submits(dialog, name="Payments", summary="All of them.", place=place)
    assert (desk.run().name, desk.run().summary) == ("Payments", "All of them.")
    assert "already" in answer(desk.commands("rename Payments", place=place)).text
    assert one(desk.commands("rename " + "x" * 151, place=place), do.Refuse)
    assert one(desk.commands("summary", place=place, trigger=""), do.Refuse)


# -- the end, and a second beginning


def test_restart_brings_all_back_as_it_was_and_plans_reminders_again() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("check 1.1", place=place)
    desk.later(minutes=5)
    finished = desk.commands("finish now", place=place)
    card = card_of(finished, "Checkout is down")
    assert [control.label for control in card.controls] == ["Restart", "Timeline", "More…"]
    desk.later(minutes=1)
    found = desk.presses("run.restart", 1, place=place)
    run = desk.run()
    assert (run.state, run.finished_at, run.finished_by) == ("active", None, "")
    assert run.update_due_at == desk.now + timedelta(minutes=30)
    kinds = desk.ask(lambda store: {store.job(id).kind for id in store.due_jobs(desk.now + timedelta(1), 9)})
    assert {"update", "task_due"} <= kinds
    assert "took **Checkout is down** up again" in all_of(found, do.Post)[0].content.text
    assert any("[x] ~~1.1" in words_of(card) for edit in all_of(found, do.Edit) for card in edit.content.cards)
    assert "Still in progress" in one(desk.commands("restart", place=place), do.Refuse).title


def test_a_channel_is_archived_a_while_after_the_end_where_the_playbook_says_so_and_restored_with_the_run() -> None:
    desk = Desk(book(channel={"visibility": "private", "archive": True}))
    place = started_run(desk)
    desk.commands("finish now", place=place)
    assert all_of(due(desk), do.ChangeChannel) == []
    desk.later(minutes=6)
    assert one(due(desk), do.ChangeChannel).archived is True
    assert all_of(desk.commands("#1 restart", place=TOWN), do.ChangeChannel)[0].archived is False
    back = desk.take(PlaceReopened(at=desk.now, place_id=place.id))
    assert card_of(back, "Checkout is down").controls[0].label == "✓ 1.1 Acknowledge the alert"
    assert desk.run().closed_place == ""


def test_a_run_that_goes_on_in_time_keeps_its_channel() -> None:
    desk = Desk(book(channel={"visibility": "private", "archive": True}))
    place = started_run(desk)
    desk.commands("finish now", place=place)
    desk.commands("restart", place=place)
    desk.later(minutes=6)
    assert all_of(due(desk), do.ChangeChannel) == []


# -- places


def test_a_run_starts_in_the_channel_where_it_is_wished_for() -> None:
    desk = Desk()
    found = desk.commands("run incident-response here Checkout", trigger="")
    assert all_of(found, do.OpenChannel) == []
    run = desk.run()
    assert (run.channel_id, run.own_channel, run.name, run.state) == ("town", False, "Checkout", "active")
    assert {post.place_id for post in all_of(found, do.Post)} == {"town"}
    refused = one(desk.commands("run incident-response here Other", place=Place(id="x", team_id="t1")), do.Refuse)
    assert "/invite @muster" in refused.text


def test_a_playbook_may_name_the_channel_that_its_runs_use() -> None:
    desk = Desk(book(channel={"use": "~town-square"}))
    found = desk.commands("run incident-response Checkout")
    assert {post.place_id for post in all_of(found, do.Post)} == {"town"}
    lost = Desk(book(channel={"use": "~nowhere"}))
    found = lost.commands("run incident-response Checkout")
    assert one(found, do.OpenChannel)
    assert "&#126;nowhere" in one(found, do.Tell).content.text


def test_a_run_moves_here_with_its_messages() -> None:
    desk = Desk()
    old = started_run(desk)
    new = ops(desk)
    found = desk.commands("movehere #1", place=new)
    assert len(all_of(found, do.Delete)) == 3
    assert {post.place_id for post in all_of(found, do.Post)} == {"ops", old.id}
    assert "moved **Checkout is down** to ~ops" in all_of(found, do.Post)[0].content.text
    assert desk.run().channel_id == "ops"
    assert "already" in one(desk.commands("movehere #1", place=new), do.Refuse).text
    assert "is done" in answer(desk.commands("check 1.1", place=new)).text


def test_a_run_is_moved_by_dialog_to_public_channels_alone() -> None:
    desk = Desk()
    place = started_run(desk)
    ops(desk, "P")
    dialog = one(desk.presses("run.more", 1, choice="run.move", place=place), do.Ask).dialog
    assert "private" in one(desk.submits(dialog, place=place, channel="ops"), do.Correct).errors["channel"]
    assert "private" in one(desk.commands("move-run ~ops", place=place), do.Refuse).text
    ops(desk)
    assert desk.run().channel_id == place.id
    desk.submits(dialog, place=place, channel="ops")
    assert desk.run().channel_id == "ops"
    assert one(desk.commands("movehere #1", by=CARLA, place=place), do.Refuse)


def test_where_several_runs_are_in_progress_the_number_or_a_menu_tells_which_is_meant() -> None:
    desk = Desk()
    for name in ("Checkout", "Search"):
        desk.commands(f"run incident-response here {name}")
    asked = answer(desk.commands("check 1.1"))
    assert "**#1** Checkout" in words_of(asked.cards[0])
    assert "**#2** Search" in words_of(asked.cards[0])
    menu = asked.cards[0].controls[0]
    assert "is done" in answer(desk.presses(menu.action, menu.arg, choice="2")).text
    states = desk.ask(lambda store: [store.tasks(run_id)[0].state for run_id in (1, 2)])
    assert states == ["open", "done"]
    assert "is done" in answer(desk.commands("#1 check 1.1")).text
    assert "is done" in answer(desk.commands("check #1 1.2")).text
    assert "There is no run 9" in one(desk.commands("#9 check 1.1"), do.Refuse).text
    desk.commands("#2 finish now")
    assert "is open again" in answer(desk.commands("uncheck 1.1")).text


def test_only_who_may_finish_a_strict_run_takes_it_up_again_beside_another_one() -> None:
    place = {"visibility": "public", "use": "~town-square"}
    strict = book(key="strict", title="Strict", start="now", channel=place, only_owner_finishes=True)
    desk = Desk(strict, book(key="loose", title="Loose", start="now", channel=place))
    desk.commands("run strict Checkout", trigger="")
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(BOB,), refused={}))
    desk.commands("#1 finish now")
    desk.commands("run loose Search", by=CARLA, trigger="")
    desk.take(PeopleInvited(at=desk.now, run_id=2, added=(ALICE, BOB), refused={}))
    assert "**Search** is not finished" in one(desk.commands("restart", by=BOB), do.Refuse).text
    assert "Only the owner" in one(desk.commands("restart #1", by=BOB), do.Refuse).text
    assert not desk.run(1).is_active
    assert "**[Checkout]" in answer(desk.commands("restart")).text
    assert desk.run(1).is_active


# -- a checklist without a playbook


def test_a_bare_checklist_needs_no_playbook_and_everybody_there_works_on_it() -> None:
    desk = Desk()
    found = desk.commands("checklist Before the release; Freeze; Tag it", trigger="")
    assert "with 2 tasks" in answer(found).text
    assert any("Freeze" in words_of(card) for post in all_of(found, do.Post) for card in post.content.cards)
    assert "is done" in answer(desk.commands("check 1.1", by=CARLA)).text
    assert one(desk.presses("update.ask", 1, by=BOB), do.Ask)
    desk.commands("finish now", by=CARLA)
    assert desk.run().state == "finished"


def test_a_bare_checklist_in_a_direct_message() -> None:
    desk = Desk()
    talk = Place(id="dm", kind="D", name="alice__bot")
    desk.commands("checklist My day; Coffee", place=talk)
    assert "is done" in answer(desk.commands("check 1.1", place=talk)).text
    others = Place(id="dm2", kind="D", name="alice__bob")
    assert "Write to me directly" in one(desk.commands("checklist Ours; Tea", place=others), do.Refuse).text
    dialog = one(desk.commands("checklist", place=talk), do.Ask).dialog
    desk.submits(dialog, title="More", tasks="One\n\nTwo", place=talk)
    assert [task.title for task in desk.ask(lambda store: store.tasks(2))] == ["One", "Two"]
    assert one(desk.submits(dialog, title=" ", tasks="", place=talk), do.Correct).errors["title"]


# -- made by mistake


def test_a_run_made_by_mistake_is_taken_away_and_nobody_finds_it() -> None:
    desk = Desk()
    place = started_run(desk)
    assert one(desk.commands("delete", by=BOB, place=place), do.Refuse)
    dialog = one(desk.commands("delete", place=place), do.Ask).dialog
    found = desk.submits(dialog, place=place)
    assert len(all_of(found, do.Delete)) >= 3
    assert "is deleted" in one(found, do.Answer).content.text
    assert desk.ask(lambda store: (store.run(1), list(store.runs(9)), list(store.runs_in(place.id)))) == (None, [], [])
    desk.later(minutes=1)
    assert one(due(desk), do.ChangeChannel).archived is True
    assert "no run" in one(desk.commands("check 1.1", place=place), do.Refuse).text
    desk.later(days=1)
    assert due(desk) == []


def test_a_deleted_run_leaves_a_shared_channel_as_it_was() -> None:
    desk = Desk()
    desk.commands("run incident-response here Checkout")
    found = desk.commands("delete now", by=ADMIN)
    assert one(found, do.Answer)
    desk.later(days=1)
    assert all_of(due(desk), do.ChangeChannel) == []


def test_a_role_that_was_given_and_freed_stands_in_the_timeline() -> None:
    desk = Desk(book(roles=["scribe"]))
    place = started_run(desk)
    desk.commands("role scribe @bob", place=place)
    desk.commands("role scribe nobody", place=place)
    page = answer(desk.commands("timeline", place=place)).cards[0]
    assert "@alice made @\u2060bob scribe" in words_of(page)
    assert "@alice freed the role scribe" in words_of(page)
    labels = [option.text for control in page.controls if isinstance(control, do.Menu) for option in control.options]
    assert [label for label in labels if "scribe" in label or "start" in label] == [
        "5 · scribe: nobody", "4 · scribe: @bob", "1 · started",
    ]  # fmt: skip


# -- the card


def test_the_card_shows_roles_variables_and_what_is_due_next() -> None:
    desk = Desk(book(roles=["scribe", {"name": "commander", "person": "@bob"}]))
    place = started_run(desk)
    early = card_of(desk.commands("set ticket A_1", place=place), "Checkout is down")
    fields = {field.title: field.value for field in early.fields}
    assert fields["Roles"] == "scribe: nobody · commander: @bob"
    assert fields["Variables"] == "ticket: A_1"
    assert fields["Next due"].startswith("**1.2** Open a bridge call · ")
    desk.later(minutes=20)
    late = card_of(desk.commands("check 1.1", place=place), "Checkout is down")
    assert "overdue since" in {field.title: field.value for field in late.fields}["Next"]


def test_the_moved_card_is_pinned_again() -> None:
    desk = Desk()
    started_run(desk)
    found = desk.commands("movehere #1", place=ops(desk))
    posts = [post for post in all_of(found, do.Post) if post.content.cards]
    card = next(post for post in posts if post.content.cards[0].title == "Checkout is down")
    assert one(desk.take(MessagePosted(at=desk.now, message_id=card.message_id, post_id="n")), do.Pin)
    assert ALICE.id == desk.run().owner_id
