"""Follow-ups: lines of a retrospective become tasks that are worked on, reminded of and listed after the end."""

from datetime import timedelta
from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, GUEST, Desk, all_of, one, words_of
from retrospects import book, finished, text_of

from handlers import effects as do
from handlers.context import Context
from handlers.events import PersonJoined, Place
from handlers.messages.current import current
from handlers.operations.write_retrospective import write_section
from handlers.playbooks.playbook import Playbook
from store import Task

LINES = "- [ ] @bob fix the probe by friday\n- [ ] @alice write it down by 2026-12-01 17:00\n- [x] told support"


def published(lines: str = LINES, playbook: Playbook | None = None) -> tuple[Desk, Place, list[do.Effect]]:
    """Return a desk with a run of which a retrospective with these lines was published."""
    desk, place, _ = finished(playbook)
    desk.commands(f"retro 3 {lines}", place=place)
    found = desk.commands("retro publish anyway", place=place)
    for post in all_of(found, do.Post):
        desk.stands(post.message_id)
    return desk, place, found


def follow_ups(desk: Desk) -> list[Task]:
    def asked(store: object) -> list[Task]:
        rows = [row.id for row in store.checklists(1) if row.kind == "follow_ups"]  # type: ignore[attr-defined]
        return [task for task in store.tasks(1) if task.checklist_id in rows]  # type: ignore[attr-defined]

    return list(desk.ask(asked))


def test_lines_become_tasks_of_a_checklist_of_their_own() -> None:
    desk, _, found = published()
    bobs, alices = follow_ups(desk)
    assert (bobs.title, bobs.assignees, bobs.planned) == ("fix the probe", ["bob"], 0)
    assert f"{bobs.due_at:%a %d %H:%M}" == "Fri 27 08:00", "nine o'clock in Berlin, where who wrote it lives"
    assert (alices.title, f"{alices.due_at:%d %H:%M}") == ("write it down", "01 16:00")
    assert bobs.added_at == desk.now
    told = [tell for tell in all_of(found, do.Tell) if tell.person_id == "bob"]
    assert "fix the probe" in text_of(told, do.Tell)
    assert [control.label for control in told[0].content.cards[0].controls][:1] == ["Done"]
    assert "2 follow-ups came into the run's checklist" in one(found, do.Answer).content.text


def test_who_may_not_bring_people_in_does_not_by_a_follow_up() -> None:
    desk, place, _ = published()
    desk.take(PersonJoined(at=desk.now, place=place, person=GUEST))
    assert all_of(desk.commands("assign 3.1 @carla", GUEST, place=place), do.Refuse)
    found = desk.commands("retro 3 - [ ] @carla @bob look here by friday", GUEST, place=place)
    assert [each for each in all_of(found, do.Invite) if "carla" in each.person_ids] == []
    assert [each for each in all_of(found, do.Tell) if each.person_id == "carla"] == []
    assert follow_ups(desk)[-1].assignees == ["bob"]
    assert "carla: bringing people into this run is not yours" in one(found, do.Answer).content.text
    desk.commands("retro 3 - [ ] @carla look there by friday", place=place)
    assert follow_ups(desk)[-1].assignees == ["carla"]


def test_they_are_worked_on_after_the_end_by_every_command() -> None:
    desk, place, _ = published()
    said = {
        "start 3.1": "in progress", "check 3.1": "is done", "uncheck 3.1": "open again", "skip 3.1": "skipped",
        "restore 3.1": "", "take 3.1": "@alice", "assign 3.1 @bob": "@bob", "due 3.1 tomorrow 5pm": "due",
        "edit 3.1 Fix both probes": "Fix both probes", "add 3 Tell the vendor": "Tell the vendor",
        "duplicate 3.1": "", "move 3.3 3.1": "", "history 3.1": "", "remove 3.4": "", "undo": "",
    }  # fmt: skip
    for words, expected in said.items():
        found = desk.commands(words, place=place)
        assert all_of(found, do.Refuse) == [], words
        assert expected in words_of(one(found, do.Answer).content), words


@pytest.mark.parametrize(
    "words",
    ["check 1.2", "check 3.1, 1.2", "assign 2.1 @bob", "add 1 More", "move 3.1 1", "move 1.2 3", "skip 2.1-3.1",
     "remove 2.1", "remove @bob", "checklist rename 3 Later", "checklist remove 3", "update Hm", "set a b"],
)  # fmt: skip
def test_all_else_of_the_run_stays_as_it_was_at_the_end(words: str) -> None:
    desk, place, _ = published()
    assert "was finished" in one(desk.commands(words, place=place), do.Refuse).text


