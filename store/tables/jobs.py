"""What is planned: a job has a kind, a subject, a time, and what its kind wants to know besides."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Index, SQLModel

from store.tables.base import id_field, json_field, only_where, time_field, word_field
from store.tables.playbooks import PlaybookRow
from store.tables.posts import Prompt
from store.tables.runs import Run, Task
from store.tables.words import JobKind

OF_TASKS: frozenset[JobKind] = frozenset({"task_due", "task_soon"})
"""The kinds of jobs that are looked at with each change of a run's tasks."""


class Job(SQLModel, table=True):
    """Something planned: `kind` says what, `due_at` when, `subject` about what, as `about` spells it.

    `payload` is what the kind wants to know besides (`handlers/rules/jobs.py`). What is about a run or one of its tasks
    has its `run_id`: it waits until the run's channel stands, and is called off with the run.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("job_due", "due_at", **only_where("done_at IS NULL")),
        Index("job_about", "subject", **only_where("done_at IS NULL")),
        Index("job_of_run", "run_id", **only_where("done_at IS NULL")),
        Index("job_updates", "run_id", **only_where("kind = 'update'")),
        Index("job_over", "done_at", **only_where("done_at IS NOT NULL AND kind <> 'update'")),
    )

    id: int = id_field()
    kind: JobKind = word_field()
    subject: str
    payload: dict[str, Any] = json_field(default_factory=dict)
    due_at: datetime = time_field()
    run_id: int | None = Field(default=None, foreign_key="run.id")
    done_at: datetime | None = time_field(default=None, nullable=True)

    @property
    def subject_id(self) -> str:
        """What stands after the kind of its subject."""
        return self.subject.partition(":")[2]


Subject = Run | Task | Prompt | PlaybookRow | str
"""What a job can be about: a row, or a person by id."""


def about(subject: Subject) -> str:
    """Return how a job names what it is about, such as `run:12`, `task:7`, `prompt:3`, `playbook:2` or `person:abc`."""
    return f"person:{subject}" if isinstance(subject, str) else f"{subject.__tablename__}:{subject.id}"


def run_of(subject: Subject) -> int | None:
    """Return the id of the run that goes on with a subject, None where there is none."""
    if isinstance(subject, Run):
        return subject.id
    return subject.run_id if isinstance(subject, Task) else None
