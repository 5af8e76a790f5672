"""Questions about what is planned, and calling it off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, not_, update
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.runs import Reminder, Run

_OPENS = exists().where(col(Run.id) == Reminder.run_id, col(Run.state) == "opening")
_PLANNED = (col(Reminder.done_at).is_(None), not_(_OPENS))


class AboutReminders(Asking):
    """Questions about what is planned, and calling it off."""

    def reminder(self, reminder_id: int | None) -> Reminder | None:
        return self.session.get(Reminder, reminder_id, with_for_update=True) if reminder_id else None

    def task_reminders(self, run_id: int) -> Sequence[Reminder]:
        """Return what is planned for the tasks of a run."""
        return [row for row in self._kept.rows(Reminder, run_id) if row.done_at is None]

    def planned_digest(self, person_id: str) -> Reminder | None:
        return self._kept.digest(person_id)

    def due_reminders(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of what is due, the longest due first; a run's wait until its channel stands."""
        return self.session.exec(
            select(col(Reminder.id))
            .where(*_PLANNED, Reminder.due_at <= now)
            .order_by(col(Reminder.due_at))
            .limit(limit)
        ).all()

    def next_due(self) -> datetime | None:
        """Return when the next planned thing is due that waits for nothing else."""
        return self.session.exec(select(func.min(Reminder.due_at)).where(*_PLANNED)).one()

    def put_off_reminder(self, reminder_id: int, now: datetime) -> None:
        """Try a reminder that could not be decided again in a quarter of an hour; others are not held up."""
        if (reminder := self.reminder(reminder_id)) is not None:
            reminder.due_at = now + timedelta(minutes=15)

    def cancel_reminders(
        self, now: datetime, kind: str, *, run_id: int | None = None, prompt_id: int | None = None
    ) -> None:
        """Call off what is planned of a kind for a run or a prompt."""
        owner = col(Reminder.run_id) == run_id if run_id is not None else col(Reminder.prompt_id) == prompt_id
        if run_id is not None:
            self.session.count_up([run_id])
        self.session.execute(
            update(Reminder)
            .where(owner, col(Reminder.kind) == kind, col(Reminder.done_at).is_(None))
            .values(done_at=now)
        )

    def cancel_all_reminders(self, now: datetime, run_id: int) -> None:
        """Call off everything that is planned for a run."""
        self.session.count_up([run_id])
        self.session.execute(
            update(Reminder).where(col(Reminder.run_id) == run_id, col(Reminder.done_at).is_(None)).values(done_at=now)
        )
