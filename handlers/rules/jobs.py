"""Planning jobs, and what each kind of them keeps in its payload."""

from datetime import datetime
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
    """Of `task_due`: who put it off, for themselves alone; empty where it is for all whom the task is for."""

    person_id: str = ""


P = TypeVar("P", bound=Payload)
_NOTHING = Payload()


def plan(ctx: Context, kind: JobKind, subject: Subject, due_at: datetime, payload: Payload = _NOTHING) -> None:
    """Plan a job of a kind about a row, or about a person by id, for a time in UTC."""
    kept = msgspec.to_builtins(payload)
    ctx.store.add(Job(kind=kind, subject=about(subject), payload=kept, due_at=due_at, run_id=run_of(subject)))


def read(job: Job, payload: type[P]) -> P:
    """Return what a job keeps, as its kind has it."""
    return msgspec.convert(job.payload, payload)
