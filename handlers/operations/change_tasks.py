"""Changing a run's tasks: one operation that can be undone, and all that follows for those who see or do the tasks."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.context import Context, known_person
from handlers.effects import Effects
from handlers.operations.happenings import happened
from handlers.operations.participants import bring_in, is_in
from handlers.rules import due_reminders
from handlers.rules.assignees import people_in, people_of
from handlers.rules.progress import Numbered
from handlers.views.assignment import tell_assigned
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from store import MomentKind, NewChange, Run, Task, TaskState

_TURNED: Mapping[TaskState, MomentKind] = {
    "open": "task_open",
    "in_progress": "task_in_progress",
    "done": "task_done",
    "skipped": "task_skipped",
}


@dataclass(frozen=True, slots=True)
class TasksChanged:
    """What became of tasks, by their numbers now: meant, copied, and left alone as they were so already.

    `key` is what the change is undone by, empty where nothing changed.
    """

    key: str
    tasks: tuple[Numbered, ...]
    copies: tuple[Numbered, ...] = ()
    left: tuple[Numbered, ...] = ()


def follow(ctx: Context, run: Run, change: NewChange, post_id: str = "") -> Effects:
    """Let timeline, people, reminders and messages follow an operation; `post_id` is the message that said so."""
    rows, by, is_copy = change.rows, change.by, change.kind == "duplicate"
    if not rows:
        return
    note_states(ctx, run, rows, by, post_id)
    told = {by}
    for one in rows:
        if one["table"] == "task" and "assignees" in one["after"]:
            yield from _about_people(ctx, run, one, by, told, is_copy=is_copy and one["before"] is None)
    in_place = run.id not in ctx.rearranged and all(one["table"] == "task" for one in rows)
    yield from settled(ctx, run, changed={one["id"] for one in rows} if in_place else None)
    for one in rows:
        task = ctx.store.task(one["id"]) if one["table"] == "task" and "state" in one["after"] else None
        if task is not None and one["before"] is not None and task.state == "done":
            yield from happened(ctx, run, "task.done", by, task)


def settled(ctx: Context, run: Run, *, again: Container[int] = (), changed: Collection[int] | None = None) -> Effects:
    """Show everywhere how a run's tasks stand now, and plan their reminders anew; `changed` as for checklists."""
    due_reminders.plan(ctx, run)
    yield from refresh_checklists(ctx, run, again=again, changed=changed)
    yield from refresh_card(ctx, run)


def note_states(ctx: Context, run: Run, rows: Sequence[dict[str, Any]], by: str, post_id: str = "") -> None:
    """Enter into the timeline which of the changed tasks are in another state now."""
    for one in rows:
        if one["table"] == "task" and one["before"] is not None and "state" in one["after"]:
            task = ctx.store.task(one["id"])
            assert task is not None
            ctx.note(run, _TURNED[task.state], by, subject=task.title, post_id=post_id, task=task.id)


def _about_people(ctx: Context, run: Run, row: dict[str, Any], by: str, told: set[str], *, is_copy: bool) -> Effects:
    """Enter into the timeline whom a task is for, and tell those who were not `told` of another of these tasks."""
    task = ctx.store.task(row["id"])
    assert task is not None
    if row["before"] is not None:
        who = ", ".join(f"@{ctx.username(one)}" for one in people_of(ctx, run, task))
        ctx.note(run, "task_assigned", by, subject=f"{task.title}: {who}" if who else task.title)
    before = row["before"]["assignees"] if row["before"] else []
    had = people_in(ctx, run, before)
    for person_id in people_of(ctx, run, task):
        # Nobody chose the people of a copy: who has left meanwhile is not fetched back.
        if person_id not in (*had, *told) and task.is_open and (not is_copy or is_in(ctx, run, person_id)):
            told.add(person_id)
            yield from tell_theirs(ctx, run, task, person_id)


def tell_theirs(ctx: Context, run: Run, task: Task, person_id: str) -> Effects:
    """Tell somebody that a task is theirs, and let them take part, so that they can do it."""
    found = ctx.store.person(person_id)
    if found is not None and found.is_active and not is_in(ctx, run, person_id):
        yield from bring_in(ctx, run, [known_person(found)])
    yield from tell_assigned(ctx, run, task, person_id)
