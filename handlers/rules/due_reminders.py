"""Planning the reminders of a run's tasks: one before a task is due, and one when it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.context import Context
from store import Reminder, Run, Task, any_due

SOON, DUE = "task_soon", "task_due"


def plan(ctx: Context, run: Run) -> None:
    """Make what is planned for a run's tasks fit how they stand now; nothing is planned for what is settled or over.

    What somebody put off for themselves stays: it says nothing while the task is settled, and waits if it opens again.
    """
    waiting = {task.id: task for task in _timed(ctx, run) if task.is_open}
    planned: dict[int, list[Reminder]] = {}
    for row in ctx.store.task_reminders(run.id):
        if row.person_id or row.task_id is None:
            continue
        planned.setdefault(row.task_id, []).append(row)
    for task_id, rows in planned.items():
        if not _fits(waiting.get(task_id), rows, ctx.now):
            for row in rows:
                row.done_at = ctx.now
        else:
            waiting.pop(task_id)
    for task in waiting.values():
        _plan(ctx, task)


def _timed(ctx: Context, run: Run) -> Sequence[Task]:
    # Few runs have tasks with a time, and this is asked with each change.
    is_timed = run.is_active and any_due(ctx.store.task_rows(run.id))
    return [task for task in ctx.store.tasks(run.id) if task.due_at] if is_timed else ()


def before(due_at: datetime, now: datetime) -> datetime:
    """Return when to remind of a time beforehand: a tenth of what is left, at least 5 minutes, at most a day."""
    left = due_at - now
    return due_at - min(max(left / 10, timedelta(minutes=5)), timedelta(days=1))


def _fits(task: Task | None, rows: list[Reminder], now: datetime) -> bool:
    if task is None or task.due_at is None:
        return False
    if task.due_at <= now:
        return all(row.due_at <= now for row in rows)
    return any(row.kind == DUE and row.due_at == task.due_at for row in rows)


def _plan(ctx: Context, task: Task) -> None:
    if task.due_at is None or task.due_at <= ctx.now:
        return
    soon = before(task.due_at, ctx.now)
    if soon > ctx.now:
        ctx.store.add(Reminder(kind=SOON, due_at=soon, run_id=task.run_id, task_id=task.id))
    ctx.store.add(Reminder(kind=DUE, due_at=task.due_at, run_id=task.run_id, task_id=task.id))
