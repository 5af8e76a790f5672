"""What a published retrospective says is still to be done becomes tasks of the run's own checklist for that."""

from collections.abc import Iterable

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.change_tasks import follow
from handlers.rules import follow_ups, ordering
from handlers.rules.change_log import operation
from handlers.rules.follow_ups import FollowUp
from store import Checklist, RetroSection, Run


def add_follow_ups(ctx: Context, run: Run, sections: Iterable[RetroSection], by: Person) -> Doing[int]:
    """Add the follow-ups of some sections that are no tasks yet, and return how many came.

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
        return 0
    ordering.require_room(ctx, run, len(found))
    title = ctx.say("retro_questions", ctx.readers_of(run))["title_follow_ups"]
    with operation(ctx, run, by, "add", title) as change:
        row = row or _new_list(ctx, run, title)
        for one in found:
            _add(ctx, run, row, one)
    yield from follow(ctx, run, change)
    return len(found)


def _new_list(ctx: Context, run: Run, title: str) -> Checklist:
    row = ordering.add_checklist(ctx, run, title)
    row.kind = "follow_ups"
    return row


def _add(ctx: Context, run: Run, row: Checklist, one: FollowUp) -> None:
    task = ordering.add(ctx, run, row, one.title)
    task.assignees, task.due_at = list(one.assignees), one.due_at
