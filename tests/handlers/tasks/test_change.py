"""Changing what tasks and checklists a run has: by command, by dialog, and what is refused."""

from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import PersonJoined, Place
from handlers.rules import ordering

RUN = Place(id="channel1", team_id="t1", kind="P")


def begun() -> Desk:
    desk = Desk()
    started_run(desk)
    return desk


def titles(desk: Desk) -> list[str]:
    """Return the run's tasks as people number them."""
    rows = {row.id: row.position for row in desk.ask(lambda store: store.checklists(1))}
    return [f"{rows[one.checklist_id]}.{one.position} {one.title}" for one in desk.ask(lambda store: store.tasks(1))]


def answer(desk: Desk, text: str, **by: Any) -> str:
    return words_of(one(desk.commands(text, place=RUN, **by), do.Answer).content)


def refusal(desk: Desk, text: str, **by: Any) -> str:
    return str(one(desk.commands(text, place=RUN, **by), do.Refuse).text)


def test_a_task_is_added_to_the_checklist_that_is_named_or_to_the_last() -> None:
    desk = begun()
    assert answer(desk, "add 1 Call the vendor") == "**1.3** “Call the vendor” is added."
    assert answer(desk, "add Write it down") == "**2.4** “Write it down” is added to the last checklist, **2** Fix."
    assert titles(desk)[2] == "1.3 Call the vendor"


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("check 1.1", {1}),
        ("check 1.1 2.1", {1, 3}),
        ("check 1.2-2.2", {2, 3, 4}),
        ("check 2.1, 2.3", {3, 5}),
        ("check roll", {3}),
        ("check Roll, Tell", {3, 4}),
    ],
)
def test_tasks_are_named_by_number_range_list_or_beginning(words: str, numbers: set[int]) -> None:
    desk = begun()
    answer(desk, words)
    assert {one.id for one in desk.ask(lambda store: store.tasks(1)) if one.state == "done"} == numbers


def test_each_state_has_its_command() -> None:
    desk = begun()
    assert answer(desk, "start 1.1") == "▶ **1.1** “Acknowledge the alert” is in progress."
    assert "⤼ 2 tasks (2.1, 2.2) are skipped." in answer(desk, "skip 2.1-2.2")
    assert "was already skipped by @alice. `/playbook restore 2.1`" in answer(desk, "skip 2.1", by=BOB)
    assert "**2.1** “Roll back” is open again" in answer(desk, "restore 2.1")
    assert "is already open" in answer(desk, "restore 2.1")
    assert "already in progress, since @alice started it" in answer(desk, "start 1.1")
    assert answer(desk, "restore 1.1-1.2").startswith("Nothing changed: 2 tasks")


def test_a_title_is_edited_and_the_list_shows_it() -> None:
    desk = begun()
    assert answer(desk, "edit 2.1 Roll back *now*") == "The task is now called **2.1** “Roll back &#42;now&#42;”."
    assert "2.1 Roll back *now*" in titles(desk)


def test_description_and_command_are_written_without_a_dialog() -> None:
    desk = begun()
    assert answer(desk, "edit 2.1 description: Their desk\nis open") == "**2.1** “Roll back” has a new description."
    assert answer(desk, "edit 2.1 Command: /jira  create $ticket").startswith("**2.1** “Roll back” has a new command")
    task = desk.ask(lambda store: store.task(3))
    assert (task.title, task.description, task.command) == ("Roll back", "Their desk\nis open", "/jira create $ticket")
    assert "Nothing changed" in answer(desk, "edit 2.1 command: /jira create $ticket")
    assert "slash command" in refusal(desk, "edit 2.1 command: jira")
    assert "3000 characters at most" in refusal(desk, "edit 2.1 description: " + "x" * 3001)
    assert "no command any more" in answer(desk, "edit 2.1 command: none")
    assert "no description any more" in answer(desk, "edit 2.1 description:")
    answer(desk, "undo")
    assert desk.ask(lambda store: store.task(3)).description == "Their desk\nis open"


