"""Giving tasks to people and roles: they are told, can do it from there, and what they were told stays true."""

from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, GUEST, INCIDENT, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import JobDue, PersonJoined, Place
from handlers.playbooks.playbook import Playbook
from store import RoleHolder

RUN = Place(id="channel1", team_id="t1", kind="P")


def begun(*books: Playbook) -> Desk:
    desk = Desk(*books)
    started_run(desk)
    return desk


def told(effects: list[do.Effect], kind: str = "📌") -> list[do.Tell]:
    return [tell for tell in all_of(effects, do.Tell) if tell.content.text.startswith(kind)]


def shown(desk: Desk, effects: list[do.Effect], tell: do.Tell) -> str:
    """Return what an edit makes of what somebody was told."""
    edits = [edit for edit in all_of(effects, do.Edit) if edit.message_id == tell.message_id]
    return " ".join([edits[-1].content.text, *(words_of(card) for card in edits[-1].content.cards)]) if edits else ""


def test_who_gets_a_task_is_told_with_what_to_do() -> None:
    desk = begun()
    found = desk.commands("assign 2.1 @bob", place=RUN)
    tell = one(told(found), do.Tell)
    assert tell.person_id == "bob"
    assert tell.content.text.startswith("📌 A task for you: **2.1** Roll back · [Checkout is down](https://")
    assert [control.label for control in tell.content.cards[0].controls] == ["Done", "Start", "Open"]
    assert "is for @bob now" in one(found, do.Answer).content.text
    assert one(found, do.Answer).content.cards[0].controls[0].label == "Undo"


def test_several_people_are_all_told_once_but_not_oneself() -> None:
    desk = begun()
    found = desk.commands("assign 2.1-2.2 me @bob and @carla", place=RUN)
    assert [tell.person_id for tell in told(found)] == ["bob", "carla"]
    assert "1 more open task of this run is yours; `/playbook todo` shows it" in told(found)[0].content.cards[0].text
    assert desk.ask(lambda store: store.task(3).assignees) == ["alice", "bob", "carla"]
    again = desk.commands("assign 2.1 @bob", place=RUN)
    assert told(again) == []
    assert "already" in one(desk.commands("assign 2.1 @bob", place=RUN), do.Answer).content.text


def test_who_is_not_in_the_run_is_brought_in_with_the_task() -> None:
    desk = begun()
    assert one(desk.commands("assign 2.1 @carla", place=RUN), do.Invite).person_ids == ("carla",)
    assert all_of(desk.commands("assign 2.2 @bob", place=RUN), do.Invite) == []


def test_a_guest_gives_tasks_only_to_those_who_are_in_the_run() -> None:
    desk = begun()
    desk.take(PersonJoined(at=desk.now, place=RUN, person=GUEST))
    assert "is for @bob now" in one(desk.commands("assign 2.1 @bob", place=RUN, by=GUEST), do.Answer).content.text
    assert one(desk.commands("assign 2.1 @carla", place=RUN, by=GUEST), do.Refuse)
    dialog = one(desk.presses("task.choose", 2, choice="3", by=GUEST), do.Ask).dialog
    assert "assignee" in one(desk.submits(dialog, by=GUEST, assignee="carla"), do.Correct).errors
    assert desk.ask(lambda store: store.task(3).assignees) == ["bob"]


def test_the_assignee_opens_all_of_the_task_from_the_direct_message() -> None:
    desk = begun()
    tell = one(told(desk.commands("assign 2.1 @bob", place=RUN)), do.Tell)
    look = tell.content.cards[0].controls[-1]
    talk = Place(id="talk", kind="D", name="bob__bot")
    dialog = one(desk.presses(look.action, look.arg, BOB, place=talk), do.Ask).dialog
    assert dialog.title == "Task 2.1"
    desk.submits(dialog, BOB, title="Roll back", state="done", place=talk)
    assert desk.ask(lambda store: store.task(3).state) == "done"


def test_what_the_assignee_does_there_shows_in_the_channel_and_the_other_way_round() -> None:
    desk = begun()
    tell = one(told(desk.commands("assign 2.1 @bob", place=RUN)), do.Tell)
    desk.stands(tell.message_id or 0)
    started = desk.presses("task.start", 3, by=BOB, message=0)
    assert "In progress" in shown(desk, started, tell)
    assert any("in progress · @bob" in words_of(edit.content.cards[0]) for edit in all_of(started, do.Edit))
    done = desk.presses("task.done", 3, by=ALICE)
    assert "✅ **2.1** ~~Roll back~~ is done · @alice" in shown(desk, done, tell)
    opened = desk.commands("uncheck 2.1", place=RUN)
    assert "📌 A task for you" in shown(desk, opened, tell)
    assert "no longer assigned to you" in shown(desk, desk.commands("assign 2.1 nobody", place=RUN), tell)
    assert "📌" in shown(desk, desk.commands("undo", place=RUN), tell)
    assert "was removed" in shown(desk, desk.commands("remove 2.1", place=RUN), tell)
    desk.commands("undo", place=RUN)
    assert "is finished; **2.1** “Roll back” stays open" in shown(desk, desk.commands("finish now", place=RUN), tell)


def test_who_gets_a_task_again_is_told_again_and_the_old_word_goes() -> None:
    desk = begun()
    first = one(told(desk.commands("assign 2.1 @bob", place=RUN)), do.Tell)
    desk.commands("assign 2.1 nobody", place=RUN)
    found = desk.commands("assign 2.1 @bob", place=RUN)
    assert one(found, do.Delete).message_id == first.message_id
    assert one(told(found), do.Tell).message_id != first.message_id


