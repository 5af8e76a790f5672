"""When tasks are due: said in words, told to the assignees before and at the time, and put off by them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.effects import Answer, Ask, Card, Content, Effect, Redraw, Refuse
from handlers.events import CommandGiven, Person, Press
from handlers.operations.change_tasks import follow, operation, settled
from handlers.payloads import TaskLater
from handlers.rules import jobs, task_lookup
from handlers.rules.assignees import people_of
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_form_values import due_named
from handlers.text import times
from handlers.text.words import zone
from handlers.views.assignment import SNOOZES, tell_due
from handlers.views.keep import show
from handlers.views.task_form import task_dialog
from handlers.views.undo import answered
from store import Job, Run, Task


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`due 2.3 tomorrow 5pm`, or `none`; times are the asker's own."""
    found = task_lookup.leading(ctx, progress(ctx, run), words, "due")
    if isinstance(found, Refuse):
        yield found
        return
    tasks, when = found
    if not when and len(tasks) == 1 and event.trigger_id:
        yield Ask(dialog=task_dialog(ctx, run, tasks[0], event.asker))
        return
    due_at = due_named(ctx, when, event.asker)
    if isinstance(due_at, Refuse):
        yield due_at
        return
    with operation(ctx, run, event.asker.id, "due", task_lookup.label(tasks), task_lookup.ids(tasks)) as record:
        for one in tasks:
            one.task.due_at = due_at
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say(
        "due", what=task_lookup.what(tasks), count=len(tasks), due_at=due_at, zone=zone(event.asker.timezone)
    )
    yield Answer(content=answered(ctx, said["due" if due_at else "not_due"], record))


def reminded(job: Job, ctx: Context) -> Iterator[Effect]:
    """A task is due soon, or now: tell those whom it is for, and show it as overdue when it is."""
    run = ctx.store.run(job.run_id)
    task = ctx.store.task(int(job.subject_id))
    if run is None or task is None or not run.is_active or not _waits(ctx, run, task):
        return
    if job.kind == "task_due" or not task.is_overdue(ctx.now):
        chosen = jobs.read(job, jobs.TaskDue).person_id
        for person_id in [one for one in people_of(ctx, run, task) if chosen in ("", one)]:
            yield from tell_due(ctx, run, task, person_id)
    yield from settled(ctx, run)


def snoozed(event: Press[TaskLater], run: Run, one: Numbered, ctx: Context) -> Iterator[Effect]:
    """*Snooze…* on a reminder: the same person is reminded later."""
    if not _waits(ctx, run, one.task):
        yield Redraw(message_id=event.message_id, again=True)
    elif event.payload.seconds not in SNOOZES:
        said = ctx.say("reminder", run=run)
        yield Refuse(title=said["choose_title"], text=said["choose"])
    else:
        yield from _put_off(ctx, run, one, ctx.now + timedelta(seconds=event.payload.seconds or 0), event.asker)


def snoozed_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`snooze 2.3 1h`, or until a time: the asker is reminded of the task later."""
    found = task_lookup.leading(ctx, progress(ctx, run), words, "snooze")
    if isinstance(found, Refuse):
        yield found
        return
    tasks, when = found
    until = times.later(when, zone(event.asker.timezone), ctx.now)
    said = ctx.say("due", what=task_lookup.what(tasks), number=tasks[0].number)
    if until is None:
        reminder = ctx.say("reminder", run=run)
        yield Refuse(title=reminder["choose_title"], text=reminder["how_long"])
    elif not all(_waits(ctx, run, one.task) for one in tasks):
        yield Refuse(title=said["no_reminder_title"], text=said["no_reminder"])
    else:
        for one in tasks:
            yield from _put_off(ctx, run, one, until, event.asker)
        about = ctx.say("due", what=task_lookup.what(tasks), due_at=until, zone=zone(event.asker.timezone))
        yield Answer(content=Content(about["put_off"]))


def _put_off(ctx: Context, run: Run, one: Numbered, until: datetime, by: Person) -> Iterator[Effect]:
    """Remind somebody of a task later; what reminded them until now says so."""
    task = one.task
    jobs.plan(ctx, "task_due", task, until, jobs.TaskDue(person_id=by.id))
    said = ctx.say("assignment", task=task, number=one.number, until=until, zone=zone(by.timezone))
    for message in ctx.store.messages("task_reminder", run_id=run.id):
        if (message.task_id, message.person_id) == (task.id, by.id):
            message.kind = "task_reminder_closed"
            yield from show(message, Content("", (Card(text=said["snoozed"]),)))


def _waits(ctx: Context, run: Run, task: Task) -> bool:
    return task.is_open and task.due_at is not None and progress(ctx, run).numbered(task.id) is not None
