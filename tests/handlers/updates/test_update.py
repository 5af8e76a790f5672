"""Status updates and their reminders: asked for until one comes, put off, told elsewhere."""

from datetime import timedelta

import pytest
from desk import ALICE, BOB, INCIDENT, START, Desk, all_of, one, started_run, words_of
from sqlmodel import select

from handlers import effects as do
from handlers.events import JobDue, PlaceClosed, Undeliverable
from handlers.playbooks.playbook import Playbook
from handlers.text.words import calls_in
from store import Job, WhyClosed

QUIET = INCIDENT.updates.model_copy(update={"broadcast": ("~nowhere", "~town-square")})


def due(desk: Desk) -> list[do.Effect]:
    ids = desk.ask(lambda store: list(store.due_jobs(desk.now, 100)))
    return [effect for id in ids for effect in desk.take(JobDue(at=desk.now, job_id=id))]


def reminders(effects: list[do.Effect]) -> list[do.Post]:
    return [post for post in all_of(effects, do.Post) if "⏰ A status update is due" in post.content.text]


def update(desk: Desk, text: str, by: object = ALICE, **values: str) -> list[do.Effect]:
    dialog = one(desk.presses("update.ask", 1), do.Ask).dialog
    return desk.submits(dialog, by=by, text=text, **{"next": "1800"} | values)  # type: ignore[arg-type]


def test_the_first_reminder_comes_when_the_playbook_says_and_calls_the_owner() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=29)
    assert reminders(due(desk)) == []
    desk.later(minutes=1)
    (asked,) = reminders(due(desk))
    assert asked.content.text == "@alice ⏰ A status update is due for **Checkout is down**."
    (posted,) = reminders([effect for effect in desk.sent if isinstance(effect, do.Post) and effect.content.cards])
    assert calls_in(posted.content.text) == {"alice"}
    assert [control.label for control in asked.content.cards[0].controls] == ["Post update", "Snooze…"]


def test_what_is_due_before_the_channel_stands_waits_for_it() -> None:
    """Nothing comes where nobody can go, nothing is planned meanwhile, and nothing is swallowed."""
    task = {"title": "Open a bridge call", "due": "15m", "assignee": "@bob"}
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"checklists": [{"title": "Triage", "tasks": [task]}]}))
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Checkout is down", summary="")
    job_ids = desk.ask(lambda store: [row.id for row in store.session.exec(select(Job))])
    desk.later(hours=3)
    assert (due(desk), desk.ask(lambda store: store.next_due())) == ([], None)
    assert [desk.take(JobDue(at=desk.now, job_id=id)) for id in job_ids] == [[]] * len(job_ids)
    desk.opens()
    assert desk.ask(lambda store: store.next_due()) < desk.now
    found = due(desk)
    assert len(reminders(found)) == 1
    assert [tell.person_id for tell in all_of(found, do.Tell) if "Open a bridge call" in str(tell)] == ["bob"]
    assert due(desk) == []


def test_it_is_repeated_until_an_update_comes_and_the_older_one_is_closed() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=30)
    (first,) = reminders(due(desk))
    desk.later(minutes=15)
    found = due(desk)
    (second,) = reminders(found)
    assert second.content.text == "@alice ⏰ A status update is due (2. reminder) for **Checkout is down**."
    closed = next(edit for edit in all_of(found, do.Edit) if edit.message_id == first.message_id)
    assert closed.content.cards[0].controls == ()
    assert "A newer reminder stands below" in words_of(closed.content.cards[0])
    answered = update(desk, "Rolling back", by=BOB)
    closed = next(edit for edit in all_of(answered, do.Edit) if edit.message_id == second.message_id)
    assert "✅ @bob posted update 1." in words_of(closed.content.cards[0])
    desk.later(minutes=29)
    assert due(desk) == []


def test_a_reminder_that_two_processes_take_comes_once() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=30)
    due_ids = desk.ask(lambda store: list(store.due_jobs(desk.now, 100)))
    (id,) = [one_id for one_id in due_ids if desk.ask(lambda store, i=one_id: store.job(i).kind) == "update"]
    assert reminders(desk.take(JobDue(at=desk.now, job_id=id)))
    assert desk.take(JobDue(at=desk.now, job_id=id)) == []
    assert desk.take(JobDue(at=desk.now, job_id=999)) == []


def test_after_a_night_without_the_bot_one_reminder_comes() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(hours=14)
    assert len(reminders(due(desk))) == 1
    assert due(desk) == []