def test_a_task_for_a_role_follows_who_has_it() -> None:
    desk = begun()
    desk.ask(lambda store: store.add(RoleHolder(run_id=1, role="scribe", person_id="bob")))
    found = desk.commands("assign 2.1 scribe", place=RUN)
    assert one(told(found), do.Tell).person_id == "bob"
    assert desk.ask(lambda store: store.task(3).assignees) == ["role:scribe"]
    found = desk.commands("owner @bob", place=RUN)
    desk.commands("assign 2.2 owner", place=RUN)
    assert any(
        "**2.2** Tell support · @bob" in words_of(edit.content.cards[0])
        for edit in desk.sent
        if isinstance(edit, do.Edit) and edit.content.cards
    )


def test_a_word_that_is_nobody_is_refused_with_the_roles_there_are() -> None:
    desk = begun()
    refused = one(desk.commands("assign 2.1 somebody-else", place=RUN), do.Refuse).text
    assert "I know nobody called “somebody-else”" in refused
    assert "owner, creator" in refused
    assert "For whom" in one(desk.commands("assign 2.1", place=RUN, trigger=""), do.Refuse).title
    assert one(desk.commands("assign 2.1", place=RUN), do.Ask).dialog.action == "task.save"


def test_the_dialog_keeps_roles_and_several_people_as_they_are() -> None:
    desk = begun()
    desk.commands("assign 1.1 owner @bob @carla", place=RUN)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    values: dict[str, Any] = {entry.name: entry.default for entry in dialog.entries}
    assert (values["assignee"], values["others"]) == ("alice", "@bob, @carla")
    desk.submits(dialog, **values)
    assert desk.ask(lambda store: store.task(1).assignees) == ["role:owner", "bob", "carla"]
    desk.submits(dialog, **values | {"assignee": "carla", "others": ""})
    assert desk.ask(lambda store: store.task(1).assignees) == ["carla"]


@pytest.mark.parametrize(
    ("before", "shown", "filled", "after"),
    [
        ("owner", ("alice", ""), {"assignee": "bob"}, ["bob"]),
        ("owner", ("alice", ""), {"others": "@bob"}, ["role:owner", "bob"]),
        ("owner", ("alice", ""), {"assignee": ""}, []),
        ("@carla owner", ("carla", "owner"), {"assignee": "bob"}, ["bob", "role:owner"]),
        ("@bob", ("bob", ""), {"assignee": "carla", "others": "scribe"}, ["carla", "role:scribe"]),
        ("scribe", ("", ""), {}, ["role:scribe"]),
        ("scribe", ("", ""), {"assignee": "bob"}, ["bob"]),
        ("scribe", ("", ""), {"others": "@carla"}, ["role:scribe", "carla"]),
        ("scribe", ("", ""), {"others": "nobody"}, []),
        ("scribe owner", ("alice", "scribe"), {"assignee": "bob"}, ["bob", "role:scribe"]),
    ],
)
def test_assigned_to_shows_who_it_is_and_replaces_and_also_for_adds(
    before: str, shown: tuple[str, str], filled: dict[str, str], after: list[str]
) -> None:
    desk = begun(Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"]}))
    desk.commands(f"assign 1.1 {before}", place=RUN)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    values: dict[str, Any] = {entry.name: entry.default for entry in dialog.entries}
    assert (values["assignee"], values["others"]) == shown
    desk.submits(dialog, **values | filled)
    assert desk.ask(lambda store: store.task(1).assignees) == after


@pytest.mark.parametrize(
    ("whom", "says"),
    [
        ("owner", "As owner. Whom you choose instead takes their place."),
        ("scribe", "For scribe, which nobody is yet. Whom you choose takes its place."),
        ("@bob", "Whom you choose instead takes their place."),
        ("nobody", ""),
    ],
)
def test_the_dialog_says_as_what_somebody_has_a_task(whom: str, says: str) -> None:
    desk = begun(Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"]}))
    desk.commands(f"assign 1.1 {whom}", place=RUN)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    assert next(entry.help for entry in dialog.entries if entry.name == "assignee") == says


@pytest.mark.parametrize("here", [True, False])
def test_a_playbook_gives_a_task_to_several_whom_the_server_tells_that_they_are_added_or_the_bot_once(
    here: bool,
) -> None:
    tasks = [{"title": f"Task {n}", "assignees": ["@carla", "owner"]} for n in range(9)]
    book = Playbook.model_validate(INCIDENT.definition() | {"checklists": [{"title": "All", "tasks": tasks}]})
    desk = Desk(book) if here else begun(book)
    if here:
        desk.commands("run incident-response here Checkout is down")
    assert desk.ask(lambda store: store.task(1).assignees) == ["carla", "role:owner"]
    sent = [effect for effect in desk.sent if isinstance(effect, do.Tell)]
    assert [tell.person_id for tell in told(list(sent))] == ["carla"] * here
    assert "carla" in one([effect for effect in desk.sent if isinstance(effect, do.Invite)], do.Invite).person_ids


def test_one_assignee_beside_several_counts_once() -> None:
    task = {"title": "Look", "assignee": "owner", "assignees": ["owner", "@bob"]}
    book = Playbook.model_validate({"title": "Book", "checklists": [{"title": "First", "tasks": [task]}]})
    assert book.checklists[0].tasks[0].people == ("owner", "@bob")


def test_a_button_of_a_task_that_is_gone_is_refused() -> None:
    desk = begun()
    desk.commands("assign 2.1 @carla", place=RUN)
    desk.commands("remove 2.1", place=RUN)
    assert one(desk.presses("task.start", 3), do.Refuse)
    assert one(desk.presses("task.done", 3, by=CARLA), do.Refuse)
    assert desk.take(JobDue(at=desk.now, job_id=99)) == []
