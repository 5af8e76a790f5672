"""What a published retrospective says is still to be done becomes tasks of the run's own checklist for that."""

from collections.abc import Iterable, Sequence
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
class Added:
    """How many tasks came, and how many are otherwise now, as their lines are.

    `left_out` are who has none of them, by name, as they may not be brought into the run.
    """

    tasks: int = 0
    left_out: tuple[str, ...] = ()
    changed: int = 0


NONE = Added()


def add_follow_ups(
    ctx: Context, run: Run, sections: Iterable[RetroSection], by: Person, before: str = ""
) -> Doing[Added]:
    """Make tasks of the follow-ups of some sections, and change those whose lines say something else than `before`.

    A line that was there before is no task anew, whatever has become of its task. What brings people in needs the right
    to do that. Raises `Refused` for more than a checklist has room for.
    """
    row = follow_ups.list_of(ctx, run)
    tasks = [one for one in ctx.store.tasks(run.id, removed=True) if row is not None and one.checklist_id == row.id]
    found, changed = _read(ctx, run, sections, before, tasks)
    if not found and not changed:
        return NONE
    _require_room(ctx, sum(task.removed_at is None for task in tasks) + len(found))
    said = [*found, *(now for _, now, was in changed if now.assignees != was.assignees)]
    out = {one: _kept_out(ctx, run, one, by) for one in said}
    title = ctx.say("retro_questions", ctx.readers_of(run))["title_follow_ups"]
    with operation(ctx, run, by, "add" if found else "edit", title) as change:
        for task, one, was in changed:
            _take_over(task, _without(one, out.get(one, ())), was, by, ctx.now)
        row = row or _new_list(ctx, run, title)
        for one in found:
            _add(ctx, run, row, _without(one, out[one]))
    yield from follow(ctx, run, change)
    names = {f"@{ctx.username(person_id)}" for ids in out.values() for person_id in ids}
    return Added(len(found), tuple(sorted(names)), len(changed))


def _read(
    ctx: Context, run: Run, sections: Iterable[RetroSection], before: str, tasks: Sequence[Task]
) -> tuple[list[FollowUp], list[tuple[Task, FollowUp, FollowUp]]]:
    """Return which lines are new, and the tasks whose lines say something else, with that and what they said."""
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
    return list(found.values()), changed


def _kept_out(ctx: Context, run: Run, one: FollowUp, by: Person) -> tuple[str, ...]:
    """Return who would come into the run by a follow-up, if who asks may not bring them in."""
    if permissions.may(ctx, "people", by, run):
        return ()
    return tuple(id for id in one.assignees if permissions.brought_in(ctx, run, people_in(ctx, run, [id])))


def _without(one: FollowUp, out: Sequence[str]) -> FollowUp:
    return replace(one, assignees=tuple(id for id in one.assignees if id not in out))


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
