"""Taking back what was changed, and the history of a task."""

from dataclasses import replace
from typing import Any

import pytest
from desk import ALICE, BOB, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import Place
from store import Store

RUN = Place(id="channel1", team_id="t1", kind="P")


def begun() -> Desk:
    desk = Desk()
    started_run(desk)
    return desk


def answer(desk: Desk, text: str, **by: Any) -> do.Content:
    return one(desk.commands(text, place=RUN, **by), do.Answer).content  # type: ignore[no-any-return]


def test_undo_takes_back_the_last_change_of_who_asks() -> None:
    desk = begun()
    answer(desk, "check 1.1")
    answer(desk, "check 2.1", by=BOB)
    assert answer(desk, "undo").text == "↩ Taken back: done: 1.1 Acknowledge the alert."
    assert [task.state for task in desk.ask(lambda store: store.tasks(1))] == ["open", "open", "done", "open", "open"]
    kinds = [one.kind for one in desk.ask(lambda store: store.moments(1)) if one.subject == "Acknowledge the alert"]
    assert kinds == ["task_done", "task_open"]


@pytest.mark.parametrize("before", ["", "tasks "])
def test_several_tasks_are_told_by_their_numbers_as_an_older_version_kept_them_too(before: str) -> None:
    desk = begun()
    answer(desk, "check 1.1-1.2")

    def as_it_was(store: Store) -> None:
        change = store.changes(1)[0]
        change.label = f"{before}{change.label}"

    desk.ask(as_it_was)
    assert answer(desk, "undo").text == "↩ Taken back: done: tasks 1.1, 1.2."


def test_undo_of_somebody_elses_change_is_refused_with_a_hint() -> None:
    desk = begun()
    assert "Nothing has been changed" in one(desk.commands("undo", place=RUN), do.Refuse).text
    answer(desk, "check 2.1", by=BOB)
    refused = one(desk.commands("undo", place=RUN), do.Refuse).text
    assert "The last change was by @bob at 15:00 CET: done: 2.1 Roll back." in refused
    assert "/playbook uncheck" in refused


def test_the_button_takes_back_just_what_its_answer_told_and_counts_once() -> None:
    desk = begun()
    button = answer(desk, "remove 1.1").cards[0].controls[0]
    answer(desk, "check 2.1")
    assert one(desk.presses(button.action, button.arg, by=BOB), do.Refuse).title == "Somebody else's change"
    found = desk.presses(button.action, button.arg)
    assert one(found, do.Refuse).title == "Taken back"
    assert all_of(found, do.Edit)
    assert len(desk.ask(lambda store: store.tasks(1))) == 5
    assert one(desk.presses(button.action, button.arg), do.Refuse).title == "Undone already"
    for nothing in ("99:0", "1:0"):
        assert one(desk.presses("undo", nothing), do.Refuse).title == "Out of date"


def test_what_somebody_has_changed_since_is_not_taken_back() -> None:
    desk = begun()
    answer(desk, "edit 2.1 Roll it back")
    answer(desk, "edit 2.1 Roll all back", by=BOB)
    assert "somebody has changed the same again" in one(desk.commands("undo", place=RUN), do.Refuse).text
    assert desk.ask(lambda store: store.task(3).title) == "Roll all back"


def test_the_cards_menu_undoes_too_and_says_so() -> None:
    desk = begun()
    desk.presses("task.done", 1)
    assert "done: 1.1" in one(desk.presses("run.more", 1, choice="undo.last"), do.Refuse).text
    assert desk.ask(lambda store: store.task(1).state) == "open"


def test_history_tells_who_did_what_and_when_in_the_askers_zone() -> None:
    desk = begun()
    assert "unchanged since the run began" in words_of(answer(desk, "history 2.1"))
    answer(desk, "assign 2.1 @bob")
    desk.later(minutes=5)
    answer(desk, "start 2.1", by=BOB)
    answer(desk, "edit 2.1 Roll *all* back", by=BOB)
    answer(desk, "due 2.1 1h")
    answer(desk, "move 2.1 to 1.1")
    answer(desk, "undo")
    told = words_of(answer(desk, "history 2.1"))
    assert told.splitlines()[2:] == [
        "- 15:00 @alice assigned it to @bob",
        "- 15:05 @bob started it",
        "- 15:05 @bob renamed it from “Roll back”",
        "- 15:05 @alice made it due 16:05",
        "- 15:05 @alice moved it · taken back by @alice",
        "",
        "Times in CET.",
    ]
    assert "14:05 @bob started it" in words_of(answer(desk, "history 2.1", by=BOB))


def test_a_task_that_only_got_another_number_has_no_history_of_it() -> None:
    desk = begun()
    answer(desk, "move 2.1 to 2.3")
    assert "moved it" in words_of(answer(desk, "history 2.3"))
    assert "unchanged" in words_of(answer(desk, "history 2.1"))


def test_without_buttons_the_answer_says_how_to_undo() -> None:
    desk = begun()
    desk.here = replace(desk.here, buttons=False)
    told = one(desk.commands("check 1.1", place=RUN, by=ALICE), do.Answer).content
    assert told.text.endswith("`@muster undo` takes it back.")
    assert told.cards == ()
