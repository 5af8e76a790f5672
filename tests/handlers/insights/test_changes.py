"""What to change in a playbook: found from five runs on, proposed by one press, decided line by line, and patched."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, CARLA, GUEST, START, TOWN, Desk, all_of, one, words_of
from many_releases import TEXT, Made, a_desk, adding, late, skipping, task, usual

from handlers import effects as do
from handlers.context import Context
from handlers.events import Person, Place, Readers
from handlers.figures.findings import Finding, findings_of
from handlers.figures.keep import keep_figures
from handlers.figures.many_runs import Seen
from handlers.playbooks.changes import AddTask, RemoveKeyword, RemoveTask, SetDue, SetEvery
from handlers.playbooks.edit_text import edited
from handlers.playbooks.file import read_playbook
from store import Job, Prompt, PromptOffer, Store, Task
from store.queries.visible import NOTHING, STANDING

ALL = Seen((STANDING,), None)


def found(desk: Desk) -> list[Finding]:
    with desk.database.transaction() as store:
        return list(findings_of(Context(desk.now, store, desk.here, asks=False), store.playbook(1), ALL))


def asks(desk: Desk, word: str, states: list[str], run_id: int | None = None) -> None:
    with desk.database.transaction() as store:
        for number, state in enumerate(states):
            about = {"thread_id": f"{word}{number}", "post_id": f"{word}{number}", "author_id": "alice", "text": word}
            prompt = Prompt(place_id="town", team_id="t1", created_at=START, state=state, run_id=run_id, **about)
            store.add(prompt)
            offer = {"thread_id": prompt.thread_id, "playbook_id": 1, "keywords": word}
            store.add(PromptOffer(prompt_id=prompt.id, **offer))


def test_a_playbook_whose_runs_go_as_it_says_is_left_alone() -> None:
    assert found(a_desk()) == []


@pytest.mark.parametrize("tasks", [skipping, late, adding])
def test_fewer_than_five_runs_say_nothing(tasks: Made) -> None:
    assert found(a_desk(4, tasks)) == []
    assert found(a_desk(6, tasks)) != []


def test_a_task_that_is_always_skipped_is_to_go() -> None:
    assert found(a_desk(5, skipping)) == [Finding("skipped", "Freeze", 5, 5, RemoveTask("Before", "Freeze"))]


def test_one_that_is_done_now_and_then_stays() -> None:
    assert found(a_desk(8, lambda number: skipping(number) if number else usual(number))) == []


def test_a_task_that_is_always_late_gets_the_time_that_three_of_four_would_have_kept() -> None:
    """They were done 40 to 45 minutes after the start; the fifth of six lies at 44."""
    change = SetDue("Before", "Test", 45 * 60)
    assert found(a_desk(6, late)) == [Finding("late", "Test", 6, 6, change, 15 * 60, 45 * 60)]


def test_a_task_that_is_added_again_and_again_is_to_be_in_it_whatever_its_number() -> None:
    """The titles differ in capitals, digits and signs alone."""
    (one_found,) = found(a_desk(6, adding))
    assert (one_found.kind, one_found.count, one_found.n) == ("added", 3, 6)
    assert isinstance(one_found.change, AddTask)
    assert one_found.change.title.startswith("Call the vendor")


def test_what_is_added_twice_in_one_run_counts_once() -> None:
    assert found(a_desk(6, lambda number: [*usual(number), *([task("Page", 0, 9)] * 0)])) == []
    assert (
        found(a_desk(6, lambda number: usual(number) + ([task("Page", 0, n) for n in range(9)] if number == 1 else [])))
        == []
    )


def test_an_interval_that_nobody_keeps_becomes_what_they_keep() -> None:
    """Updates came after 50 and 60 minutes, by promises that were all broken."""
    change = SetEvery(60 * 60)
    assert found(a_desk(5, updates=(50, 110))) == [Finding("interval", "", 0, 10, change, 30 * 60, 60 * 60)]


def test_an_interval_that_nobody_ever_keeps_becomes_the_next_longer_one() -> None:
    def promised(store: Store) -> None:
        for run in range(1, 7):
            due = {"due_at": START, "done_at": START, "payload": {"round": 0}}
            store.add(Job(kind="update", subject=f"run:{run}", run_id=run, **due))
            keep_figures(Context(START, store, desk.here), store.run(run))

    desk = a_desk(6)
    desk.ask(promised)
    assert found(desk) == [Finding("silent", "", 0, 6, SetEvery(60 * 60), 30 * 60, 60 * 60)]


@pytest.mark.parametrize("done", [0, 1, 4])
def test_a_task_that_is_left_open_has_better_no_time(done: int) -> None:
    """Of ten runs `done` have it done late, so no time would have been kept by three of four."""
    due_at = START + timedelta(minutes=15)
    desk = a_desk(10, lambda n: [usual(n)[0], late(n)[1] if n < done else task("Test", 2, due_at=due_at), usual(n)[2]])
    (left,) = found(desk)
    assert left == Finding("left_open", "Test", 10 - done, 10, SetDue("Before", "Test", 0), 15 * 60)
    made = edited(TEXT, left.change)
    assert made == TEXT.replace("        due: 15m\n", "")


def test_opposite_tasks_are_two() -> None:
    def scaling(number: int) -> list[Task]:
        words = ("Scale up the web servers", "Scale down the web servers", "Unmount disk", "Mount disk")
        return [*usual(number), *(task(words[at], 0, 9) for at in ((0, 2) if number % 2 else (1, 3)))]

    seen = {one.subject: (one.count, one.n) for one in found(a_desk(6, scaling))}
    assert seen == dict.fromkeys(
        ("Scale up the web servers", "Scale down the web servers", "Unmount disk", "Mount disk"), (3, 6)
    )


def test_slips_of_the_pen_are_the_same_task() -> None:
    titles = ("Call the vendor", "call the vendors", "Call the vendorr #2")
    (added,) = found(a_desk(6, lambda n: [*usual(n), task(titles[n % 3], 0, 9)]))
    assert (added.kind, added.count, added.n) == ("added", 6, 6)


def test_copies_are_no_runs_and_a_task_that_is_renamed_in_its_run_stays_the_same() -> None:
    def copied(number: int) -> list[Task]:
        title = "Freeze now!" if number else "Freeze"
        return [*(task(title, 1, 5, state="skipped") for _ in range(2)), *usual(number)[1:]]

    assert found(a_desk(5, copied)) == [Finding("skipped", "Freeze", 5, 5, RemoveTask("Before", "Freeze"))]


def test_a_task_of_two_checklists_is_two() -> None:
    text = TEXT + "  - title: After\n    tasks:\n      - Freeze\n"
    book = read_playbook(text, "release.yaml")
    desk = a_desk(5, lambda n: [*usual(n), task("Freeze", 4, 5, state="skipped")], text=text, book=book)
    assert found(desk) == [Finding("skipped", "Freeze", 5, 5, RemoveTask("After", "Freeze"))]


def test_a_keyword_that_nobody_accepts_is_to_go() -> None:
    desk = a_desk()
    asks(desk, "fire", ["dismissed", "folded", "muted", "folded", "dismissed", "open"])
    asks(desk, "ship it", ["folded"] * 6 + ["started"], run_id=1)
    assert found(desk) == [Finding("keyword", "fire", 5, 5, RemoveKeyword("fire"))]


def test_runs_that_the_readers_may_not_see_say_nothing() -> None:
    desk = a_desk(6, skipping)
    with desk.database.transaction() as store:
        assert findings_of(Context(desk.now, store, desk.here), store.playbook(1), Seen((NOTHING,))) == ()


def proposed(desk: Desk, by: Person = ALICE, place: Place = TOWN) -> list[do.Effect]:
    return desk.presses("changes.show", 1, by=by, place=place)


def press(desk: Desk, effects: list[do.Effect], label: str, by: Person, at: int = 0) -> list[do.Effect]:
    """Press the button with a label on the message of a proposal."""
    content = next(each.content for each in reversed(effects) if hasattr(each, "content"))
    buttons = [each for card in content.cards for each in card.controls if each.label.startswith(label)]
    return desk.presses(buttons[at].action, buttons[at].arg, by=by)


def test_one_press_proposes_the_difference_in_the_thread() -> None:
    desk = a_desk(5, skipping)
    post = one(proposed(desk), do.Post)
    assert post.place_id == TOWN.id
    assert post.root_id
    text = words_of(post.content)
    assert "was skipped in 5 of 5 runs" in text
    assert "```diff" in text
    assert "-      - Freeze   # nobody does" in text
    assert "@bob" in text


def test_a_guest_who_reads_there_by_now_is_told_of_no_run_that_is_not_theirs() -> None:
    desk = a_desk(5, skipping)
    desk.readers = Readers(people=(GUEST,))
    found = proposed(desk)
    assert all_of(found, do.Post) == []
    assert "no run is over that everybody who reads here may see" in words_of(one(found, do.Answer).content)
    desk.readers = Readers(people=None)
    assert all_of(proposed(desk), do.Post) == []


def test_a_channel_of_a_few_is_told_of_the_runs_that_all_of_them_may_see() -> None:
    """The runs are private; all of the team may see none of them, those who read here each of them."""
    desk = a_desk(5, skipping)
    with desk.database.transaction() as store:
        for number in range(1, 6):
            run = store.run(number)
            run.channel_id, run.owner_id, run.creator_id = f"secret{number}", ALICE.id, BOB.id
    secret = Place(id="both", team_id="t1", kind="P", name="both", title="Both")
    assert all_of(proposed(desk), do.Post) == []
    desk.readers = Readers(people=(ALICE, BOB), are_all=True)
    assert "was skipped in 5 of 5 runs" in words_of(one(proposed(desk, place=secret), do.Post).content)
    desk.readers = Readers(people=(ALICE, BOB, CARLA), are_all=True)
    assert all_of(proposed(desk, place=secret), do.Post) == []


def test_only_an_admin_of_the_playbook_accepts() -> None:
    desk = a_desk(5, skipping)
    made = proposed(desk)
    for other in (ALICE, CARLA, GUEST):
        assert "@bob" in one(press(desk, made, "Accept", other), do.Refuse).text
    assert "accepted by" in words_of(one(press(desk, made, "Accept", BOB), do.Edit).content)
    assert "left as it is" in words_of(one(press(desk, made, "Leave", ADMIN), do.Edit).content)


def test_the_patch_has_what_was_accepted_and_applies_to_the_file() -> None:
    desk = a_desk(6, lambda number: [skipping(number)[0], late(number)[1], usual(number)[2]])
    made = proposed(desk)
    assert len(one(made, do.Post).content.cards) == 2
    edited = press(desk, made, "Accept", BOB, at=1)
    assert "Make the patch (1)" in [each.label for card in one(edited, do.Edit).content.cards for each in card.controls]
    done = press(desk, edited, "Make the patch", BOB)
    post = one(done, do.Post)
    assert post.attached is not None
    (file,) = post.attached.files
    assert file.name == "release.patch"
    patch = file.content.decode()
    assert patch.startswith("--- a/books/release.yaml\n+++ b/books/release.yaml\n@@ ")
    assert "-        due: 15m\n+        due: 45m\n" in patch
    assert "Freeze" not in "".join(line for line in patch.splitlines() if line[0] in "+-")
    assert "`patch -p1 < release.patch`" in post.content.text


def test_who_left_it_is_not_asked_again_for_three_months() -> None:
    desk = a_desk(5, skipping)
    press(desk, proposed(desk), "Leave", BOB)
    assert "its admins have left as it is" in words_of(one(proposed(desk), do.Answer).content)
    desk.later(days=91)
    assert one(proposed(desk), do.Post)


def test_by_command_it_comes_to_who_asked_alone() -> None:
    desk = a_desk(5, skipping)
    effects = desk.commands("insights release changes")
    assert one(effects, do.Tell).person_id == ALICE.id
    assert "by direct message" in words_of(one(effects, do.Answer).content)
    assert "Of which playbook" in one(desk.commands("insights changes"), do.Refuse).title


def test_where_no_press_arrives_the_patch_of_all_comes_at_once() -> None:
    desk = a_desk(5, skipping)
    desk.here = replace_here(desk, buttons=False)
    tell = one(desk.commands("insights release changes"), do.Tell)
    assert tell.attached is not None
    assert b"-      - Freeze" in tell.attached.files[0].content


def replace_here(desk: Desk, **changes: Any) -> Any:
    return replace(desk.here, **changes)


def test_a_starter_gets_the_whole_file() -> None:
    desk = a_desk(5, skipping)
    with desk.database.transaction() as store:
        store.playbook(1).source = "starter:release.yaml"
    edited = press(desk, proposed(desk), "Accept", BOB)
    post = one(press(desk, edited, "Make the patch", BOB), do.Post)
    assert post.attached is not None
    (file,) = post.attached.files
    assert file.name == "release.yaml"
    assert read_playbook(file.content.decode(), "f").checklists[0].tasks[0].title == "Test"


def test_a_text_that_cannot_be_edited_is_told_to_be_changed_by_hand() -> None:
    desk = a_desk(5, skipping, text="")
    post = one(proposed(desk), do.Post)
    assert "by hand" in words_of(post.content)
    edited = press(desk, [post], "Accept", BOB)
    made = one(press(desk, edited, "Make the patch", BOB), do.Post)
    assert made.attached is None
    assert "To be made by hand" in made.content.text


def test_where_the_server_takes_no_files_the_patch_stands_in_the_message() -> None:
    desk = a_desk(5, skipping)
    desk.here = replace_here(desk, file_limit=0)
    edited = press(desk, proposed(desk), "Accept", BOB)
    post = one(press(desk, edited, "Make the patch", BOB), do.Post)
    assert post.attached is None
    assert "-      - Freeze   # nobody does" in post.content.text


def test_nothing_is_proposed_of_a_private_playbook_to_others() -> None:
    desk = a_desk(5, skipping)
    with desk.database.transaction() as store:
        version = store.playbook_version(store.playbook(1))
        version.definition = version.definition | {"members": ["@bob"]}
    assert one(proposed(desk, CARLA), do.Refuse)
    assert not all_of(proposed(desk, CARLA), do.Post)


@pytest.mark.parametrize(
    ("runs", "why"), [(0, "no run is over"), (3, "3 runs are over"), (6, "its last 6 runs went as it says")]
)
def test_why_there_is_nothing_to_change_is_said(runs: int, why: str) -> None:
    assert why in words_of(one(proposed(a_desk(runs)), do.Answer).content)
