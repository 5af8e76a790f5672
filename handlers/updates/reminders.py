"""Reminders of status updates: they come until an update does, and can be put off."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse
from handlers.events import CommandGiven, Person, Press
from handlers.payloads import RunLater
from handlers.rules import jobs
from handlers.text import times
from handlers.text.words import zone
from handlers.views.card import refresh_card
from handlers.views.followers import tell_followers
from handlers.views.keep import post, tell_about
from handlers.views.reminder import SNOOZES, close_reminders, reminder_due
from store import Job, Message, Run


def update_due(job: Job, ctx: Context) -> Iterator[Effect]:
    """An update is due: ask the owner for it, and plan to ask again."""
    run = ctx.store.run(job.run_id)
    if run is None or not run.is_active or run.update_due_at is None:
        return
    before = jobs.read(job, jobs.UpdateDue).round
    jobs.plan(ctx, "update", run, run.ask_again_at(ctx.now), jobs.UpdateDue(round=before + 1))
    if before == 0:
        overdue = ctx.say("reminder", run=run, link=ctx.run_link(run), owner=ctx.username(run.owner_id))["overdue"]
        yield from tell_followers(ctx, run, Content(overdue), but=run.owner_id)
    if run.channel_id is not None:
        yield from _remind(ctx, run, job)
        yield from refresh_card(ctx, run)


def snoozed(event: Press[RunLater], run: Run, ctx: Context) -> Iterator[Effect]:
    """*Snooze…*: the update is due later."""
    if run.update_due_at is None:
        said = ctx.say("reminder", run=run)
        yield Refuse(title=said["over_title"], text=said["not_planned"])
    elif event.payload.seconds not in SNOOZES:
        said = ctx.say("reminder", run=run)
        yield Refuse(title=said["choose_title"], text=said["choose"])
    else:
        yield from _put_off(ctx, run, ctx.now + timedelta(seconds=event.payload.seconds or 0), event.asker)


def snoozed_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`snooze 2h`, or until a time: the update is due later."""
    where = zone(event.asker.timezone)
    until = times.later(words, where, ctx.now)
    said = ctx.say("reminder", run=run, who=event.asker.username, until=until, zone=where)
    if run.update_due_at is None:
        yield Refuse(title=said["over_title"], text=said["not_planned"])
    elif until is None:
        yield Refuse(title=said["choose_title"], text=said["how_long"])
    else:
        yield from _put_off(ctx, run, until, event.asker)
        yield Answer(content=Content(said["put_off"]))


def _remind(ctx: Context, run: Run, job: Job) -> Iterator[Effect]:
    content = reminder_due(ctx, run, job)
    if run.closed_place:
        yield from tell_about(ctx, run, run.owner_id, content)
        return
    yield from close_reminders(ctx, run, "repeated")
    message = Message(kind="reminder", run_id=run.id, job_id=job.id, place_id=run.channel_id or "")
    yield from post(ctx, message, content)


def _put_off(ctx: Context, run: Run, until: datetime, by: Person) -> Iterator[Effect]:
    run.update_due_at = until
    ctx.store.cancel_jobs(ctx.now, "update", run)
    jobs.plan(ctx, "update", run, until)
    ctx.note(run, "snoozed", by.id)
    yield from close_reminders(ctx, run, "snoozed", who=by.username, until=until)
    yield from refresh_card(ctx, run)