def test_without_follow_ups_a_finished_run_refuses_as_ever() -> None:
    desk, place, _ = published("Nothing")
    assert follow_ups(desk) == []
    assert "was finished" in one(desk.commands("add 1 More", place=place), do.Refuse).text


def test_the_checklist_has_its_buttons_and_the_others_have_none() -> None:
    desk, place, found = published()
    mine = next(post for post in all_of(found, do.Post) if "3 · Follow-ups" in post.content.cards[0].title)
    done = mine.content.cards[0].controls[0]
    found = desk.presses(done.action, done.arg, BOB, place=place, message=0)
    assert follow_ups(desk)[0].state == "done"
    menu = mine.content.cards[0].controls[-1]
    dialog = one(desk.presses(menu.action, menu.arg, choice="new", place=place), do.Ask).dialog
    values = {entry.name: entry.default for entry in dialog.entries}
    desk.submits(dialog, place=place, **values | {"title": "One more"})
    assert [task.title for task in follow_ups(desk)][-1] == "One more"
    dialog = one(desk.presses("task.pick", follow_ups(desk)[1].id, place=place), do.Ask).dialog
    values = {entry.name: entry.default for entry in dialog.entries}
    desk.submits(dialog, place=place, **values | {"title": "Write it all down"})
    assert follow_ups(desk)[1].title == "Write it all down"


def test_who_has_them_is_reminded_after_the_end() -> None:
    desk, _, _ = published("- [ ] @bob fix the probe by tomorrow 5pm")
    due = follow_ups(desk)[0].due_at
    assert due is not None
    desk.now = due - timedelta(hours=1)
    soon = [tell for tell in all_of(desk.what_is_due(), do.Tell) if tell.person_id == "bob" and tell.message_id]
    assert any("fix the probe" in words_of(tell.content) for tell in soon)
    desk.now = due
    late = [tell for tell in all_of(desk.what_is_due(), do.Tell) if tell.person_id == "bob"]
    assert any("fix the probe" in words_of(tell.content) for tell in late)
    snooze = next(
        control for tell in late for card in tell.content.cards for control in card.controls
        if isinstance(control, do.Menu)
    )  # fmt: skip
    assert all_of(desk.presses(snooze.action, snooze.arg, BOB, choice="3600"), do.Refuse) == []
    desk.later(hours=1)
    assert any(tell.person_id == "bob" for tell in all_of(desk.what_is_due(), do.Tell))


def test_they_stand_in_todo_and_in_the_mornings_digest() -> None:
    desk, _, _ = published()
    said = words_of(one(desk.commands("todo", BOB), do.Answer).content)
    assert "fix the probe" in said
    assert "write it down" not in said
    assert "open for" not in said
    desk.now = desk.now.replace(hour=8, minute=0) + timedelta(days=1)
    digests = [tell for tell in all_of(desk.what_is_due(), do.Tell) if tell.person_id == "bob"]
    assert any("fix the probe" in words_of(tell.content) for tell in digests)
    assert "open for 1 day" not in words_of(digests[0].content), "not a whole one yet"
    desk.later(days=11)
    assert "open for 11 days" in words_of(one(desk.commands("todo", BOB), do.Answer).content)


def test_one_who_was_not_there_is_brought_in_and_can_do_theirs() -> None:
    desk, place, found = published("- [ ] @carla check the alert by friday")
    invite = one(found, do.Invite)
    assert (invite.person_ids, invite.place_id) == (("carla",), place.id)
    desk.take(PersonJoined(at=desk.now, place=place, person=CARLA))
    assert "is done" in words_of(one(desk.commands("check 3.1", CARLA, place=place), do.Answer).content)


def test_what_lacks_an_owner_or_a_date_comes_all_the_same() -> None:
    desk, _, _ = published("- [ ] fix the probe\n- [ ] @nobody-known look at it by friday\n- [ ] @owner tell all")
    assert [(task.title, task.assignees, task.due_at is None) for task in follow_ups(desk)] == [
        ("fix the probe", [], True),
        ("look at it", [], False),
        ("tell all", ["role:owner"], True),
    ]


def test_what_is_written_later_comes_too_and_nothing_comes_twice() -> None:
    desk, place, _ = published()
    desk.commands("check 3.1", place=place)
    found = desk.commands("retro 3 - [ ] @bob test the backup by friday", place=place)
    assert "1 follow-up came" in one(found, do.Answer).content.text
    assert [task.title for task in follow_ups(desk)] == ["fix the probe", "write it down", "test the backup"]
    desk.commands("remove 3.3", place=place)
    desk.commands("retro 3 one more word", place=place)
    assert [task.title for task in follow_ups(desk)] == ["fix the probe", "write it down"]


