"""When tasks are due: by command, told before and at the time, put off, and shown as overdue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desk import BOB, START, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import ButtonPressed, JobDue, Place, ReactionAdded
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
    assert one(found, do.Answer).content.text == "😴 I remind you of **2.1** “Roll back” again 19:00 UTC."
    assert any("I remind you of" in words_of(edit.content.cards[0]) for edit in all_of(found, do.Edit))
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
    assert said == "⏰ **2.1** “Roll back” · due Tue 24 Nov, 17:00 CET."
    assert desk.ask(lambda store: store.task(3).due_at).hour == 16
    said = one(desk.commands("due 2.1-2.2 5pm", place=RUN, by=BOB), do.Answer).content.text
    assert said == "⏰ 2 tasks (2.1, 2.2) · due 17:00 UTC."
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
        (timedelta(hours=1), timedelta(minutes=6)),
        (timedelta(hours=10), timedelta(hours=1)),
        (timedelta(days=30), timedelta(days=1)),
    ],
)
def test_the_lead_is_a_tenth_of_what_is_left(span: timedelta, lead: timedelta) -> None:
    assert before(START + span, START) == START + span - lead


def test_nobody_is_reminded_before_the_time_where_less_than_an_hour_was_given() -> None:
    assert before(START + timedelta(minutes=59), START) is None
    desk = begun()
    desk.commands("due 2.1 45m", place=RUN)
    assert planned(desk) == [("task_due", START + timedelta(minutes=45))]
    assert told(wait(desk, minutes=44)) == []
    assert len(told(wait(desk, minutes=1))) == 1


def several() -> Desk:
    """Three tasks of Bob's, of which Carla has one, too."""
    desk = begun()
    desk.commands("assign 2.1 @bob @carla", place=RUN)
    desk.commands("assign 2.2-2.3 @bob", place=RUN)
    return desk


def reminder_of(desk: Desk, effects: list[do.Effect], person: str = "bob") -> do.Tell:
    """Return the one reminder that somebody gets, which stands on the server then."""
    found = one([tell for tell in told(effects) if tell.person_id == person], do.Tell)
    desk.stands(found.message_id)
    return found


def labels(card: do.Card) -> list[str]:
    return [control.label for control in card.controls]


def test_all_tasks_that_come_due_together_are_one_reminder_for_each_person() -> None:
    desk = several()
    desk.commands("due 2.1-2.3 10h", place=RUN)
    soon = wait(desk, hours=9)
    assert sorted(tell.person_id for tell in told(soon)) == ["bob", "carla"]
    bobs = reminder_of(desk, soon)
    assert bobs.content.text == (
        "⏰ 3 tasks of **Checkout is down** are due Tue 24 Nov, 00:00 UTC: "
        "**2.1** Roll back, **2.2** Tell support, **2.3** Watch the graphs."
    )
    assert [labels(card) for card in bobs.content.cards] == [["Done", "Open"]] * 3 + [["Snooze…"]]
    assert reminder_of(desk, soon, "carla").content.text == "⏰ **2.1** Roll back · due Tue 24 Nov, 00:00 UTC."
    due = wait(desk, hours=1)
    assert sorted(tell.person_id for tell in told(due)) == ["bob", "carla"]
    assert (
        "3 tasks of **Checkout is down** were due 00:00 UTC: **2.1** Roll back," in reminder_of(desk, due).content.text
    )
    assert len(all_of(due, do.Delete)) == 2
    assert planned(desk) == []


