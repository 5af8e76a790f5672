"""Questions about what is planned, and calling it off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, not_, update
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.jobs import Job, Subject, about, run_of
from store.tables.runs import Run
from store.tables.words import JobKind

_OPENS = exists().where(col(Run.id) == Job.run_id, col(Run.state) == "opening")
_PLANNED = (col(Job.done_at).is_(None), not_(_OPENS))


class AboutJobs(Asking):
    """Questions about what is planned, and calling it off."""

    def job(self, job_id: int | None) -> Job | None:
        return self.session.get(Job, job_id, with_for_update=True) if job_id else None

    def task_jobs(self, run_id: int) -> Sequence[Job]:
        """Return what is planned for the tasks of a run."""
        return [row for row in self._kept.rows(Job, run_id) if row.done_at is None]

    def planned_digest(self, person_id: str) -> Job | None:
        return self._kept.digest(person_id)

    def planned(self, kind: JobKind, subject: Subject) -> Job | None:
        """Return what is planned of a kind about something that goes on without a run."""
        about_it = (Job.kind == kind, Job.subject == about(subject), col(Job.done_at).is_(None))
        return self.session.exec(select(Job).where(*about_it)).first()

    def due_jobs(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of what is due, the longest due first; a run's wait until its channel stands."""
        return self.session.exec(
            select(col(Job.id)).where(*_PLANNED, Job.due_at <= now).order_by(col(Job.due_at)).limit(limit)
        ).all()

    def next_due(self) -> datetime | None:
        """Return when the next planned thing is due that waits for nothing else."""
        return self.session.exec(select(func.min(Job.due_at)).where(*_PLANNED)).one()

    def put_off_job(self, job_id: int, now: datetime) -> None:
        """Try a job that could not be decided again in a quarter of an hour; others are not held up."""
        if (job := self.job(job_id)) is not None:
            job.due_at = now + timedelta(minutes=15)

    def cancel_jobs(self, now: datetime, kind: JobKind, subject: Subject) -> None:
        """Call off what is planned of a kind about something."""
        run_id = run_of(subject)
        planned = (col(Job.subject) == about(subject), col(Job.kind) == kind, col(Job.done_at).is_(None))
        done = update(Job).where(*planned).values(done_at=now)
        self.session.change_many(done, [] if run_id is None else [run_id])

    def cancel_all_jobs(self, now: datetime, run_id: int) -> None:
        """Call off everything that is planned for a run."""
        planned = (col(Job.run_id) == run_id, col(Job.done_at).is_(None))
        self.session.change_many(update(Job).where(*planned).values(done_at=now), [run_id])
