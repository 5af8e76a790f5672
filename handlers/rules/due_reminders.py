"""Planning the reminders of a run's tasks: one before a task is due, and one when it is."""

from datetime import datetime, timedelta

from handlers.context import Context
from handlers.rules import jobs
from handlers.rules.progress import progress
from store import Job, Run, Task, about, any_due


def plan(ctx: Context, run: Run) -> None:
    """Make what is planned for a run's tasks fit how they stand now; what somebody put off for themselves stays."""
    # Few runs have tasks with a time, and this is asked with each change.
    is_timed = run.is_active and any_due(ctx.store.task_rows(run.id))
    tasks = ctx.store.tasks(run.id) if is_timed else ()
    waiting = {about(task): task for task in tasks if task.due_at and task.is_open}
    planned: dict[str, list[Job]] = {}
    for row in ctx.store.task_jobs(run.id):
        if not jobs.read(row, jobs.TaskDue).person_id:
            planned.setdefault(row.subject, []).append(row)
    for subject, rows in planned.items():
        if not _fits(waiting.get(subject), rows, ctx.now):
            for row in rows:
                row.done_at = ctx.now
        else:
            waiting.pop(subject)
    for task in waiting.values():
        _plan(ctx, task)


def waits(ctx: Context, run: Run, task: Task) -> bool:
    """Return whether a task is there, open and has a time, so that somebody is to be reminded of it."""
    return task.is_open and task.due_at is not None and progress(ctx, run).numbered(task.id) is not None


def before(due_at: datetime, now: datetime) -> datetime:
    """Return when to remind of a time beforehand: a tenth of what is left, at least 5 minutes, at most a day."""
    left = due_at - now
    return due_at - min(max(left / 10, timedelta(minutes=5)), timedelta(days=1))


def _fits(task: Task | None, rows: list[Job], now: datetime) -> bool:
    if task is None or task.due_at is None:
        return False
    if task.due_at <= now:
        return all(row.due_at <= now for row in rows)
    return any(row.kind == "task_due" and row.due_at == task.due_at for row in rows)


def _plan(ctx: Context, task: Task) -> None:
    if task.due_at is None or task.due_at <= ctx.now:
        return
    soon = before(task.due_at, ctx.now)
    if soon > ctx.now:
        jobs.plan(ctx, "task_soon", task, soon)
    jobs.plan(ctx, "task_due", task, task.due_at)