def test_times_within_one_minute_come_together_though_they_were_given_one_after_the_other() -> None:
    desk = several()
    desk.commands("due 2.1 2h", place=RUN)
    desk.later(seconds=20)
    desk.commands("due 2.2 2h", place=RUN)
    desk.later(minutes=50)
    desk.commands("due 2.3 4:00pm", place=RUN, by=BOB)
    desk.later(minutes=58)
    assert "3 tasks of **Checkout is down** are due 16:00 UTC" in reminder_of(desk, wait(desk)).content.text
    assert told(wait(desk, minutes=11)) == []
    bobs = reminder_of(desk, wait(desk, seconds=40))
    assert "3 tasks of **Checkout is down** are due 16:00 UTC" in bobs.content.text
    later = wait(desk, seconds=20)
    assert told(later) == []
    edits = [edit.content.cards for edit in all_of(later, do.Edit) if edit.message_id == bobs.message_id]
    assert [[card.colour for card in cards] for cards in edits] == [["red", "red", "red", "grey"]]
    assert planned(desk) == []


def test_what_was_missed_during_a_pause_comes_as_one_reminder() -> None:
    desk = several()
    for number, hours in (("2.1", 3), ("2.2", 5), ("2.3", 9)):
        desk.commands(f"due {number} {hours}h", place=RUN)
    (bobs,) = [tell for tell in told(wait(desk, days=1)) if tell.person_id == "bob"]
    assert bobs.content.text.startswith(
        "⏰ 3 tasks of **Checkout is down** are overdue: **2.1** Roll back (Mon 23 Nov, 17:00 UTC), **2.2**"
    )


def test_a_task_that_is_done_or_skipped_is_left_out_of_a_reminder_that_comes_and_of_one_that_stands() -> None:
    desk = several()
    desk.commands("due 2.1-2.3 1h", place=RUN)
    desk.commands("check 2.1", place=RUN)
    bobs = reminder_of(desk, wait(desk, hours=1))
    assert "2 tasks of" in bobs.content.text
    assert "2.1" not in bobs.content.text
    found = desk.commands("skip 2.2", place=RUN)
    edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == bobs.message_id)
    assert edit.content.text == "⏰ **2.3** Watch the graphs · was due 15:00 UTC."
    assert "was skipped" in edit.content.cards[0].text
    assert [labels(card) for card in edit.content.cards] == [[], ["Done", "Open"], ["Snooze…"]]
    found = desk.commands("check 2.3", place=RUN)
    edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == bobs.message_id)
    assert (edit.content.text, [labels(card) for card in edit.content.cards]) == ("", [[], []])


def test_snoozing_a_reminder_of_several_tasks_puts_all_off_that_are_left() -> None:
    desk = several()
    desk.commands("due 2.1-2.3 1h", place=RUN)
    bobs = reminder_of(desk, wait(desk, hours=1))
    desk.commands("check 2.1", place=RUN)
    found = desk.take(pressed(desk, bobs.message_id, "900", task=4))
    closed = next(edit for edit in all_of(found, do.Edit) if edit.message_id == bobs.message_id)
    assert "😴 I remind you of 2 tasks (2.2, 2.3) again 15:15 UTC." in closed.content.cards[0].text
    again = reminder_of(desk, wait(desk, minutes=15))
    assert "2 tasks of **Checkout is down** were due 15:00 UTC" in again.content.text
    found = desk.commands("snooze 2.2 1h", place=RUN, by=BOB)
    assert [edit for edit in all_of(found, do.Edit) if edit.message_id == again.message_id] == []


def test_who_put_a_task_off_beyond_its_time_is_reminded_then_and_not_at_its_time_unless_that_is_changed() -> None:
    desk = several()
    desk.commands("due 2.1-2.3 2h", place=RUN)
    bobs = reminder_of(desk, wait(desk, minutes=110))
    desk.take(pressed(desk, bobs.message_id, "900"))
    assert [tell.person_id for tell in told(wait(desk, minutes=11))] == ["carla"]
    assert "3 tasks of" in reminder_of(desk, wait(desk, minutes=4)).content.text
    desk.commands("snooze 2.2 1d", place=RUN, by=BOB)
    desk.commands("due 2.2 30m", place=RUN)
    assert "**2.2** Tell support" in reminder_of(desk, wait(desk, minutes=30)).content.text
    assert planned(desk) != [], "what was put off stays"