@pytest.mark.parametrize("seconds", [900, 1800, 3600, 14400, 86400])
def test_a_snooze_puts_it_off_and_says_until_when(seconds: int) -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=30)
    due(desk)
    found = desk.presses("reminder.snooze", 1, by=BOB, choice=str(seconds))
    assert any(
        "😴 @bob snoozed the update until" in words_of(card)
        for edit in all_of(found, do.Edit)
        for card in edit.content.cards
    )
    desk.later(seconds=seconds - 1)
    assert due(desk) == []
    desk.later(seconds=1)
    assert len(reminders(due(desk))) == 1


@pytest.mark.parametrize("choice", ["", "7", "-900", "x", "9" * 5000])
def test_a_snooze_that_the_menu_never_had_is_asked_for_again(choice: str) -> None:
    desk = Desk()
    started_run(desk)
    assert "menu" in one(desk.presses("reminder.snooze", 1, choice=choice), do.Refuse).text


def test_an_update_goes_to_the_channel_and_to_those_that_the_playbook_names() -> None:
    desk = Desk()
    started_run(desk)
    found = update(desk, "We roll **back**. @all look")
    here, first, there = all_of(found, do.Post)
    assert (here.place_id, first.place_id, there.place_id, there.under) == (
        "channel1",
        "town",
        "town",
        first.message_id,
    )
    assert here.content.text.startswith("**Update 1 · Checkout is down**\n\nWe roll **back**. @\u2060all look")
    assert "[Checkout is down](https://chat.example.com/ops/channels/checkout-is-down-1)" in there.content.text
    assert "next update 15:30 CET · by @alice" in words_of(here.content.cards[0])


def test_a_run_in_a_channel_that_it_tells_says_it_there_once() -> None:
    desk = Desk()
    desk.commands("run incident-response here Checkout is down")
    assert [post.place_id for post in all_of(update(desk, "Rolling back."), do.Post)] == ["town"]


def test_an_update_starts_from_the_last_one() -> None:
    desk = Desk()
    started_run(desk)
    assert one(desk.presses("update.ask", 1), do.Ask).dialog.entries[0].default == "What changed?"
    update(desk, "First")
    dialog = one(desk.presses("update.ask", 1), do.Ask).dialog
    assert dialog.entries[0].default == "First"
    assert "~town-square" in dialog.intro
    assert dialog.entries[1].default in [option.value for option in dialog.entries[1].options]


def test_a_task_that_waits_for_an_update_is_done_by_one_and_nobody_is_reminded_of_it() -> None:
    first = {"title": "Write the first status update", "assignee": "owner", "due": "30m", "done_when": {"update": True}}
    lists = [{"title": "Assess", "tasks": [first, "Look at it"]}]
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"checklists": lists}))
    place = started_run(desk)
    assert "**1.1** Write the first status update · as soon as a status update is posted" in str(
        desk.commands("done-when", place=place)
    )
    update(desk, "Rolling back", by=BOB)
    task = desk.ask(lambda store: store.task(1))
    assert (task.state, task.changed_by) == ("done", "bob")
    assert desk.ask(lambda store: store.task(2).state) == "open"
    desk.later(minutes=29)
    assert due(desk) == []
    desk.later(minutes=1)
    assert [post.content.text for post in reminders(due(desk))]
    desk.commands("uncheck 1.1", place=place)
    assert "No words complete **1.1**" in one(desk.commands("done-when 1.1 off", place=place), do.Answer).content.text
    assert "let no words complete it" in str(desk.commands("history 1.1", place=place))
    update(desk, "All is well")
    assert desk.ask(lambda store: store.task(1).state) == "open"


@pytest.mark.parametrize("text", ["What changed?", "  What changed?\r\n", "What  changed?"])
def test_a_template_that_was_not_filled_in_is_no_update_by_dialog_and_by_command(text: str) -> None:
    desk = Desk()
    place = started_run(desk)
    refused = one(update(desk, text), do.Correct)
    assert "still the template" in refused.errors["text"]
    found = desk.commands(f"update next=2h {text}", place=place)
    assert "still the template" in one(found, do.Refuse).text
    assert (desk.run().updates, desk.run().last_update_text, all_of(found, do.Post)) == (0, "", [])
    assert desk.run().update_due_at == START + timedelta(minutes=30)
    assert all_of(update(desk, f"{text}\nWe roll back."), do.Post)