def test_removing_numbers_the_rest_anew() -> None:
    desk = begun()
    assert answer(desk, "remove 2.1, 1.1") == "2 tasks (1.1, 2.1) are removed."
    assert titles(desk) == ["1.1 Open a bridge call", "2.1 Tell support", "2.2 Watch the graphs"]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("move 2.3 to 2.1", ["2.1 Watch the graphs", "2.2 Roll back", "2.3 Tell support"]),
        ("move 2.1 2", ["2.1 Tell support", "2.2 Watch the graphs", "2.3 Roll back"]),
        ("move 2.1 to 2.2", ["2.1 Tell support", "2.2 Roll back", "2.3 Watch the graphs"]),
        ("move 1.1 to 2.2", ["2.1 Roll back", "2.2 Acknowledge the alert", "2.3 Tell support", "2.4 Watch the graphs"]),
        ("move 2.1-2.3 1", []),
        ("move 2.1 tri", ["2.1 Tell support", "2.2 Watch the graphs"]),
        ("move 2.1 2.99", ["2.1 Tell support", "2.2 Watch the graphs", "2.3 Roll back"]),
    ],
)
def test_moving_gives_a_task_the_number_that_was_named(words: str, after: list[str]) -> None:
    desk = begun()
    assert answer(desk, words).startswith("Moved")
    assert [title for title in titles(desk) if title.startswith("2.")] == after


def test_a_duplicate_is_open_and_stands_behind_the_first() -> None:
    desk = begun()
    answer(desk, "check 2.1")
    assert answer(desk, "duplicate 2.1") == "Duplicated; the copy is **2.2** “Roll back”."
    assert [one.state for one in desk.ask(lambda store: store.tasks(1))][2:4] == ["done", "open"]


def test_a_duplicate_by_dialog_is_answered_with_its_number_and_refused_in_a_full_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = begun()
    dialog = one(desk.presses("task.choose", 2, choice="3", place=RUN), do.Ask).dialog
    values = {entry.name: entry.default for entry in dialog.entries} | {"also": "duplicate"}
    said = one(desk.submits(dialog, place=RUN, **values), do.Tell).content.text
    assert said == "Duplicated; the copy is **2.2** “Roll back”."
    monkeypatch.setattr(ordering, "MOST_TASKS", 6)
    assert "at most" in one(desk.submits(dialog, place=RUN, **values), do.Correct).errors["also"]
    assert len(titles(desk)) == 6


