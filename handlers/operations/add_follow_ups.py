"""What a published retrospective says is still to be done becomes tasks of the run's own checklist for that."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.change_tasks import follow
from handlers.rules import follow_ups, ordering, permissions
from handlers.rules.assignees import people_in
from handlers.rules.change_log import operation
from handlers.rules.follow_ups import FollowUp
from store import Checklist, RetroSection, Run


@dataclass(frozen=True, slots=True)
class Added:
    """How many tasks came; `left_out` are who has none of them, by name, as they may not be brought into the run."""

    tasks: int = 0
    left_out: tuple[str, ...] = ()


NONE = Added()


def add_follow_ups(ctx: Context, run: Run, sections: Iterable[RetroSection], by: Person) -> Doing[Added]:
    """Add the follow-ups of some sections that are no tasks yet; what brings people in needs the right to do that.

    Raises `Refused` where the run has no room for so many tasks.
    """
    row = follow_ups.list_of(ctx, run)
    there = {
        follow_ups.key_of(task.title)
        for task in ctx.store.tasks(run.id, removed=True)
        if row is not None and task.checklist_id == row.id
    }
    found = [one for one in follow_ups.written_in(ctx, run, sections) if follow_ups.key_of(one.title) not in there]
    if not found:
        return NONE
    ordering.require_room(ctx, run, len(found))
    kept = [_allowed(ctx, run, one, by) for one in found]
    title = ctx.say("retro_questions", ctx.readers_of(run))["title_follow_ups"]
    with operation(ctx, run, by, "add", title) as change:
        row = row or _new_list(ctx, run, title)
        for one in kept:
            _add(ctx, run, row, one)
    yield from follow(ctx, run, change)
    left_out = {id for one, given in zip(found, kept, strict=True) for id in one.assignees if id not in given.assignees}
    return Added(len(kept), tuple(sorted(f"@{ctx.username(one)}" for one in left_out)))


def _allowed(ctx: Context, run: Run, one: FollowUp, by: Person) -> FollowUp:
    """Return a follow-up without those who would come into the run by it, if who asks may not bring them in."""
    if permissions.may(ctx, "people", by, run):
        return one
    inside = [id for id in one.assignees if not permissions.brought_in(ctx, run, people_in(ctx, run, [id]))]
    return replace(one, assignees=tuple(inside))


def _new_list(ctx: Context, run: Run, title: str) -> Checklist:
    row = ordering.add_checklist(ctx, run, title)
    row.kind = "follow_ups"
    return row


def _add(ctx: Context, run: Run, row: Checklist, one: FollowUp) -> None:
    task = ordering.add(ctx, run, row, one.title)
    task.assignees, task.due_at = list(one.assignees), one.due_at