def test_no_further_update_ends_the_reminders() -> None:
    desk = Desk()
    started_run(desk)
    found = update(desk, "Done for today", next="0")
    assert "no further update planned" in words_of(all_of(found, do.Post)[0].content.cards[0])
    desk.later(days=3)
    assert reminders(due(desk)) == []
    assert "No update is due" in one(desk.presses("reminder.snooze", 1, choice="900"), do.Refuse).title


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " \n"}, "text"),
        ({"text": "x" * 3001}, "text"),
        ({"text": "x", "next": ""}, "next"),
        ({"text": "x", "next": "9" * 5000}, "next"),
        ({"text": "x", "next": "-1"}, "next"),
        ({"text": "x", "next": "²"}, "next"),
    ],
)
def test_a_dialog_with_a_mistake_stays_open_and_nothing_is_posted(values: dict[str, str], field: str) -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("update.ask", 1), do.Ask).dialog
    assert field in one(desk.submits(dialog, **{"next": "1800"} | values), do.Correct).errors  # type: ignore[arg-type]
    assert desk.run().updates == 0


def test_an_update_submitted_twice_is_posted_once() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("update.ask", 1), do.Ask).dialog
    assert desk.submits(dialog, text="x", next="1800", once="same")
    assert desk.submits(dialog, text="x", next="1800", once="same") == []


def test_an_update_by_command_is_posted_or_asked_for() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "Update 1 is posted" in one(desk.commands("update Rolling back", place=place), do.Answer).content.text
    assert one(desk.commands("update", place=place), do.Ask)
    assert (
        "Write the update behind the command"
        in one(desk.commands("update", place=place, trigger=""), do.Answer).content.text
    )
    refused = one(desk.commands("update " + "x" * 16000, place=place), do.Refuse)
    assert "3000 characters at most, yours has 16000" in refused.text
    assert desk.run().updates == 1


@pytest.mark.parametrize(
    ("words", "text", "minutes", "every"),
    [
        ("next=2h Rolling back", "Rolling back", 120, 7200),
        ("NEXT=1h30m Rolling back", "Rolling back", 90, 5400),
        ('next="1h 30m" Rolling back', "Rolling back", 90, 5400),
        ("next=“tomorrow 9am” Quiet", "Quiet", 18 * 60, 1800),
        ("next=17:30 Quiet", "Quiet", 150, 1800),
        ("next=none All is well", "All is well", 0, 0),
        ("Rolling back", "Rolling back", 30, 1800),
        ("in 2h we know more", "in 2h we know more", 30, 1800),
        ("next 2h: we watch the graphs", "next 2h: we watch the graphs", 30, 1800),
        ("next=tomorrow 5pm All good", "All good", 26 * 60, 1800),
        ("next=2h 30m Rolling back", "Rolling back", 150, 9000),
        ("next = 2h Rolling back", "Rolling back", 120, 7200),
        ("next=\N{NO-BREAK SPACE}in 2 hours Rolling back", "Rolling back", 120, 7200),
        ("—next=1d The next shift takes over", "The next shift takes over", 1440, 86400),
        ("--next=17:30 UTC\n- one\n- two", "- one\n- two", 210, 1800),
        ("next = none All is well", "All is well", 0, 0),
        ("next=no one All is well", "All is well", 0, 0),
        ("next=1 month Quiet", "Quiet", 30 * 1440, 1800),
        ("We wait; next=2h", "We wait; next=2h", 30, 1800),
        ("ｎｅｘｔ＝２ｈ Quiet", "Quiet", 120, 7200),
        ("--next 2h Quiet", "Quiet", 120, 7200),
        ("—next 2h Quiet", "Quiet", 120, 7200),
        ("next=2h\n- 2 servers left", "- 2 servers left", 120, 7200),
        ('next="never" all is well', "all is well", 0, 0),
    ],
)
def test_the_time_of_the_next_update_is_written_before_its_text(
    words: str, text: str, minutes: int, every: int
) -> None:
    desk = Desk()
    place = started_run(desk)
    said = one(desk.commands(f"update {words}", place=place), do.Answer).content.text
    run = desk.run()
    assert (run.last_update_text, run.update_every) == (text, every)
    assert run.update_due_at == (desk.now + timedelta(minutes=minutes) if minutes else None)
    assert ("the next one is due" if minutes else "no further one is planned") in said
    desk.later(minutes=minutes or 5000)
    assert len(reminders(due(desk))) == (1 if minutes else 0)


