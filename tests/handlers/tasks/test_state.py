"""Working a checklist by button, menu, dialog and command: who did what, and nothing is lost."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, CARLA, PUBLIC, START, Desk, all_of, one, started_run, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire.elements import element
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers import effects as do
from handlers.events import ButtonPressed, Place
from handlers.playbooks.playbook import Playbook


def checklist(effects: list[do.Effect]) -> do.Card:
    """Return the first checklist among the edits."""
    edits = all_of(effects, do.Edit)
    return next(edit.content.cards[0] for edit in edits if edit.content.cards[0].title.startswith("1 · "))


def task(desk: Desk, number: int) -> Any:
    return desk.ask(lambda store: store.task(number))


def test_a_press_does_the_task_and_shows_who_and_when_in_list_and_card() -> None:
    desk = Desk()
    started_run(desk)
    desk.later(minutes=5)
    found = desk.presses("task.done", 1, by=BOB)
    card = checklist(found)
    assert "- [x] ~~1.1 Acknowledge the alert~~ · @bob · 15:05" in words_of(card)
    assert card.footer.startswith("1 of 2 done")
    assert [control.label for control in card.controls] == ["✓ 1.2 Open a bridge call", "✋ Take 1.2", "Any task…"]
    assert any("1 of 5" in field.value for e in all_of(found, do.Edit) for c in e.content.cards for field in c.fields)


def test_a_list_that_is_done_is_green_and_keeps_its_menu() -> None:
    desk = Desk()
    started_run(desk)
    desk.presses("task.done", 1)
    card = checklist(desk.presses("task.done", 2))
    assert card.colour == "green"
    assert [control.label for control in card.controls] == ["Any task…"]


def test_of_two_who_press_at_once_the_first_did_it_and_both_see_so() -> None:
    desk = Desk()
    started_run(desk)
    desk.presses("task.done", 1, by=ALICE)
    second = desk.presses("task.done", 1, by=BOB)
    assert "@alice" in words_of(checklist(second))
    assert "@bob" not in words_of(checklist(second))
    assert [one.person_id for one in desk.ask(lambda store: store.moments(1)) if one.kind == "task_done"] == ["alice"]


def test_the_menu_opens_everything_about_a_task() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="2"), do.Ask).dialog
    assert dialog.title == "Task 1.2"
    assert {entry.name: entry.default for entry in dialog.entries} == {
        "state": "open", "assignee": "", "others": "", "due": "2026-11-23 15:15", "title": "Open a bridge call",
        "description": "", "command": "", "number": "1.2", "also": "",
    }  # fmt: skip
    assert [entry.name for entry in dialog.entries][:3] == ["state", "assignee", "due"]
    assert "CET" in dialog.entries[2].help


def test_the_dialog_shows_the_description_at_its_top_and_says_what_happens_besides() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("edit 1.1 description: **Who** is on call?\n- look", place=place)
    desk.commands("edit 1.1 command: /page @bob", place=place)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    assert dialog.intro == "**Acknowledge the alert**\n\n**Who** is on call?\n- look"
    also = next(entry for entry in dialog.entries if entry.name == "also")
    assert "once you save" in also.help
    assert also.options[0].text == "Run /page @bob"
    desk.commands(f"edit 1.1 description: {'word ' * 500}", place=place)
    assert len(one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog.intro) < 330


@pytest.mark.parametrize("state", ["done", "skipped", "in_progress", "open"])
def test_the_dialog_puts_a_task_into_any_state(state: str) -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    desk.submits(dialog, state=state, due="")
    assert task(desk, 1).state == state


def test_the_dialog_assigns_and_the_list_names_the_assignee() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    found = desk.submits(dialog, state="in_progress", assignee="carla", due="17:30")
    assert "- [ ] **1.1** Acknowledge the alert · in progress · @carla · due 17:30" in words_of(checklist(found))
    assert "task_assigned" in [one.kind for one in desk.ask(lambda store: store.moments(1))]
    taken = desk.submits(one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog, state="in_progress", due="")
    assert "@carla" not in words_of(checklist(taken))
    assert "due" not in words_of(checklist(taken)).splitlines()[0]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("30m", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("in 2h", datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
        ("17:30", datetime(2026, 11, 23, 16, 30, tzinfo=UTC)),
        ("9:00", datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        ("2026-12-01 09:00", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_due_time_is_read_in_the_zone_of_who_writes_it(words: str, at: datetime | None) -> None:
    desk = Desk()
    started_run(desk)
    desk.submits(one(desk.presses("task.choose", 1, choice="2"), do.Ask).dialog, due=words, state="open")
    assert task(desk, 2).due_at == at


@pytest.mark.parametrize(
    "words", ["soon", "25:00", "2026-13-01", "9999-12-31 23:59", "0001-01-01", "99999999d", "@all"]
)
def test_a_due_time_that_cannot_be_read_is_asked_for_again(words: str) -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    assert "due" in one(desk.submits(dialog, due=words, state="done", once="same"), do.Correct).errors
    assert task(desk, 1).state == "open"
    assert all_of(desk.submits(dialog, due="1h", state="done", once="same"), do.Edit)


def test_a_due_time_that_is_over_is_refused_but_one_that_was_there_may_stay() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="2"), do.Ask).dialog
    desk.later(hours=1)
    assert "over already" in one(desk.submits(dialog, due="2026-11-23 14:30"), do.Correct).errors["due"]
    found = desk.submits(dialog, due="2026-11-23 15:15", state="in_progress")
    assert "**overdue since 15:15**" in words_of(checklist(found))


def test_a_dialog_submitted_twice_counts_once() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    desk.submits(dialog, state="done", once="same", due="")
    desk.commands("uncheck 1.1", place=Place(id="channel1", team_id="t1", kind="P"))
    assert desk.submits(dialog, state="done", once="same", due="") == []
    assert task(desk, 1).state == "open"


def test_a_value_that_the_dialog_never_offered_changes_nothing() -> None:
    desk = Desk()
    started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    desk.submits(dialog, state="exploded", assignee="nobody-known", due="")
    assert (task(desk, 1).state, task(desk, 1).assignees) == ("open", [])


@pytest.mark.parametrize("choice", ["", "99", "x", "-1", "9" * 30, "9" * 5000, "٣"])
def test_a_choice_from_an_old_menu_is_out_of_date(choice: str) -> None:
    desk = Desk()
    started_run(desk)
    assert "gone" in one(desk.presses("task.choose", 1, choice=choice), do.Refuse).title


def test_a_task_of_another_list_is_not_chosen_from_this_one() -> None:
    desk = Desk()
    started_run(desk)
    assert one(desk.presses("task.choose", 1, choice="3"), do.Refuse)


def test_a_button_of_a_task_that_never_was_is_refused() -> None:
    assert one(Desk().presses("task.done", 77), do.Refuse)


def test_a_copied_button_is_out_of_date() -> None:
    desk = Desk()
    place = started_run(desk)
    message = next(e for e in desk.sent if isinstance(e, do.Post) and e.place_id == "channel1").message_id
    for post, expected in (("somewhere-else", do.Refuse), (f"own{message}", do.Edit)):
        event = ButtonPressed(
            at=desk.now, action="task.done", arg="1", asker=ALICE, place=place, message_id=message, post_id=post
        )
        assert all_of(desk.take(event), expected)


def test_an_action_that_no_version_knows_any_more_is_out_of_date() -> None:
    assert "Out of date" in one(Desk().presses("task.explode", 1), do.Refuse).title


@pytest.mark.parametrize(
    ("action", "arg"),
    [("task.done", 1), ("task.choose", 1), ("update.ask", 1), ("finish.ask", 1), ("reminder.snooze", 1)],
)
def test_who_takes_no_part_is_told_whom_to_ask(action: str, arg: int) -> None:
    desk = Desk(PUBLIC)
    started_run(desk)
    refused = one(desk.presses(action, arg, by=CARLA, choice="1"), do.Refuse)
    assert "ask the owner @alice to add you" in refused.text
    assert task(desk, 1).state == "open"


def test_an_administrator_may_always_help() -> None:
    desk = Desk()
    started_run(desk)
    assert all_of(desk.presses("task.done", 1, by=ADMIN), do.Edit)


@pytest.mark.parametrize(
    ("action", "arg"), [("task.done", 1), ("task.choose", 1), ("update.ask", 1), ("finish.ask", 1)]
)
def test_a_finished_run_does_not_change_and_says_who_ended_it(action: str, arg: int) -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    desk.commands("finish now", place=place, by=BOB)
    refused = one(desk.presses(action, arg, choice="1"), do.Refuse)
    assert "was finished by @bob at 15:00 CET" in refused.text
    assert "was finished by @bob" in one(desk.submits(dialog, state="done", due=""), do.Correct).error
    assert task(desk, 1).state == "open"


def test_check_and_uncheck_by_command() -> None:
    desk = Desk()
    place = started_run(desk)
    assert (
        "✓ **2.1** “Roll back” is done. ▰▱▱▱▱▱▱▱ 1 of 5."
        in one(desk.commands("check 2.1", place=place), do.Answer).content.text
    )
    again = one(desk.commands("check #2.1", place=place, by=BOB), do.Answer).content.text
    assert "was already done by @alice. `/playbook uncheck 2.1` opens it again" in again
    assert "is open again" in one(desk.commands("uncheck 2.1", place=place), do.Answer).content.text
    assert "already open" in one(desk.commands("uncheck 2.1", place=place), do.Answer).content.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check", "for example `/playbook check 1.1`"),
        ("check it", "No task is called “it”"),
        ("check 2.9", "The last one of that checklist is 2.3"),
        ("check 7.1", "This run has 2 checklists"),
        ("check " + "9" * 9000, "No task is called"),
    ],
)
def test_a_number_that_is_none_gets_help(words: str, said: str) -> None:
    desk = Desk()
    place = started_run(desk)
    (refused,) = desk.commands(words, place=place)
    assert isinstance(refused, do.Refuse)
    assert said in refused.text


@pytest.mark.parametrize(
    ("words", "done"),
    [("check o", "**1.2** “Open a bridge call” is done"), ("check 0002.0001", "**2.1** “Roll back” is done")],
)
def test_the_beginning_of_a_title_or_a_number_with_zeros_names_its_task(words: str, done: str) -> None:
    desk = Desk()
    assert done in one(desk.commands(words, place=started_run(desk)), do.Answer).content.text


# -- long lists

WORST = ["<" * 200, '"' * 200, "\\" * 200, "@" * 200, "&" * 200, "🔥" * 200, "*_" * 100, "word " * 40, "x"]
TITLES = st.one_of(st.sampled_from(WORST), st.text('<>&"\\*ab @', min_size=1, max_size=200).filter(str.strip))


def stored_by_go(content: do.Content) -> str:
    """Return the props of a message as a 5.37 server counts them: its own fields added, <, > and & written long."""
    writer = Writer(Signer("x" * 32), "https://muster.operations.example.com/hooks/muster")
    body = writer.body(content, key="k" * 26, revision=123456, message_id=1234567, now=START)
    empty = dict.fromkeys(
        ("fallback", "color", "pretext", "author_name", "author_link", "author_icon", "title", "title_link", "text",
         "image_url", "thumb_url", "footer", "footer_icon"), "",
    )  # fmt: skip
    body["props"]["attachments"] = [
        {"id": 0, **empty, "fields": None, "ts": None, **card} for card in body["props"]["attachments"]
    ]
    written = json.dumps(body["props"], ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def long_run(titles: list[str], heading: str = "Everything") -> tuple[Desk, list[do.Post]]:
    book = Playbook.model_validate(
        {"title": "Long", "start": "now", "checklists": [{"title": heading, "tasks": titles}]}
    )
    desk = Desk(book)
    desk.says("sev-1")
    desk.presses("prompt.start", 1)
    desk.opens()
    return desk, [e for e in desk.sent if isinstance(e, do.Post) and e.place_id == "channel1" and _is_list(e)]


def _is_list(post: do.Post) -> bool:
    return any(card.title.startswith("1 · ") for card in post.content.cards)


def options(post: do.Post | do.Edit) -> list[str]:
    menu = post.content.cards[0].controls[-1]
    assert isinstance(menu, do.Menu)
    *tasks, new, whole = [option.value for option in menu.options]
    assert (new, whole) == ("new", "list")
    return tasks


@settings(max_examples=25, deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=60), TITLES)
def test_a_long_list_is_spread_over_messages_that_the_oldest_server_takes(titles: list[str], heading: str) -> None:
    _, posts = long_run(titles, heading)
    assert [value for post in posts for value in options(post)] == [str(n + 1) for n in range(len(titles))]
    assert max(len(stored_by_go(post.content)) for post in posts) <= 8000


def test_the_longest_list_loses_no_task_and_each_part_says_which_it_is() -> None:
    desk, posts = long_run([f"Task {n} " + "<" * 180 for n in range(500)])
    assert [value for post in posts for value in options(post)] == [str(n + 1) for n in range(500)]
    assert posts[1].content.cards[0].title == f"1 · Everything (2 of {len(posts)})"
    found = all_of(desk.presses("task.done", 500), do.Edit)
    changed = [edit for edit in found if edit.message_id == posts[-1].message_id]
    assert "@alice" in words_of(changed[0].content.cards[0])


def test_a_part_stays_under_the_budget_whatever_state_its_tasks_are_in() -> None:
    desk, posts = long_run(["<" * 200] * 7)
    for n in range(7):
        dialog = one(desk.presses("task.choose", 1, choice=str(n + 1)), do.Ask).dialog
        desk.submits(dialog, state="in_progress", assignee="alice", due="2027-03-03 10:00")
    desk.later(days=200)
    last = {edit.message_id: edit for edit in all_of(desk.presses("task.done", 1), do.Edit)}
    shown = [last[post.message_id].content for post in posts if post.message_id in last]
    assert max(len(stored_by_go(content)) for content in shown) <= 8000


def test_what_a_client_leaves_out_since_it_was_emptied_is_empty() -> None:
    desk = Desk()
    place = started_run(desk)
    for words in ("edit 1.1 description: Look.", "edit 1.1 command: /page"):
        desk.commands(words, place=place)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    filled = {entry.name: entry.default for entry in dialog.entries if entry.name not in ("description", "command")}
    desk.submits(dialog, **filled)
    task = desk.ask(lambda store: store.task(1))
    assert (task.description, task.command) == ("", "")


def test_a_dialog_of_an_older_version_without_these_fields_leaves_them_as_they_are() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("edit 1.1 description: Look.", place=place)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    desk.submits(dialog, state="done", assignee="", due="")
    task = desk.ask(lambda store: store.task(1))
    assert (task.state, task.title, task.description) == ("done", "Acknowledge the alert", "Look.")


def test_whom_a_task_is_for_is_told_to_the_client_by_id_and_by_name() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("assign 1.1 owner", place=place)
    dialog = one(desk.presses("task.choose", 1, choice="1"), do.Ask).dialog
    field = next(entry for entry in dialog.entries if entry.name == "assignee")
    assert (field.kind, field.default, field.options) == ("users", "alice", (do.Option("@alice", "alice"),))
    written = element(field)
    assert (written["data_source"], written["options"]) == ("users", [{"text": "@alice", "value": "alice"}])
