"""Posting status updates, putting them off and asking for them; whoever asks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.context import Context
from handlers.effects import Content, Doing, Effects, Tell
from handlers.events import Person
from handlers.operations.edit_tasks import turn_tasks
from handlers.operations.happenings import happened
from handlers.rules import jobs, permissions
from handlers.rules.next_update import Next
from handlers.rules.planned_tasks import missing_for
from handlers.rules.progress import progress
from handlers.rules.run_values import update_template
from handlers.text.placeholders import filled_in, is_untouched
from handlers.views.announcement import announce, tell_followers
from handlers.views.attributes import tell_missing
from handlers.views.card import refresh_card
from handlers.views.keep import post
from handlers.views.reminder import close_reminders, reminder_due
from store import Job, Message, Run

TEXT_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Posted:
    """Which update was posted, when the next is due, and the channels that were not told, as everybody reads there.

    `reach` tells where it is read: in the run's channel, only elsewhere, or by nobody.
    """

    number: int
    due_at: datetime | None
    kept: tuple[str, ...]
    reach: Literal["here", "elsewhere", "nowhere"] = "here"


@dataclass(frozen=True, slots=True)
class PutOff:
    """A run's update is due later."""

    run_id: int
    due_at: datetime


def post_update(ctx: Context, run: Run, text: str, by: Person, coming: Next) -> Doing[Posted]:
    """Post an update wherever it is to be told, and plan the next one.

    Raises `Refused` where it says nothing of its own, or is too long.
    """
    if not text:
        raise ctx.refused("update", "empty")
    if len(text) > TEXT_LIMIT:
        raise ctx.refused("update", "too_long", count=len(text), limit=TEXT_LIMIT)
    template = update_template(ctx, run)
    if is_untouched(text, template):
        raise ctx.refused("update", "untouched", "empty")
    text = filled_in(text, template, hints=True)
    run.record_update(text, ctx.now, coming.every)
    run.update_due_at = coming.due_at
    ctx.note(run, "update", by.id, subject=text)
    ctx.store.cancel_jobs(ctx.now, "update", run)
    if run.update_due_at is not None:
        jobs.plan(ctx, "update", run, run.update_due_at)
    by_update = [one for one in progress(ctx, run).open if one.task.by_update]
    done = [one for one in by_update if not missing_for(ctx, run, one.task)]
    if done:
        yield from turn_tasks(ctx, run, done, "check", by)
    yield from tell_missing(ctx, run, [one for one in by_update if one not in done])
    told = yield from announce(ctx, run, "update", by, "blue")
    yield from close_reminders(ctx, run, "answered", who=by.username, number=run.updates)
    yield from refresh_card(ctx, run)
    yield from happened(ctx, run, "run.updated", by.id)
    is_heard = told.places or any(one.person_id != by.id for one in ctx.store.followers(run.id))
    reach: Literal["elsewhere", "nowhere"] = "elsewhere" if is_heard else "nowhere"
    return Posted(run.updates, run.update_due_at, told.kept, reach if run.closed_place else "here")


def require_planned(ctx: Context, run: Run) -> None:
    """Raise `Refused` where no update is planned."""
    if run.update_due_at is None:
        raise ctx.refused("reminder", "not_planned", "over", run=run)


def put_off(ctx: Context, run: Run, until: datetime, by: Person) -> Doing[PutOff]:
    """Let the update be due at a later time, in UTC. Raises `Refused` where none is planned."""
    require_planned(ctx, run)
    run.update_due_at = until
    ctx.store.cancel_jobs(ctx.now, "update", run)
    jobs.plan(ctx, "update", run, until)
    ctx.note(run, "snoozed", by.id)
    yield from close_reminders(ctx, run, "snoozed", who=by.username, until=until)
    yield from refresh_card(ctx, run)
    return PutOff(run.id, until)


def ask_for_update(ctx: Context, run: Run, job: Job) -> Effects:
    """Ask the owner for the update that a job says is due, and plan to ask again."""
    before = jobs.read(job, jobs.UpdateDue).round
    jobs.plan(ctx, "update", run, run.ask_again_at(ctx.now), jobs.UpdateDue(round=before + 1))
    if before == 0:
        said = ctx.say("reminder", run=run, link=ctx.run_link(run), owner=ctx.username(run.owner_id))
        yield from tell_followers(ctx, run, lambda to: Content(said.to(to)["overdue"]), but=run.owner_id)
    if run.channel_id is not None:
        yield from _remind(ctx, run, job)
        yield from refresh_card(ctx, run)


def _remind(ctx: Context, run: Run, job: Job) -> Effects:
    if run.closed_place:
        if not permissions.is_over_for(ctx, run, run.owner_id):
            content = reminder_due(ctx, run, job, ctx.reader_of(run.owner_id))
            yield Tell(person_id=run.owner_id, content=content)
        return
    yield from close_reminders(ctx, run, "repeated")
    message = Message(kind="reminder", run_id=run.id, job_id=job.id, place_id=run.channel_id or "")
    yield from post(ctx, message, reminder_due(ctx, run, job), calls={ctx.username(run.owner_id)})
