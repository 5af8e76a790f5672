"""The reminder of a status update: the question with its answers, and the line that stays of it."""

from collections.abc import Iterator
from typing import Any

from handlers.context import Context
from handlers.controls import REMINDER_SNOOZE, UPDATE_ASK
from handlers.effects import Card, Content, Edit, Option
from handlers.payloads import OfRun, RunLater
from handlers.rules import jobs
from handlers.text.readers import Reader
from handlers.views.keep import show
from store import Job, Run

SNOOZES = (15 * 60, 30 * 60, 3600, 4 * 3600, 86400)
"""How long an update may be put off, in seconds."""


def reminder_due(ctx: Context, run: Run, job: Job, to: Reader | None = None) -> Content:
    """Return the question, in the run's channel unless it is told to somebody; there it notifies the owner by name.

    What is due stands in the message itself, as phones show nothing else of it.
    """
    ctx = ctx.to(to or ctx.readers_of(run))
    before = jobs.read(job, jobs.UpdateDue).round
    said = ctx.say("reminder", run=run, round=before, owner=ctx.username(run.owner_id))
    options = tuple(Option(ctx.say("reminder", seconds=one)["snooze_for"], str(one)) for one in SNOOZES)
    answer = UPDATE_ASK.button(said["post_update"], OfRun(run.id), "primary")
    later = REMINDER_SNOOZE.menu(said["snooze"], options, RunLater(run.id))
    return Content(said["message"], (Card(colour="amber", text=said["text"], controls=(answer, later)),))


def close_reminders(ctx: Context, run: Run, block: str, **values: Any) -> Iterator[Edit]:
    """Leave one line of each reminder that still stands with its buttons."""
    said = ctx.say("reminder", ctx.readers_of(run), run=run, **values)
    for message in ctx.store.messages("reminder", run_id=run.id):
        yield from show(message, Content("", (Card(text=said[block]),)))
        message.kind = "reminder_closed"
