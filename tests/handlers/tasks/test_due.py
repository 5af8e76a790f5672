"""When tasks are due: by command, told before and at the time, put off, and shown as overdue."""

from datetime import UTC, datetime, timedelta

import pytest
from desk import BOB, START, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import ButtonPressed, JobDue, Place
from handlers.rules.due_reminders import before

RUN = Place(id="channel1", team_id="t1", kind="P")


def begun() -> Desk:
    desk = Desk()
    started_run(desk)
    desk.commands("due 1.2 none", place=RUN)
    desk.commands("assign 2.1 @bob", place=RUN)
    return desk


def planned(desk: Desk) -> list[tuple[str, datetime]]:
    return [(row.kind, row.due_at) for row in desk.ask(lambda store: store.task_jobs(1))]


def wait(desk: Desk, **span: float) -> list[do.Effect]:
    """Let time pass, and let what is due be decided."""
    desk.later(**span)
    found: list[do.Effect] = []
    for id in desk.ask(lambda store: list(store.due_jobs(desk.now, 100))):
        found += desk.take(JobDue(at=desk.now, job_id=id))
    return found


def told(effects: list[do.Effect]) -> list[do.Tell]:
    return [tell for tell in all_of(effects, do.Tell) if tell.content.text.startswith("⏰")]


def test_a_task_s_reminder_is_put_off_by_command() -> None:
    desk = begun()
    desk.commands("due 2.1 in 3h", place=RUN)
    (late,) = told(wait(desk, hours=3))
    desk.stands(late.message_id or 0)
    found = desk.commands("snooze 2.1 for 2h", place=RUN, by=BOB)
    assert one(found, do.Answer).content.text == "😴 I remind you of **2.1** Roll back again 19:00 UTC."
    assert any("I remind you of" in edit.content.cards[0].text for edit in all_of(found, do.Edit))
    assert told(wait(desk, hours=1)) == []
    (again,) = told(wait(desk, hours=1))
    assert again.person_id == "bob"
    assert one(desk.commands("snooze 2.2 1h", place=RUN), do.Refuse).title == "No such reminder"
    assert "snooze 2h" in one(desk.commands("snooze 2.1", place=RUN), do.Refuse).text
    assert "There is no task 9.9" in one(desk.commands("snooze 9.9 1h", place=RUN), do.Refuse).text


def test_the_update_is_put_off_by_command() -> None:
    desk = begun()
    found = desk.commands("snooze until 5pm", place=RUN)
    assert one(found, do.Answer).content.text == "😴 The update is due 17:00 CET."
    assert desk.run().update_due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert "snooze tomorrow 9am" in one(desk.commands("snooze", place=RUN), do.Refuse).text
    assert "I cannot read “soon”" in one(desk.commands("snooze soon", place=RUN), do.Refuse).text
    assert "“2020-01-01” is over already" in one(desk.commands("snooze 2020-01-01", place=RUN), do.Refuse).text
    desk.ask(lambda store: setattr(store.run(1), "update_due_at", None))
    assert "No status update is planned" in one(desk.commands("snooze 2h", place=RUN), do.Refuse).text


def test_a_due_time_is_the_askers_own() -> None:
    desk = begun()
    said = one(desk.commands("due 2.1 tomorrow 5pm", place=RUN), do.Answer).content.text
    assert said == "⏰ **2.1** Roll back is due Tue 24 Nov, 17:00 CET."
    assert desk.ask(lambda store: store.task(3).due_at).hour == 16
    said = one(desk.commands("due 2.1-2.2 5pm", place=RUN, by=BOB), do.Answer).content.text
    assert said == "⏰ 2 tasks (2.1, 2.2) are due 17:00 UTC."
    assert "no due time any more" in one(desk.commands("due 2.1 none", place=RUN), do.Answer).content.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("soon", "I cannot read “soon” as a time"),
        ("tomorrow soon", "I cannot read “soon” as a time"),
        ("today 9:00", "“today 9:00” is over already: that was 09:00 CET"),
        ("tomorrow at 5", "may be Tue 24 Nov, 05:00 CET, or Tue 24 Nov, 17:00 CET. Write which one you mean."),
        ("in 20 years", "more than ten years away"),
        ("", "Write when"),
    ],
)
def test_what_is_no_time_is_refused_with_examples(words: str, said: str) -> None:
    desk = begun()
    assert said in one(desk.commands(f"due 2.1 {words}", place=RUN, trigger=""), do.Refuse).text


@pytest.mark.parametrize(
    ("span", "lead"),
    [
        (timedelta(minutes=20), timedelta(minutes=5)),
        (timedelta(hours=10), timedelta(hours=1)),
        (timedelta(days=30), timedelta(days=1)),
    ],
)
def test_the_lead_is_a_tenth_of_what_is_left(span: timedelta, lead: timedelta) -> None:
    assert before(START + span, START) == START + span - lead


