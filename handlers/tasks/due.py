"""When tasks are due: said in words, told to the assignees before and at the time, and put off by them."""

from handlers.context import Context
from handlers.effects import Effects, Redraw
from handlers.events import CommandGiven, Press
from handlers.operations.change_tasks import settled
from handlers.operations.edit_tasks import edit_tasks
from handlers.operations.snooze_tasks import snooze_tasks
from handlers.payloads import TaskLater
from handlers.rules import task_lookup
from handlers.rules.due_reminders import together, waits
from handlers.rules.follow_ups import is_workable
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.rules.task_form_values import due_named
from handlers.rules.time_named import time_named
from handlers.text.durations import Span
from handlers.views.task_form import task_dialog
from handlers.views.task_reminder import SNOOZES, tell_due, waiting
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
    """Tasks are due soon, or now: tell those whom they are for, once each, and show as overdue what is."""
    run = ctx.store.run(job.run_id)
    if run is not None and is_workable(ctx, run):
        for person_id, tasks in together(ctx, run, job).items():
            yield from tell_due(ctx, run, tasks, person_id)
        yield from settled(ctx, run)


def snoozed(event: Press[TaskLater], run: Run, one: Numbered, ctx: Context) -> Effects:
    """*Snooze…* on a reminder: the same person is reminded later, of all tasks of it that still wait."""
    message = ctx.store.message(event.message_id)
    is_theirs = message is not None and message.person_id == event.asker.id
    tasks = waiting(ctx, run, message) if message is not None and is_theirs else [one]
    if not any(waits(ctx, run, each.task) for each in tasks):
        yield Redraw(message_id=event.message_id, again=True)
    elif event.payload.seconds not in SNOOZES:
        raise ctx.refused("reminder", "choose", run=run)
    else:
        until = Span.of(event.payload.seconds or 0).after(ctx.now, ctx.reader.zone)
        yield from snooze_tasks(ctx, run, tasks, until, event.asker)


def snoozed_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`snooze 2.3 1h`, or until a time: the asker is reminded of the task later."""
    tasks, when = task_lookup.leading(ctx, progress(ctx, run), words, "snooze")
    if not when:
        raise ctx.refused("reminder", "how_long", "choose", run=run)
    until = time_named(ctx, when, ctx.reader)
    done = yield from snooze_tasks(ctx, run, tasks, until, event.asker)
    yield ctx.answer("due", "put_off", what=task_lookup.what(ctx, done.tasks), due_at=done.until)