@pytest.mark.parametrize("how", ["duplicate 1.1", "checklist duplicate 1", "task", "checklist"])
def test_a_duplicate_brings_nobody_back_who_was_taken_out_but_tells_who_is_in(how: str) -> None:
    desk = begun()
    desk.take(PersonJoined(at=desk.now, place=RUN, person=CARLA))
    desk.commands("assign 1.1 @bob @carla", place=RUN)
    desk.commands("remove @bob", place=RUN)
    if " " in how:
        found = desk.commands(how, place=RUN)
    else:
        choice = "1" if how == "task" else "list"
        dialog = one(desk.presses("task.choose", 1, choice=choice, place=RUN), do.Ask).dialog
        values = {entry.name: entry.default for entry in dialog.entries} | {"also": "duplicate"}
        found = desk.submits(dialog, place=RUN, **values)
    assert len(desk.ask(lambda store: store.tasks(1))) > 5
    assert all_of(found, do.Invite) == []
    assert [tell.person_id for tell in all_of(found, do.Tell) if tell.person_id != "alice"] == ["carla"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("move 2.1 to 9.1", "No checklist is called “9”. There are: **1** Triage, **2** Fix."),
        ("move 2.1", "Write the checklist's number"),
        ("edit 2.1-2.2 Both", "one task at a time"),
        ("add " + "x" * 201, "200 characters at most"),
        ("edit 2.1 " + "x" * 201, "200 characters at most"),
        ("remove 7.7", "There is no task 7.7. This run has 2 checklists"),
        ("checklist rename 5 New", "No checklist is called “5”"),
        ("checklist move 2 7", "No checklist is called “7”"),
        ("check", "Write the task's number"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do_instead(words: str, said: str) -> None:
    desk = begun()
    before = titles(desk)
    assert said in refusal(desk, words)
    assert titles(desk) == before


def test_checklists_are_added_renamed_moved_duplicated_skipped_restored_and_removed() -> None:
    desk = begun()
    assert answer(desk, "checklist add Afterwards") == "The checklist **3** “Afterwards” is added."
    assert answer(desk, "checklist rename 3 Later") == "The checklist is now called **3** “Later”."
    assert answer(desk, "checklist move 3 1") == "Moved; now it is checklist **1** “Later”."
    assert titles(desk)[0] == "2.1 Acknowledge the alert"
    assert "duplicated" in answer(desk, "checklist duplicate 2")
    assert [title for title in titles(desk) if title.startswith("3.")] == [
        "3.1 Acknowledge the alert", "3.2 Open a bridge call",
    ]  # fmt: skip
    assert "is skipped" in answer(desk, "checklist skip fix")
    assert [one.state for one in desk.ask(lambda store: store.tasks(1))][-3:] == ["skipped"] * 3
    assert "open again" in answer(desk, "checklist restore 4")
    assert "with its tasks" in answer(desk, "checklist remove 3")
    assert len(titles(desk)) == 5
    shown = desk.ask(lambda store: len(store.messages("checklist", run_id=1)))
    assert shown == 3


def test_commands_without_words_open_dialogs_where_one_can_be_opened() -> None:
    desk = begun()
    for words, action in (
        ("add", "task.new"),
        ("edit 2.1", "task.save"),
        ("checklist add", "checklist.new"),
        ("checklist rename 2", "checklist.save"),
        ("checklist move 2", "checklist.save"),
    ):
        assert one(desk.commands(words, place=RUN), do.Ask).dialog.action == action
        assert one(desk.commands(words, place=RUN, trigger=""), do.Refuse)


def test_the_dialog_of_a_new_task_takes_everything() -> None:
    desk = begun()
    dialog = one(desk.commands("add 1", place=RUN), do.Ask).dialog
    assert next(entry for entry in dialog.entries if entry.name == "checklist").default == "1"
    wrong = one(desk.submits(dialog, title="", due="soon", others="@nobody-x", command="jira"), do.Correct).errors
    assert set(wrong) == {"title", "due", "others", "command"}
    found = desk.submits(
        dialog, title="Call", checklist="1", description="At once.", assignee="bob", others="owner", due="1h"
    )
    task = desk.ask(lambda store: store.tasks(1))[2]
    assert (task.title, task.description, task.assignees) == ("Call", "At once.", ["bob", "role:owner"])
    told = [tell for tell in all_of(found, do.Tell) if tell.message_id is None and tell.person_id == "alice"]
    assert [tell.content.text for tell in told] == ["**1.3** “Call” is added."]


def test_a_checklists_own_menu_adds_a_task_and_changes_the_list_in_one_operation() -> None:
    desk = begun()
    dialog = one(desk.presses("task.choose", 1, choice="new", place=RUN), do.Ask).dialog
    assert next(entry.default for entry in dialog.entries if entry.name == "checklist") == "1"
    desk.submits(dialog, title="Call the vendor", checklist="1", place=RUN)
    assert titles(desk)[2] == "1.3 Call the vendor"
    dialog = one(desk.presses("task.choose", 2, choice="list", place=RUN), do.Ask).dialog
    assert [entry.name for entry in dialog.entries] == ["also", "title", "number"]
    said = one(desk.submits(dialog, title="Repair", number="1", also="skip", place=RUN), do.Tell).content
    assert said.text == "What was open in checklist **1** “Repair” is skipped."
    assert titles(desk)[0] == "1.1 Roll back"
    assert {task.state for task in desk.ask(lambda store: store.tasks(1))[:3]} == {"skipped"}
    dialog = one(desk.presses("task.choose", 2, choice="list", place=RUN), do.Ask).dialog
    desk.submits(dialog, title="Repair", number="1", also="restore", place=RUN)
    assert {task.state for task in desk.ask(lambda store: store.tasks(1))[:3]} == {"open"}
    answer(desk, "undo")
    answer(desk, "undo")
    assert titles(desk)[:3] == ["1.1 Acknowledge the alert", "1.2 Open a bridge call", "1.3 Call the vendor"]
    again = one(desk.submits(dialog, title="", number="7", place=RUN), do.Correct).errors
    assert "No checklist is called “7”" in again["number"]


@pytest.mark.parametrize(("also", "said"), [("duplicate", "the copy stands behind it"), ("remove", "with its tasks")])
def test_a_whole_checklist_is_duplicated_and_removed_by_dialog(also: str, said: str) -> None:
    desk = begun()
    before = titles(desk)
    dialog = one(desk.presses("task.choose", 2, choice="list", place=RUN), do.Ask).dialog
    assert said in one(desk.submits(dialog, title="Fix", number="2", also=also, place=RUN), do.Tell).content.text
    assert len(desk.ask(lambda store: store.checklists(1))) == (3 if also == "duplicate" else 1)
    answer(desk, "undo")
    assert titles(desk) == before


def test_a_checklist_that_is_gone_says_so() -> None:
    desk = begun()
    dialog = one(desk.presses("task.choose", 2, choice="list", place=RUN), do.Ask).dialog
    answer(desk, "checklist remove 2")
    assert "is gone" in one(desk.submits(dialog, title="Fix", number="2", place=RUN), do.Correct).error
    assert one(desk.presses("task.choose", 2, choice="list", place=RUN), do.Refuse).title == "This checklist is gone"
    assert one(desk.presses("task.choose", 2, choice="new", place=RUN), do.Refuse)


def test_an_empty_checklist_still_has_its_menu() -> None:
    desk = begun()
    found = desk.commands("checklist add Afterwards", place=RUN)
    menu = one(found, do.Post).content.cards[0].controls[-1]
    assert [option.value for option in menu.options] == ["new", "list"]


def test_the_dialog_tells_a_tasks_history() -> None:
    desk = begun()
    answer(desk, "check 2.1")
    dialog = one(desk.presses("task.choose", 2, choice="3", place=RUN), do.Ask).dialog
    said = one(desk.submits(dialog, title="Roll back", also="history", place=RUN), do.Answer)
    assert "did it" in words_of(said.content)
    assert said.to_read, "who asked for it reads it where the bot cannot whisper, too"


def test_that_a_tasks_command_cannot_run_is_told_though_the_dialog_has_closed() -> None:
    desk = begun()
    dialog = one(desk.presses("task.choose", 2, choice="3", place=RUN), do.Ask).dialog
    assert one(desk.submits(dialog, title="Roll back", also="run", place=RUN), do.Answer).to_read


def test_the_first_task_of_a_run_without_checklists_makes_one() -> None:
    desk = begun()
    answer(desk, "checklist remove 1")
    answer(desk, "checklist remove 1")
    assert answer(desk, "add Look around") == "**1.1** “Look around” is added."


def test_one_dialog_changes_moves_and_removes() -> None:
    desk = begun()
    dialog = one(desk.presses("task.choose", 2, choice="3"), do.Ask).dialog
    desk.submits(dialog, title="Roll it back", state="in_progress", number="1.1")
    assert titles(desk)[0] == "1.1 Roll it back"
    dialog = one(desk.presses("task.choose", 1, choice="3"), do.Ask).dialog
    told = one(desk.submits(dialog, also="remove"), do.Tell)
    assert told.content.text == "**1.1** “Roll it back” is removed."
    assert told.content.cards[0].controls[0].action == "undo"
    assert len(titles(desk)) == 4
    assert one(desk.submits(dialog, state="done"), do.Correct).error
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    assert "number" in one(desk.submits(dialog, number="7.1"), do.Correct).errors


def test_what_the_dialog_does_not_show_in_full_is_not_cut_by_saving_it() -> None:
    desk = begun()
    long = "x" * 3900
    desk.ask(lambda store: setattr(store.task(1), "description", long))
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    shown = {entry.name: entry.default for entry in dialog.entries}
    desk.submits(dialog, **shown)
    assert desk.ask(lambda store: store.task(1).description) == long
    assert desk.ask(lambda store: store.changes(1)) == []


def test_a_checklist_by_dialog_has_a_task_for_each_line() -> None:
    desk = begun()
    dialog = one(desk.presses("run.more", 1, choice="checklist.add"), do.Ask).dialog
    assert one(desk.submits(dialog, title="", tasks="a"), do.Correct)
    desk.submits(dialog, title="After", tasks="Write it down\n\n  Tell all  \n")
    assert titles(desk)[-2:] == ["3.1 Write it down", "3.2 Tell all"]


@pytest.mark.parametrize("choice", ["task.add", "checklist.add", "undo.last"])
def test_the_cards_menu_is_only_for_those_who_may(choice: str) -> None:
    desk = begun()
    assert one(desk.presses("run.more", 1, choice=choice, by=CARLA), do.Refuse)
    desk.commands("finish now", place=RUN, by=ALICE)
    assert one(desk.presses("run.more", 1, choice=choice), do.Refuse)


def test_a_run_takes_no_more_tasks_than_a_playbook() -> None:
    desk = begun()
    dialog = one(desk.commands("checklist add", place=RUN), do.Ask).dialog
    desk.submits(dialog, title="Many", tasks="\n".join(f"Task {n}" for n in range(495)))
    assert "at most 500 tasks" in refusal(desk, "add One more")
    assert "at most 500 tasks" in refusal(desk, "duplicate 1.1")
    assert "at most 500 tasks" in refusal(desk, "checklist duplicate 1")
    dialog = one(desk.commands("add", place=RUN), do.Ask).dialog
    assert "at most 500" in one(desk.submits(dialog, title="More"), do.Correct).error
