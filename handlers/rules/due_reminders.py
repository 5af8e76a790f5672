"""Planning the reminders of a run's tasks: one before a task is due, and one when it is, for all of them together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from handlers.context import Context
from handlers.rules import jobs
from handlers.rules.assignees import people_of
from handlers.rules.follow_ups import is_workable
from handlers.rules.progress import progress
from store import Job, Run, Task, about, any_due

TOGETHER = timedelta(minutes=1)
"""What comes due within it comes due together: people give times one after the other."""

LEAST = timedelta(hours=1)
"""How long a task has to be given at least, so that somebody is reminded before the time."""


def plan(ctx: Context, run: Run) -> None:
    """Make what is planned for a run's tasks fit how they stand now; what somebody put off for themselves stays."""
    # Few runs have tasks with a time, and this is asked with each change.
    is_timed = any_due(ctx.store.task_rows(run.id)) and is_workable(ctx, run)
    tasks = ctx.store.tasks(run.id) if is_timed else ()
    worked = [task for task in tasks if is_workable(ctx, run, task.checklist_id)]
    waiting = {about(task): task for task in worked if task.due_at and task.is_open}
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


def before(due_at: datetime, now: datetime) -> datetime | None:
    """Return when to remind of a time beforehand: a tenth of what is left, at most a day; None where it is near."""
    left = due_at - now
    return due_at - min(left / 10, timedelta(days=1)) if left >= LEAST else None


def together(ctx: Context, run: Run, job: Job) -> dict[str, list[Task]]:
    """Return who is reminded of which tasks by a job, and by all that come due within a minute of it.

    What is said now is not said again; that a task is overdue is shown at its own time. Who has put a task off since
    its time was set is reminded of it then, and not before.
    """
    rows = [job, *(row for row in ctx.store.task_jobs(run.id) if row is not job and _is_said_with(ctx, job, row))]
    found: dict[str, list[Task]] = {}
    later = [row for row in ctx.store.task_jobs(run.id) if row not in rows]
    for row in rows:
        task, what = _task_of(ctx, row), jobs.read(row, jobs.TaskDue)
        if task is not None and not what.told and waits(ctx, run, task) and _is_its_time(row, task, ctx.now):
            for person_id in people_of(ctx, run, task):
                is_meant = what.person_id in ("", person_id) and not _is_put_off(row, person_id, later)
                if is_meant and task not in found.setdefault(person_id, []):
                    found[person_id].append(task)
        if row.kind == "task_due" and row.due_at > ctx.now:
            row.payload = msgspec.to_builtins(replace(what, told=True))
        else:
            row.done_at = ctx.now
    order = {one.task.id: at for at, one in enumerate(progress(ctx, run).tasks)}
    return {person: sorted(tasks, key=lambda task: order[task.id]) for person, tasks in found.items() if tasks}


def _is_said_with(ctx: Context, job: Job, row: Job) -> bool:
    if row.due_at <= ctx.now + TOGETHER:
        return True
    first, task = _task_of(ctx, job), _task_of(ctx, row)
    if job.kind != "task_soon" or row.kind != "task_soon" or first is None or task is None:
        return False
    return first.due_at is not None and task.due_at is not None and abs(first.due_at - task.due_at) <= TOGETHER


def _is_put_off(job: Job, person_id: str, later: Sequence[Job]) -> bool:
    """Return whether somebody put the task of a job off until later, after that was planned."""
    since = (row for row in later if row.subject_id == job.subject_id and (row.id or 0) > (job.id or 0))
    return any(jobs.read(row, jobs.TaskDue).person_id == person_id for row in since if row.kind == "task_due")


def _is_its_time(job: Job, task: Task, now: datetime) -> bool:
    """Return whether a job is not too late: what it says beforehand is said by another one after the time."""
    return job.kind == "task_due" or not task.is_overdue(now)


def _task_of(ctx: Context, job: Job) -> Task | None:
    return ctx.store.task(int(job.subject_id))


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
    if soon is not None:
        jobs.plan(ctx, "task_soon", task, soon)
    jobs.plan(ctx, "task_due", task, task.due_at)
