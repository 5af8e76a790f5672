"""Reminders of status updates: they come until an update does, and can be put off."""

from collections.abc import Iterator
from datetime import timedelta

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import CommandGiven, Press
from handlers.operations.post_update import ask_for_update, put_off, require_planned
from handlers.payloads import RunLater
from handlers.text import times
from handlers.views.reminder import SNOOZES
from store import Job, Run


def update_due(job: Job, ctx: Context) -> Iterator[Effect]:
    """An update is due: ask for it, as long as the run expects one."""
    run = ctx.store.run(job.run_id)
    if run is not None and run.is_active and run.update_due_at is not None:
        yield from ask_for_update(ctx, run, job)


def snoozed(event: Press[RunLater], run: Run, ctx: Context) -> Iterator[Effect]:
    """*Snooze…*: the update is due later."""
    if event.payload.seconds not in SNOOZES:
        raise ctx.refused("reminder", "choose")
    yield from put_off(ctx, run, ctx.now + timedelta(seconds=event.payload.seconds), event.asker)


def snoozed_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`snooze 2h`, or until a time: the update is due later."""
    require_planned(ctx, run)
    until = times.later(words, ctx.reader.zone, ctx.now)
    if until is None:
        raise ctx.refused("reminder", "how_long", "choose")
    yield from put_off(ctx, run, until, event.asker)
    yield ctx.answer("reminder", "put_off", until=until)
