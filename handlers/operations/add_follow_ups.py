"""What a published retrospective says is still to be done becomes tasks of the run's own checklist for that."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.change_tasks import follow
from handlers.rules import follow_ups, ordering, permissions
from handlers.rules.assignees import people_in
from handlers.rules.change_log import operation
from handlers.rules.follow_ups import FollowUp
from store import Checklist, RetroSection, Run, Task


@dataclass(frozen=True, slots=True)
class FollowUpsTaken:
    """How many follow-ups became tasks, and how many tasks are otherwise now as their lines are.

    `left_out` are who has none of them, by name, as they may not be brought into the run.
    """

    added: int = 0
    changed: int = 0
    left_out: tuple[str, ...] = ()


def add_follow_ups(
    ctx: Context, run: Run, sections: Iterable[RetroSection], by: Person, before: str = ""
) -> Doing[FollowUpsTaken]:
    """Make tasks of the follow-ups of some sections, and change those whose lines say something else than `before`.

    A line that was there before is no task anew, whatever has become of its task. What brings people in needs the
    right to do that. Raises `Refused` for more than a checklist has room for.
    """
    row = follow_ups.list_of(ctx, run)
    tasks = [one for one in ctx.store.tasks(run.id, removed=True) if row is not None and one.checklist_id == row.id]
    known = {follow_ups.key_of(task.title): task for task in tasks}
    found, changed = dict[str, FollowUp](), list[tuple[Task, FollowUp, FollowUp]]()
    for section in sections:
        old = follow_ups.written(ctx, run, section, before)
        for key, one in follow_ups.written(ctx, run, section, section.text).items():
            task, was = known.get(key), old.get(key)
            if task is not None and was is not None and task.removed_at is None and _says_else(one, was):
                changed.append((task, one, was))
            elif task is None and not one.is_done and (was is None or was.is_done):
                found.setdefault(key, one)
    if not found and not changed:
        return FollowUpsTaken()
    _require_room(ctx, sum(task.removed_at is None for task in tasks) + len(found))
    title = ctx.say("retro_questions", ctx.readers_of(run))["title_follow_ups"]
    with operation(ctx, run, by, "add" if found else "edit", title) as change:
        for task, one, was in changed:
            _take_over(task, _allowed(ctx, run, one, by), was, by, ctx.now)
        row = row or _new_list(ctx, run, title)
        for one in found.values():
            _add(ctx, run, row, _allowed(ctx, run, one, by))
    yield from follow(ctx, run, change)
    wished = [*found.values(), *(one for _, one, _ in changed)]
    return FollowUpsTaken(len(found), len(changed), _left_out(ctx, run, wished, by))


def _allowed(ctx: Context, run: Run, one: FollowUp, by: Person) -> FollowUp:
    """Return a follow-up without those who would come into the run by it, if who asks may not bring them in."""
    if permissions.may(ctx, "people", by, run):
        return one
    inside = [id for id in one.assignees if not permissions.brought_in(ctx, run, people_in(ctx, run, [id]))]
    return replace(one, assignees=tuple(inside))


def _left_out(ctx: Context, run: Run, wished: Iterable[FollowUp], by: Person) -> tuple[str, ...]:
    left = {id for one in wished for id in one.assignees if id not in _allowed(ctx, run, one, by).assignees}
    return tuple(sorted(f"@{ctx.username(one)}" for one in left))


def _says_else(now: FollowUp, was: FollowUp) -> bool:
    return (now.assignees, now.when, now.is_done) != (was.assignees, was.when, was.is_done)


def _take_over(task: Task, now: FollowUp, was: FollowUp, by: Person, at: datetime) -> None:
    """Let a task be as its line is, in what the line says otherwise than before."""
    if now.assignees != was.assignees:
        task.assignees = list(now.assignees)
    if now.when != was.when:
        task.due_at = now.due_at
    if now.is_done != was.is_done:
        task.turn("done" if now.is_done else "open", by.id, at)


def _require_room(ctx: Context, count: int) -> None:
    """Raise `Refused` for too many follow-ups; how many tasks the run had does not matter, as those are over."""
    if count > ordering.MOST_TASKS:
        raise ordering.too_many(ctx)


def _new_list(ctx: Context, run: Run, title: str) -> Checklist:
    row = ordering.add_checklist(ctx, run, title)
    row.kind = "follow_ups"
    return row


def _add(ctx: Context, run: Run, row: Checklist, one: FollowUp) -> None:
    task = ordering.add(ctx, run, row, one.title)
    task.assignees, task.due_at = list(one.assignees), one.due_at
