"""What a published retrospective says is still to be done becomes tasks of the run's own checklist for that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.change_tasks import follow
from handlers.rules import follow_ups, ordering
from handlers.rules.change_log import operation
from handlers.rules.follow_ups import FollowUp
from store import Checklist, RetroSection, Run, Task


@dataclass(frozen=True, slots=True)
class FollowUpsTaken:
    """How many follow-ups became tasks, and how many tasks are otherwise now as their lines are."""

    added: int = 0
    changed: int = 0


def add_follow_ups(
    ctx: Context, run: Run, sections: Iterable[RetroSection], by: Person, before: str = ""
) -> Doing[FollowUpsTaken]:
    """Make tasks of the follow-ups of some sections, and change those whose lines say something else than `before`.

    A line that was there before is no task anew, whatever has become of its task. Raises `Refused` for more
    than a checklist has room for.
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
            _take_over(task, one, was, by, ctx.now)
        row = row or _new_list(ctx, run, title)
        for one in found.values():
            _add(ctx, run, row, one)
    yield from follow(ctx, run, change)
    return FollowUpsTaken(len(found), len(changed))


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