@pytest.mark.parametrize(
    "when", ["soon", "", "1s", "0m", "2020-01-01", "9999d", '"tomorrow 9am', "@all", "`x`", "today 9:00",
             "tomorrow 5 people,", "2h 30 servers", "in 2 people", "friday 5 people", "next friday",
             "tomorrow Morning shift:",
             "tomorrow morning shift", "2h 30m of", "2h Second", "monday at 9 people", "2h tomorrow", "2h tomorrow we",
             "2h or 3h:", "2h & 30m", "2h +30m", "2h + 30m", "17:00 - 18:00", "tomorrow or friday", "in 2h or so",
             "5pm at the latest", "5pm sharp", "2h and 30", "no more updates,", "never again,", "nobody knows,",
             "none of the above,"],
)  # fmt: skip
def test_a_time_that_nobody_can_read_posts_nothing_and_is_explained(when: str) -> None:
    desk = Desk()
    place = started_run(desk)
    refused = one(desk.commands(f"update next={when} Rolling back", place=place), do.Refuse)
    assert refused.text.endswith("Nothing was posted.")
    assert "@all" not in refused.text
    assert desk.run().updates == 0


def test_a_time_without_a_text_is_taken_into_the_dialog() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.commands("update next=2h", place=place), do.Ask).dialog
    assert dialog.entries[1].default == "7200" in [option.value for option in dialog.entries[1].options]
    assert one(desk.commands("update next=none", place=place), do.Ask).dialog.entries[1].default == "0"


def test_a_channel_that_cannot_be_told_is_named() -> None:
    desk = Desk(INCIDENT.model_copy(update={"updates": QUIET}))
    started_run(desk)
    found = update(desk, "x")
    assert [post.place_id for post in all_of(found, do.Post)] == ["channel1", "town", "channel1", "town"]
    assert "did not go to ~nowhere" in all_of(found, do.Post)[2].content.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("forbidden", "I may not post there"),
        ("archived", "it is archived"),
        ("channel_gone", "the server refused it"),
    ],
)
def test_a_broadcast_that_did_not_arrive_is_told_in_the_runs_channel(reason: str, words: str) -> None:
    desk = Desk()
    started_run(desk)
    elsewhere = all_of(update(desk, "x"), do.Post)[1]
    lost = Undeliverable(at=desk.now, effect="Post", reason=reason, message_id=elsewhere.message_id, place_id="town")
    told = one(desk.take(lost), do.Post)
    assert told.place_id == "channel1"
    assert "~town-square" in told.content.text
    assert words in told.content.text
    assert ("/invite" in told.content.text) == (reason == "forbidden")
    assert not desk.run().closed_place


def test_in_a_closed_channel_the_owner_is_reminded_directly() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="archived"))
    desk.later(minutes=30)
    told = one(due(desk), do.Tell)
    assert (told.person_id, told.place_id) == ("alice", "")


@pytest.mark.parametrize(
    ("is_followed", "why", "told"),
    [
        (
            False,
            "archived",
            "is kept in the timeline of **Checkout is down**, but nobody was told: its channel was arch",
        ),
        (True, "removed", "is posted, but not in the channel of **Checkout is down**, which was closed to me"),
    ],
)
def test_what_a_closed_channel_cannot_be_told_is_not_said_to_be_posted(
    is_followed: bool, why: WhyClosed, told: str
) -> None:
    desk = Desk(INCIDENT.model_copy(update={"updates": INCIDENT.updates.model_copy(update={"broadcast": ()})}))
    place = started_run(desk)
    if is_followed:
        desk.commands("follow", by=BOB, place=place)
    dialog = one(desk.presses("update.ask", 1), do.Ask).dialog
    desk.take(PlaceClosed(at=desk.now, place_id=place.id, why=why))
    found = desk.commands("#1 update Rolled back")
    assert all_of(found, do.Post) == []
    assert told in one(found, do.Answer).content.text
    found = desk.submits(dialog, text="All is well", next="0")
    assert all_of(found, do.Post) == []
    assert told in all_of(found, do.Tell)[-1].content.text


def test_the_card_turns_red_while_an_update_is_overdue() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=31)
    shown = (card for edit in all_of(due(desk), do.Edit) for card in edit.content.cards)
    card = next(card for card in shown if card.title == "Checkout is down")
    assert card.colour == "red"
    assert "overdue since 15:30 CET" in card.fields[3].value