def test_a_renamed_one_is_no_task_anew() -> None:
    desk, place, _ = published()
    desk.commands("edit 3.1 Fix both probes", place=place)
    found = desk.commands("retro 3 Thanks to all", place=place)
    assert all_of(found, do.Tell) == [], "Bob has heard of it"
    assert [task.title for task in follow_ups(desk)] == ["Fix both probes", "write it down"]


def rewritten(desk: Desk, place: Place, text: str) -> list[do.Effect]:
    return desk.submits(one(desk.commands("retro 3", place=place), do.Ask).dialog, place=place, text=text)


def test_what_a_line_says_otherwise_later_its_task_takes_over() -> None:
    desk, place, _ = published("- [ ] @bob fix the probe\n- [ ] @alice write it down by friday\n- [ ] tell support")
    desk.commands("due 3.2 tomorrow 5pm", place=place)
    kept = follow_ups(desk)[1].due_at
    desk.later(days=2)
    lines = ("- [x] @bob fix the probe", "- [ ] @alice write it down by friday", "- [ ] tell support @bob by friday")
    rewritten(desk, place, "\n".join(lines))
    fixed, written, told = follow_ups(desk)
    assert (fixed.state, fixed.changed_by) == ("done", "alice")
    assert (written.due_at, written.assignees) == (kept, ["alice"]), "its line says what it did"
    assert (told.assignees, told.due_at is not None) == (["bob"], True)
    found = desk.commands("retro 3 - [ ] more", place=place)
    assert "1 follow-up came" in one(found, do.Answer).content.text


def test_an_answer_says_that_tasks_are_as_their_lines() -> None:
    desk, _, _ = published("- [ ] @bob fix the probe")
    section = desk.ask(lambda store: store.retro_sections(1)[2])
    assert section.text
    _, done = desk.does(write_section, section.id, "- [ ] @bob fix the probe by friday", ALICE, str(section.version))
    assert (done.added.tasks, done.added.changed) == (0, 1)
    assert follow_ups(desk)[0].due_at is not None


def test_who_is_not_there_and_what_can_mean_two_days_is_said_before() -> None:
    desk, place, _ = finished()
    desk.later(days=(7 - desk.now.weekday()) % 7)
    lines = "- [ ] @ghost @bob fix it by tomorrow\n- [ ] @nobody-known look\n- [ ] ask support @bob until next friday"
    desk.commands(f"retro 3 {lines}", place=place)
    said = one(desk.commands("retro publish", place=place), do.Ask).dialog.intro
    assert "fix it: nobody called @ghost is in the team" in said
    assert "look: no owner and no date; nobody called @nobody-known is in the team" in said
    assert "ask support until next friday: no date; “next friday” can mean more than one time" in said
    desk.commands("retro publish anyway", place=place)
    assert [(task.title, task.assignees) for task in follow_ups(desk)][-1] == (
        "ask support until next friday",
        ["bob"],
    )


def test_a_run_full_of_tasks_has_room_for_them() -> None:
    desk, place, _ = finished()

    def fill(store: Any) -> None:
        row = store.checklists(1)[0]
        store.add_all([Task(run_id=1, checklist_id=row.id, position=at, title=f"{at}") for at in range(500)])

    desk.ask(fill)
    desk.commands("retro 3 - [ ] fix it", place=place)
    desk.commands("retro publish anyway", place=place)
    assert [task.title for task in follow_ups(desk)] == ["fix it"]


def test_a_day_counts_from_when_it_was_written() -> None:
    desk, place, _ = finished()
    desk.commands("retro 3 - [ ] @bob fix it by tomorrow", place=place)
    written = desk.now
    desk.later(days=3)
    assert "fix it: its date is over" in one(desk.commands("retro publish", place=place), do.Ask).dialog.intro
    desk.commands("retro publish anyway", place=place)
    due = follow_ups(desk)[0].due_at
    assert due is not None
    assert due.date() == (written + timedelta(days=1)).date()


def test_they_are_no_part_of_how_far_the_run_came() -> None:
    desk, place, _ = published()
    (card,) = desk.ask(lambda store: list(store.messages("card", run_id=1)))
    assert "1 of 5" in str(desk.ask(lambda store: current(Context(desk.now, store, desk.here), card)))
    desk.commands("restart", place=place)
    dialog = one(desk.commands("finish", place=place), do.Ask).dialog
    assert "4 tasks are still open" in dialog.intro
    assert "fix the probe" not in dialog.intro


def test_they_belong_to_no_facts() -> None:
    desk, place, _ = published()
    desk.commands("restart", place=place)
    desk.commands("check 3.1", BOB, place=place)
    desk.commands("finish now", ALICE, place=place)
    again = words_of(one(desk.commands("retro", place=place), do.Answer).content)
    assert "fix the probe: done" not in again
    assert book().title == "Incident response"
