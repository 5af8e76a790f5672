"""What is done to tasks, checklists and digests is told as data, whoever asks; what cannot be is refused before."""

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

import pytest
from desk import ALICE, BOB, Desk, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.operations.change_lists import add_list, change_list
from handlers.operations.digest_settings import DigestTurned, turn_digest
from handlers.operations.edit_tasks import add_task, edit_tasks, turn_tasks
from handlers.operations.run_slash_command import run_slash_command
from handlers.operations.snooze_tasks import snooze_tasks
from handlers.operations.undo_change import last_change, undo_change
from handlers.rules import ordering
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from store import Checklist, Run

ANSWERS = do.Answer | do.Ask | do.Refuse | do.Correct
Deed = Generator[do.Effect, None, Any]


class Asking:
    """Calls operations of a run, as a page would, and keeps what followed."""

    def __init__(self) -> None:
        self.desk = Desk()
        started_run(self.desk)
        self.effects: list[do.Effect] = []

    def __call__(self, deed: Callable[[Context, Run], Deed]) -> Any:
        with self.desk.database.transaction() as store:
            run = store.run(1)
            assert run is not None
            return self._told(deed(Context(self.desk.now, store, self.desk.here), run))

    def _told(self, deed: Deed) -> Any:
        self.effects = []
        while True:
            try:
                self.effects.append(next(deed))
            except StopIteration as end:
                assert not [effect for effect in self.effects if isinstance(effect, ANSWERS)]
                return end.value

    @property
    def tasks(self) -> list[str]:
        return self.desk.ask(lambda store: [f"{task.title}: {task.state}" for task in store.tasks(1)])

    @property
    def changes(self) -> list[str]:
        return self.desk.ask(lambda store: [change.kind for change in reversed(store.changes(1))])


@pytest.fixture
def ask() -> Asking:
    return Asking()


def some(ctx: Context, run: Run, *numbers: str) -> list[Numbered]:
    return [one for one in progress(ctx, run).tasks if one.number in numbers]


def rows(ctx: Context, run: Run) -> tuple[Checklist, ...]:
    return progress(ctx, run).checklists


def numbers(found: tuple[Numbered, ...]) -> list[str]:
    return [one.number for one in found]


def test_turning_tells_which_tasks_were_turned_and_which_were_left_alone(ask: Asking) -> None:
    first = ask(lambda ctx, run: turn_tasks(ctx, run, some(ctx, run, "1.1"), "check", ALICE))
    both = ask(lambda ctx, run: turn_tasks(ctx, run, some(ctx, run, "1.1", "1.2"), "check", BOB))
    none = ask(lambda ctx, run: turn_tasks(ctx, run, some(ctx, run, "1.2"), "check", BOB))
    assert (numbers(first.tasks), numbers(both.tasks), numbers(both.left)) == (["1.1"], ["1.2"], ["1.1"])
    assert first.key
    assert first.key != both.key
    assert (none.key, none.tasks, ask.effects) == ("", (), [])
    assert ask.changes == ["check", "check"]


def test_an_edit_names_the_tasks_as_they_are_called_now(ask: Asking) -> None:
    def moved(ctx: Context, run: Run) -> Deed:
        return edit_tasks(ctx, run, some(ctx, run, "1.1"), TaskEdit(place=(rows(ctx, run)[1], 1)), ALICE)

    assert numbers(ask(moved).tasks) == ["2.1"]
    copied = ask(lambda ctx, run: edit_tasks(ctx, run, some(ctx, run, "2.1"), TaskEdit(also="duplicate"), ALICE))
    assert (numbers(copied.tasks), numbers(copied.copies)) == (["2.1"], ["2.2"])
    gone = ask(lambda ctx, run: edit_tasks(ctx, run, some(ctx, run, "2.2", "2.3"), TaskEdit(also="remove"), ALICE))
    assert numbers(gone.tasks) == ["2.2", "2.3"]
    same = ask(lambda ctx, run: edit_tasks(ctx, run, some(ctx, run, "2.1"), TaskEdit(description=""), ALICE))
    assert (same.key, ask.effects) == ("", [])
    assert ask.changes == ["move", "duplicate", "remove"]


def test_an_edit_is_called_by_what_it_changes(ask: Asking) -> None:
    soon = ask.desk.now + timedelta(hours=1)
    for edit in (
        TaskEdit(title="A", description="B", command="/c"),
        TaskEdit(assignees=["bob"]),
        TaskEdit(due_at=soon),
        TaskEdit(words=["green"], words_by=["bob"]),
        TaskEdit(title="D", state="done"),
    ):
        assert ask(lambda ctx, run, edit=edit: edit_tasks(ctx, run, some(ctx, run, "1.1"), edit, ALICE)).key
    assert ask.changes == ["edit", "assign", "due", "words", "change"]


def test_those_who_get_a_task_are_told_whoever_asks(ask: Asking) -> None:
    ask(lambda ctx, run: edit_tasks(ctx, run, some(ctx, run, "1.1"), TaskEdit(assignees=["bob"]), ALICE))
    assert [tell.person_id for tell in ask.effects if isinstance(tell, do.Tell)] == ["bob"]


def test_a_task_is_added_to_a_checklist_or_to_a_first_one(ask: Asking) -> None:
    added = ask(lambda ctx, run: add_task(ctx, run, rows(ctx, run)[0], TaskEdit(title="New"), ALICE))
    assert numbers(added.tasks) == ["1.3"]
    for _ in range(2):
        ask(lambda ctx, run: change_list(ctx, run, rows(ctx, run)[0], ALICE, verb="remove"))
    assert numbers(ask(lambda ctx, run: add_task(ctx, run, None, TaskEdit(title="New"), ALICE)).tasks) == ["1.1"]


