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


def test_of_one_task_that_is_open_it_is_said_that_it_stays() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("check 1.1-1.2, 2.1-2.2", place=place)
    intro = one(desk.presses("finish.ask", 1), do.Ask).dialog.intro
    assert "1 task is still open: 2.3 Watch the graphs; it stays as it is." in intro


def test_where_the_end_is_not_told_is_said_before_it_is_asked() -> None:
    updates = INCIDENT.updates.model_copy(update={"broadcast_private": False})
    desk = Desk(INCIDENT.model_copy(update={"updates": updates}))
    started_run(desk)
    intro = one(desk.presses("finish.ask", 1), do.Ask).dialog.intro
    assert "It is not told in ~town-square: this run is private" in intro
    desk = Desk(PUBLIC)
    started_run(desk)
    assert "not told" not in one(desk.presses("finish.ask", 1), do.Ask).dialog.intro


def test_the_end_is_told_in_the_channel_and_elsewhere_and_all_buttons_go() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=30)
    desk.what_is_due()
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    found = desk.submits(dialog, by=BOB)
    assert [post.place_id for post in all_of(found, do.Post)] == ["channel1", "town", "town"]
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


def test_what_came_of_a_run_is_told_with_its_end_wherever_that_is_told_and_kept() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    fields = [(field.name, field.optional) for field in dialog.entries]
    assert fields == [("outcome", True), ("mitigated", True), ("mistaken", True)]
    found = desk.submits(dialog, outcome="Rolled back; all is well.")
    here, first, there = all_of(found, do.Post)
    assert first.content.text.endswith("\n\nRolled back; all is well.")
    assert here.content.text.endswith("is finished.\n\nRolled back; all is well.")
    assert there.content.text.endswith("is finished.\n\nRolled back; all is well.")
    timeline = one(desk.commands("timeline", place=place), do.Answer).content
    assert "@alice finished the run: “Rolled back; all is well.”" in str(timeline)
    desk.commands("restart", place=place)
    again = all_of(desk.commands("finish now", place=place), do.Post)
    assert not any("Rolled back" in post.content.text for post in again)


def test_by_command_what_came_of_a_run_stands_behind_now_or_goes_into_the_dialog() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.commands("finish Rolled back", place=place), do.Ask).dialog
    assert dialog.entries[0].default == "Rolled back"
    told = one(desk.commands("finish Rolled back", place=place, trigger=""), do.Answer).content.text
    assert "`/playbook finish now Rolled back`" in told
    found = desk.commands("finish NOW Rolled back", place=place)
    assert all_of(found, do.Post)[0].content.text.endswith("is finished.\n\nRolled back")


def test_too_long_a_word_about_the_end_ends_nothing() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "1000 characters" in one(desk.commands(f"finish now {'x' * 1001}", place=place), do.Refuse).text
    assert desk.run().is_active


def test_a_finished_card_tells_what_came_of_the_run() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now Rolled back", place=place)
    card = one(desk.commands("info", place=place), do.Answer).content.cards[0]
    assert {field.title: field.value for field in card.fields}["Outcome"] == "“Rolled back”"


def test_the_channel_of_a_deleted_run_is_archived_unless_that_is_not_wanted() -> None:
    for keep in (True, False):
        desk = Desk()
        started_run(desk)
        dialog = one(desk.presses("run.more", 1, choice="run.delete"), do.Ask).dialog
        assert [field.name for field in dialog.entries] == ["keep"]
        told = one(desk.submits(dialog, keep=keep), do.Answer).content.text
        planned = desk.ask(lambda store: [store.job(id).kind for id in store.due_jobs(LATE, 9)])
        assert ("archive" in planned, "is archived" in told) == (not keep, not keep)


def test_that_a_run_is_deleted_is_said_in_a_channel_of_others_where_that_is_wanted() -> None:
    for say in (True, False):
        desk = Desk()
        desk.commands("run incident-response here Checkout")
        dialog = one(desk.presses("run.more", 1, choice="run.delete"), do.Ask).dialog
        assert [field.name for field in dialog.entries] == ["say"]
        said = [post.content.text for post in all_of(desk.submits(dialog, say=say), do.Post)]
        assert said == ["🗑️ @alice deleted the run **Checkout**."] * say
