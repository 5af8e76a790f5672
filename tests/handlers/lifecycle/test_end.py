"""Ending a run, asked once more and told everywhere."""

from datetime import UTC, datetime

from desk import BOB, CARLA, INCIDENT, PUBLIC, Desk, all_of, one, started_run, words_of

from handlers import effects as do

LATE = datetime(2030, 1, 1, tzinfo=UTC)


def test_finish_is_asked_once_more_and_names_what_is_open() -> None:
    desk = Desk()
    started_run(desk)
    intro = one(desk.presses("finish.ask", 1), do.Ask).dialog.intro
    assert "5 tasks are still open: 1.1 Acknowledge the alert, 1.2 Open a bridge call, 2.1 Roll back, …" in intro


def test_the_end_is_told_in_the_channel_and_elsewhere_and_all_buttons_go() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=30)
    desk.what_is_due()
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    found = desk.submits(dialog, by=BOB)
    assert [post.place_id for post in all_of(found, do.Post)] == ["channel1", "town"]
    assert "took 30 min · finished by @bob" in words_of(all_of(found, do.Post)[0].content.cards[0])
    edits = all_of(found, do.Edit)
    assert len(edits) == 4
    labels = [control.label for edit in edits for card in edit.content.cards for control in card.controls]
    assert labels == ["Restart", "Timeline", "More…"]
    planned = desk.ask(lambda store: [store.job(id).kind for id in store.due_jobs(LATE, 9)])
    assert set(planned) <= {"digest"}


def test_a_second_confirmation_changes_nothing() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    desk.submits(dialog, by=BOB)
    assert all_of(desk.submits(dialog), do.Post) == []
    assert desk.run().finished_by == "bob"


def test_only_participants_finish() -> None:
    desk = Desk(PUBLIC)
    place = started_run(desk)
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    assert "ask the owner" in one(desk.submits(dialog, by=CARLA), do.Correct).error
    assert "ask the owner" in one(desk.commands("finish now", by=CARLA, place=place), do.Refuse).text
    assert desk.run().is_active


def test_without_dialogs_finish_wants_a_word_more_as_long_as_something_is_open() -> None:
    desk = Desk()
    place = started_run(desk)
    asked = one(desk.commands("finish", place=place, trigger=""), do.Answer).content.text
    assert "5 tasks are still open. `/playbook finish now`" in asked
    for task in range(1, 6):
        desk.presses("task.done", task)
    assert "is finished" in one(desk.commands("finish", place=place, trigger=""), do.Answer).content.text
    assert "was finished by @alice" in one(desk.commands("finish now", place=place), do.Refuse).text


def test_a_channel_that_was_not_told_of_the_end_is_named() -> None:
    book = INCIDENT.model_copy(update={"updates": INCIDENT.updates.model_copy(update={"broadcast": ("~gone",)})})
    desk = Desk(book)
    place = started_run(desk)
    found = desk.commands("finish now", place=place)
    assert any("This did not go to ~gone" in effect.content.text for effect in all_of(found, do.Post))