def test_a_checklist_is_added_and_changed(ask: Asking) -> None:
    added = ask(lambda ctx, run: add_list(ctx, run, "Afterwards", ["Tell", "Write"], ALICE))
    assert (added.checklist.position, added.checklist.title) == (3, "Afterwards")
    changed = ask(lambda ctx, run: change_list(ctx, run, rows(ctx, run)[2], ALICE, title="After", at=1, verb="skip"))
    assert (changed.checklist.position, changed.verb, changed.is_renamed) == (1, "skip", True)
    same = ask(lambda ctx, run: change_list(ctx, run, rows(ctx, run)[0], ALICE, title="After", at=1))
    assert (same.key, same.is_renamed) == ("", False)
    assert ask.tasks[:2] == ["Tell: skipped", "Write: skipped"]
    assert ask.changes == ["add", "skip"]


def test_undoing_tells_which_change_it_took_back(ask: Asking) -> None:
    key = ask(lambda ctx, run: turn_tasks(ctx, run, some(ctx, run, "1.1"), "check", ALICE)).key
    undone = ask(lambda ctx, run: undo_change(ctx, run, last_change(ctx, run, ALICE), ALICE))
    assert (undone.key, undone.undone_by) == (key, "alice")
    assert ask.tasks[0].endswith("open")


def test_a_reminder_is_put_off_for_who_asks(ask: Asking) -> None:
    until = ask.desk.now + timedelta(hours=2)
    snoozed = ask(lambda ctx, run: snooze_tasks(ctx, run, some(ctx, run, "1.2"), until, ALICE))
    assert (numbers(snoozed.tasks), snoozed.until) == (["1.2"], until)


def test_a_digest_is_turned_off_and_on(ask: Asking) -> None:
    def turned(*, on: bool) -> DigestTurned:
        with ask.desk.database.transaction() as store:
            return turn_digest(Context(ask.desk.now, store, ask.desk.here), "alice", "daily", on=on)

    assert [turned(on=on) for on in (False, False, True)] == [
        DigestTurned("daily", on=False, before=True),
        DigestTurned("daily", on=False, before=False),
        DigestTurned("daily", on=True, before=False),
    ]


def test_a_command_that_is_not_run_is_told_with_the_reason(ask: Asking) -> None:
    ask(lambda ctx, run: edit_tasks(ctx, run, some(ctx, run, "1.1"), TaskEdit(command="/jira create"), ALICE))
    asked = ask(lambda ctx, run: run_slash_command(ctx, run, some(ctx, run, "1.1")[0], ALICE))
    assert (asked.command, asked.trouble, ask.effects) == ("/jira create", "changed", [])


def edit(**wanted: Any) -> Callable[[Context, Run], Deed]:
    return lambda ctx, run: edit_tasks(ctx, run, some(ctx, run, "1.1"), TaskEdit(**wanted), ALICE)


CANNOT: dict[str, tuple[Callable[[Context, Run], Deed], str]] = {
    "no title": (edit(title=""), "title"),
    "a long title": (edit(title="x" * 201), "title"),
    "a long description": (edit(description="x" * 3001), "description"),
    "no command": (edit(command="jira"), "command"),
    "long words": (edit(words=["x" * 101]), "words"),
    "many people": (edit(words_by=["alice"] * 51), "people"),
    "words of a stranger": (edit(words=["x"], words_by=["stranger"]), "people"),
    "a stranger": (edit(assignees=["stranger"]), "assignee"),
    "a new task without a title": (lambda ctx, run: add_task(ctx, run, None, TaskEdit(), ALICE), "title"),
    "a list without a title": (lambda ctx, run: add_list(ctx, run, "", (), ALICE), ""),
    "a list with a long task": (lambda ctx, run: add_list(ctx, run, "A", ["x" * 201], ALICE), ""),
    "a list's long title": (lambda ctx, run: change_list(ctx, run, rows(ctx, run)[0], ALICE, title="x" * 201), "title"),
    "nothing to undo": (lambda ctx, run: undo_change(ctx, run, last_change(ctx, run, ALICE), ALICE), ""),
    "no reminder": (lambda ctx, run: snooze_tasks(ctx, run, some(ctx, run, "1.1"), ctx.now, ALICE), ""),
    "a task without a command": (lambda ctx, run: run_slash_command(ctx, run, some(ctx, run, "1.1")[0], ALICE), ""),
}


@pytest.mark.parametrize("case", CANNOT)
def test_what_cannot_be_is_refused_before_anything_is_changed(ask: Asking, case: str) -> None:
    deed, part = CANNOT[case]
    ask.desk.strangers.add("stranger")
    ask.desk.in_team("stranger", "alice")
    before = ask.tasks
    with pytest.raises(do.Refused) as refused:
        ask(deed)
    assert (refused.value.field, ask.tasks, ask.changes) == (part, before, [])


@pytest.mark.parametrize("deed", ["task", "copy", "list", "copied list"])
def test_a_full_run_takes_no_more(ask: Asking, deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "MOST_TASKS", 5)
    deeds: dict[str, Callable[[Context, Run], Deed]] = {
        "task": lambda ctx, run: add_task(ctx, run, None, TaskEdit(title="A"), ALICE),
        "copy": edit(also="duplicate"),
        "list": lambda ctx, run: add_list(ctx, run, "A", ["B"], ALICE),
        "copied list": lambda ctx, run: change_list(ctx, run, rows(ctx, run)[0], ALICE, verb="duplicate"),
    }
    with pytest.raises(do.Refused, match="at most"):
        ask(deeds[deed])
    assert (len(ask.tasks), ask.changes) == (5, [])
