"""Putting the reminder of tasks off, for who asks alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.effects import Card, Content, Doing, Effects
from handlers.events import Person
from handlers.rules import jobs, task_lookup
from handlers.rules.due_reminders import waits
from handlers.rules.progress import Numbered
from handlers.views.keep import show
from handlers.views.task_reminder import waiting
from store import Run


@dataclass(frozen=True, slots=True)
class TasksSnoozed:
    """Of which tasks somebody is reminded later, and when."""

    tasks: tuple[Numbered, ...]
    until: datetime


def snooze_tasks(ctx: Context, run: Run, tasks: Sequence[Numbered], until: datetime, by: Person) -> Doing[TasksSnoozed]:
    """Remind somebody of tasks later. Raises `Refused` where one of them is not reminded of at all."""
    if not all(waits(ctx, run, one.task) for one in tasks):
        raise ctx.refused("due", "no_reminder", what=task_lookup.what(ctx, tasks), number=tasks[0].number)
    for one in tasks:
        jobs.plan(ctx, "task_due", one.task, until, jobs.TaskDue(person_id=by.id))
    yield from _closed(ctx, run, tasks, until, by)
    return TasksSnoozed(tuple(tasks), until)


def _closed(ctx: Context, run: Run, tasks: Sequence[Numbered], until: datetime, by: Person) -> Effects:
    """Let what reminded somebody of nothing else until now say so."""
    for message in ctx.store.messages("task_reminder", run_id=run.id):
        left = waiting(ctx, run, message)
        if message.person_id == by.id and left and all(one in tasks for one in left):
            said = ctx.say("due", what=task_lookup.what(ctx, left), due_at=until)
            message.kind = "task_reminder_closed"
            yield from show(message, Content("", (Card(text=said["put_off"]),)))
