"""Planning jobs, what each kind of them keeps in its payload, and when a person's own morning is."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from handlers.context import Context
from store import Job, JobKind, Subject, about, run_of


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """What a job keeps besides its subject; a field that came later needs a default, for the jobs that wait."""


class UpdateDue(Payload, frozen=True, kw_only=True):
    """Of `update`: how often the same status update was asked for before."""

    round: int = 0


class TaskDue(Payload, frozen=True, kw_only=True):
    """Of `task_due`: who put it off, for themselves alone; empty where it is for all whom the task is for.

    What was `told` together with something else is only shown at its time.
    """

    person_id: str = ""
    told: bool = False


class FollowUp(Payload, frozen=True, kw_only=True):
    """Of `follow_up`: the action of the run that begins another one."""

    action_id: int


HOUR = 8
"""The hour of a person's own clock at which a digest comes."""

P = TypeVar("P", bound=Payload)
_NOTHING = Payload()


def plan(ctx: Context, kind: JobKind, subject: Subject, due_at: datetime, payload: Payload = _NOTHING) -> None:
    """Plan a job of a kind about a row, or about a person by id, for a time in UTC."""
    kept = msgspec.to_builtins(payload)
    ctx.store.add(Job(kind=kind, subject=about(subject), payload=kept, due_at=due_at, run_id=run_of(subject)))


def read(job: Job, payload: type[P]) -> P:
    """Return what a job keeps, as its kind has it."""
    return msgspec.convert(job.payload, payload)


def next_morning(ctx: Context, person_id: str) -> datetime:
    """Return the next time that a person's clock shows the hour of the digest."""
    local = today_of(ctx, person_id)
    today = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


def today_of(ctx: Context, person_id: str) -> datetime:
    """Return the present time as a person's clock and calendar show it."""
    return ctx.now.astimezone(ctx.reader_of(person_id).zone)


def plan_digest(ctx: Context, person_id: str) -> None:
    """See to it that a digest is planned for somebody who now has something to do."""
    if person_id and ctx.store.planned_digest(person_id) is None:
        plan(ctx, "digest", person_id, next_morning(ctx, person_id))