def test_the_assignee_is_told_before_and_at_the_time_and_the_list_shows_it() -> None:
    desk = begun()
    desk.commands("due 2.1 10h", place=RUN)
    soon = one(told(wait(desk, hours=9)), do.Tell)
    assert (soon.person_id, soon.content.text) == ("bob", "⏰ **2.1** Roll back is due Tue 24 Nov, 00:00 UTC.")
    assert [control.label for control in soon.content.cards[0].controls] == ["Done", "Snooze…", "Open"]
    found = wait(desk, hours=1)
    assert one(told(found), do.Tell).content.text == "⏰ **2.1** Roll back was due 00:00 UTC."
    assert one(found, do.Delete).message_id == soon.message_id
    assert any("**overdue since 01:00**" in edit.content.cards[0].text for edit in all_of(found, do.Edit))
    assert planned(desk) == []


def test_after_a_pause_one_reminder_comes() -> None:
    desk = begun()
    desk.commands("due 2.1 10h", place=RUN)
    assert len(told(wait(desk, days=3))) == 1


def test_a_task_for_nobody_only_turns_overdue() -> None:
    desk = begun()
    desk.commands("due 2.2 1h", place=RUN)
    found = wait(desk, hours=1)
    assert told(found) == []
    assert any("**overdue since 16:00**" in edit.content.cards[0].text for edit in all_of(found, do.Edit))


def test_reminders_follow_the_due_time_and_the_state() -> None:
    desk = begun()
    desk.commands("due 2.1 10h", place=RUN)
    assert planned(desk) == [("task_soon", START + timedelta(hours=9)), ("task_due", START + timedelta(hours=10))]
    desk.commands("due 2.1 20h", place=RUN)
    assert planned(desk) == [("task_soon", START + timedelta(hours=18)), ("task_due", START + timedelta(hours=20))]
    desk.commands("undo", place=RUN)
    assert planned(desk)[1] == ("task_due", START + timedelta(hours=10))
    desk.commands("check 2.1", place=RUN)
    assert planned(desk) == []
    desk.commands("uncheck 2.1", place=RUN)
    assert len(planned(desk)) == 2
    desk.commands("checklist remove 2", place=RUN)
    assert planned(desk) == []
    desk.commands("undo", place=RUN)
    desk.commands("finish now", place=RUN)
    assert planned(desk) == []


def test_snoozing_asks_the_same_person_again_later() -> None:
    desk = begun()
    desk.commands("assign 2.1 @bob @carla", place=RUN)
    desk.commands("due 2.1 1h", place=RUN)
    reminders = {tell.person_id: tell for tell in told(wait(desk, hours=1))}
    assert set(reminders) == {"bob", "carla"}
    message = reminders["bob"].message_id or 0
    wrong = desk.take(pressed(desk, message, "7"))
    assert "Choose one of the times" in one(wrong, do.Refuse).text
    found = desk.take(pressed(desk, message, "900"))
    assert "😴 I remind you of **2.1** Roll back again 15:15 UTC." in one(found, do.Edit).content.cards[0].text
    assert [tell.person_id for tell in told(wait(desk, minutes=15))] == ["bob"]
    desk.take(pressed(desk, message, "900"))
    desk.commands("check 2.1", place=RUN)
    assert told(wait(desk, hours=1)) == []


def test_what_is_put_off_comes_although_the_task_was_done_in_between_by_mistake() -> None:
    desk = begun()
    desk.commands("due 2.1 1h", place=RUN)
    wait(desk, hours=1)
    desk.commands("snooze 2.1 2h", place=RUN, by=BOB)
    desk.commands("check 2.1", place=RUN)
    desk.commands("undo", place=RUN)
    assert [tell.person_id for tell in told(wait(desk, hours=2))] == ["bob"]


def test_a_reminder_shows_that_its_task_is_not_due_any_more() -> None:
    desk = begun()
    desk.commands("due 2.1 1h", place=RUN)
    tell = one(told(wait(desk, hours=1)), do.Tell)
    desk.stands(tell.message_id or 0)
    found = desk.commands("due 2.1 none", place=RUN)
    edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
    assert "is not due at a certain time any more" in edit.content.cards[0].text
    assert [control.label for control in edit.content.cards[0].controls] == ["Done", "Open"]


def test_a_reminder_shows_that_somebody_has_done_the_task() -> None:
    desk = begun()
    desk.commands("due 2.1 1h", place=RUN)
    tell = one(told(wait(desk, hours=1)), do.Tell)
    found = desk.presses("task.done", 3, by=BOB)
    edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
    assert "is done · @bob" in edit.content.cards[0].text
    assert edit.content.cards[0].controls == ()


def pressed(desk: Desk, message: int, choice: str) -> ButtonPressed:
    if not desk.ask(lambda store: store.message(message).post_id):
        desk.stands(message)
    return ButtonPressed(
        at=desk.now, action="task.snooze", arg="3", choice=choice, asker=BOB, place=RUN, message_id=message,
        post_id=f"own{message}",
    )  # fmt: skip