def test_of_very_many_tasks_a_reminder_shows_the_first() -> None:
    desk = begun()
    for number in range(4, 10):
        desk.commands(f"add 2 Task {number}", place=RUN)
    desk.commands("assign 2.1-2.9 @bob", place=RUN)
    desk.commands("due 2.1-2.9 1h", place=RUN)
    bobs = reminder_of(desk, wait(desk, hours=1))
    assert bobs.content.text.endswith("**2.5** Task 5 and 4 others.")
    assert len(bobs.content.cards) == 6
    assert bobs.content.cards[-1].text.startswith("… and 4 others: `/playbook todo` shows all")


def test_without_buttons_numbers_stand_for_the_tasks_of_a_reminder() -> None:
    desk = several()
    desk.here = replace(desk.here, buttons=False)
    desk.commands("due 2.1-2.3 1h", place=RUN)
    tell = next(tell for tell in told(wait(desk, hours=1)) if tell.person_id == "bob")
    assert "1️⃣ to 3️⃣ that one is done · ⏰ reminds of all again in 1 h" in tell.content.cards[-1].text
    desk.stands(tell.message_id)
    assert one(desk.sent, do.React).emoji == ("one", "two", "three", "alarm_clock")
    direct = Place(id="dm", kind="D")
    for emoji in ("two", "alarm_clock"):
        desk.take(
            ReactionAdded(
                at=desk.now,
                emoji=emoji,
                once=emoji,
                asker=BOB,
                place=direct,
                post_id=f"own{tell.message_id}",
                message_id=tell.message_id,
            )
        )
    assert desk.ask(lambda store: store.task(4).state) == "done"
    assert "2 tasks of" in told(wait(desk, hours=1))[0].content.text


def test_the_assignee_is_told_before_and_at_the_time_and_the_list_shows_it() -> None:
    desk = begun()
    desk.commands("due 2.1 10h", place=RUN)
    soon = one(told(wait(desk, hours=9)), do.Tell)
    assert (soon.person_id, soon.content.text) == ("bob", "⏰ **2.1** Roll back · due Tue 24 Nov, 00:00 UTC.")
    assert [control.label for control in soon.content.cards[0].controls] == ["Done", "Snooze…", "Open"]
    found = wait(desk, hours=1)
    assert one(told(found), do.Tell).content.text == "⏰ **2.1** Roll back · was due 00:00 UTC."
    assert one(found, do.Delete).message_id == soon.message_id
    assert any("**overdue since 01:00**" in words_of(edit.content.cards[0]) for edit in all_of(found, do.Edit))
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
    assert any("**overdue since 16:00**" in words_of(edit.content.cards[0]) for edit in all_of(found, do.Edit))


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
    assert "😴 I remind you of **2.1** “Roll back” again 15:15 UTC." in words_of(one(found, do.Edit).content.cards[0])
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
    assert "is not due at a certain time any more" in words_of(edit.content.cards[0])
    assert [control.label for control in edit.content.cards[0].controls] == ["Done", "Open"]


def test_a_reminder_shows_that_somebody_has_done_the_task() -> None:
    desk = begun()
    desk.commands("due 2.1 1h", place=RUN)
    tell = one(told(wait(desk, hours=1)), do.Tell)
    found = desk.presses("task.done", 3, by=BOB)
    edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
    assert "is done · @bob" in words_of(edit.content.cards[0])
    assert edit.content.cards[0].controls == ()


def pressed(desk: Desk, message: int, choice: str, task: int = 3) -> ButtonPressed:
    if not desk.ask(lambda store: store.message(message).post_id):
        desk.stands(message)
    return ButtonPressed(
        at=desk.now, action="task.snooze", arg=str(task), choice=choice, asker=BOB, place=RUN, message_id=message,
        post_id=f"own{message}",
    )  # fmt: skip
