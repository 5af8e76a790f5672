"""What a run's playbook does by itself: begun when its occasion comes, in its order, once per run unless it repeats."""

from collections.abc import Sequence
from typing import Literal

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import Person
from handlers.operations.perform_action import begin
from handlers.operations.settle_action import settle
from handlers.rules.action_rows import follows, holds_up, is_repeated, may_follow, rows_of
from handlers.views.action_words import AGAIN_NOT
from handlers.views.announcement import show_news
from store import ActionRow, ActionState, ActionWhy, Occasion, Run, Task


def automate(ctx: Context, run: Run, on: Occasion, by_id: str, task: Task | None = None) -> Effects:
    """Do what a run's playbook plans for an occasion that somebody (`by_id`) brought about; `task` is the one done."""
    if not may_follow(run, on):
        return
    due = [row for row in rows_of(ctx, run) if follows(run, row, on, task) and _is_due(row)]
    for row in due:
        row.cause(ctx.now, by_id, task.id if task is not None else None)
    yield from _go_on(ctx, run, due)


def came_of(
    ctx: Context, run: Run, row: ActionRow, state: ActionState, why: ActionWhy | Literal[""] = "", about: str = ""
) -> Effects:
    """Note what became of an action that was under way, and do those that waited for it."""
    yield from settle(ctx, run, row, state, why, about)
    together = (row.occasion, row.task_id, row.caused_at)
    batch = [one for one in rows_of(ctx, run) if (one.occasion, one.task_id, one.caused_at) == together]
    yield from _go_on(ctx, run, batch)


def again(ctx: Context, run: Run, row: ActionRow, by: Person) -> Effects:
    """Repeat an action, whether it was done, skipped or failed. Raises `Refused` where it cannot be, or not now."""
    if row.kind in AGAIN_NOT:
        raise ctx.refused("why", "not_again")
    if row.is_under_way:
        raise ctx.refused("why", "under_way")
    if row.caused_at is None:
        raise ctx.refused("why", "not_yet")
    row.cause(ctx.now, by.id, row.task_id)
    row.told_at = None
    if row.kind == "broadcast":
        yield from show_news(ctx, run)
    yield from begin(ctx, run, row)


def _is_due(row: ActionRow) -> bool:
    """Return whether an action is done now that its occasion comes: not twice, and not while it is under way.

    A run starts once: what was done on the way there is over, whatever became of it.
    """
    if row.occasion == "start":
        return row.caused_at is None
    return is_repeated(row) or not (row.times or row.is_under_way)


def _go_on(ctx: Context, run: Run, batch: Sequence[ActionRow]) -> Effects:
    """Begin what waits its turn, in its order, up to one that must be known to be done before others are."""
    has_stopped = False
    for row in batch:
        if row.waits_its_turn and has_stopped:
            yield from settle(ctx, run, row, "skipped", "stopped")
        elif row.waits_its_turn:
            yield from begin(ctx, run, row)
        if holds_up(row):
            if row.is_under_way:
                return
            has_stopped = has_stopped or row.state == "failed"
