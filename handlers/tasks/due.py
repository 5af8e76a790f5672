"""When tasks are due: said in words, told to the assignees before and at the time, and put off by them."""

from handlers.context import Context
from handlers.effects import Effects, Redraw
from handlers.events import CommandGiven, Press
from handlers.operations.change_tasks import settled
from handlers.operations.edit_tasks import edit_tasks
from handlers.operations.snooze_tasks import snooze_tasks
from handlers.payloads import TaskLater
from handlers.rules import jobs, task_lookup
from handlers.rules.assignees import people_of
from handlers.rules.due_reminders import waits
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.rules.task_form_values import due_named
from handlers.rules.time_named import time_named
from handlers.text.durations import Span
from handlers.views.assignment import SNOOZES, tell_due
from handlers.views.task_form import task_dialog
from handlers.views.undo import answer
from store import Job, Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`due 2.3 tomorrow 5pm`, or `none`; times are the asker's own."""
    tasks, when = task_lookup.leading(ctx, progress(ctx, run), words, "due")
    if not when and len(tasks) == 1 and event.trigger_id:
        yield task_dialog(ctx, run, tasks[0], event.asker)
        return
    due_at = due_named(ctx, when, event.asker)
    done = yield from edit_tasks(ctx, run, tasks, TaskEdit(due_at=due_at), event.asker)
    yield answer(ctx, run, done.key, done.tasks, "due", "due" if due_at else "not_due", due_at=due_at)


def reminded(job: Job, ctx: Context) -> Effects:
    """A task is due soon, or now: tell those whom it is for, and show it as overdue when it is."""
    run = ctx.store.run(job.run_id)
    task = ctx.store.task(int(job.subject_id))
    if run is None or task is None or not run.is_active or not waits(ctx, run, task):
        return
    if job.kind == "task_due" or not task.is_overdue(ctx.now):
        chosen = jobs.read(job, jobs.TaskDue).person_id
        for person_id in [one for one in people_of(ctx, run, task) if chosen in ("", one)]:
            yield from tell_due(ctx, run, task, person_id)
    yield from settled(ctx, run)


def snoozed(event: Press[TaskLater], run: Run, one: Numbered, ctx: Context) -> Effects:
    """*Snooze…* on a reminder: the same person is reminded later."""
    if not waits(ctx, run, one.task):
        yield Redraw(message_id=event.message_id, again=True)
    elif event.payload.seconds not in SNOOZES:
        raise ctx.refused("reminder", "choose", run=run)
    else:
        until = Span.of(event.payload.seconds or 0).after(ctx.now, ctx.reader.zone)
        yield from snooze_tasks(ctx, run, [one], until, event.asker)


def snoozed_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`snooze 2.3 1h`, or until a time: the asker is reminded of the task later."""
    tasks, when = task_lookup.leading(ctx, progress(ctx, run), words, "snooze")
    if not when:
        raise ctx.refused("reminder", "how_long", "choose", run=run)
    until = time_named(ctx, when, ctx.reader)
    done = yield from snooze_tasks(ctx, run, tasks, until, event.asker)
    yield ctx.answer("due", "put_off", what=task_lookup.what(ctx, done.tasks), due_at=done.until)
