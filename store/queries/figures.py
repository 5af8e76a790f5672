"""Questions about what people set of a run, and about the figures of many runs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.figures import MetricValue, Milestone, RunFigures
from store.tables.jobs import Job
from store.tables.runs import Run


class AboutFigures(Asking):
    """Questions about what people set of a run, and about the figures of many runs."""

    def milestones(self, run_id: int) -> Sequence[Milestone]:
        """Return all that people said of a run's milestones, the latest last."""
        return self.session.exec(select(Milestone).where(Milestone.run_id == run_id).order_by(col(Milestone.id))).all()

    def metric_values(self, run_id: int) -> Sequence[MetricValue]:
        """Return all that people said of a run's metrics, the latest last."""
        of_run = MetricValue.run_id == run_id
        return self.session.exec(select(MetricValue).where(of_run).order_by(col(MetricValue.id))).all()

    def update_jobs(self, run_id: int) -> Sequence[Job]:
        """Return all jobs that asked, or will ask, for a status update of a run, in the order they were planned."""
        planned = (Job.run_id == run_id, Job.kind == "update")
        return self.session.exec(select(Job).where(*planned).order_by(col(Job.id))).all()

    def run_figures(
        self,
        *where: ColumnElement[bool],
        playbook_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> Sequence[RunFigures]:
        """Return the rows of runs that started from `since` on and before `until`, the newest first.

        Those that were left out are among them, for it to be said how many there are. `where` are conditions on `Run`,
        such as who may see it.
        """
        found: Any = select(RunFigures).order_by(col(RunFigures.created_at).desc(), col(RunFigures.run_id).desc())
        found = found.join(Run, col(Run.id) == col(RunFigures.run_id)) if where else found
        asked = [
            *where,
            *([RunFigures.playbook_id == playbook_id] if playbook_id is not None else ()),
            *([RunFigures.created_at >= since] if since is not None else ()),
            *([RunFigures.created_at < until] if until is not None else ()),
        ]
        return list(self.session.exec(found.where(*asked).limit(limit)).all())

    def figures_of(self, run_id: int) -> RunFigures | None:
        return self.session.get(RunFigures, run_id)

    def runs_without_figures(self, before: int | None, limit: int) -> Sequence[int]:
        """Return the newest runs below an id that have no figures yet, their ids falling."""
        missing: Any = select(col(Run.id)).outerjoin(RunFigures, col(RunFigures.run_id) == col(Run.id))
        missing = missing.where(col(RunFigures.run_id).is_(None))
        missing = missing if before is None else missing.where(Run.id < before)
        return list(self.session.exec(missing.order_by(col(Run.id).desc()).limit(limit)).all())

    def stale_figures(self, after: int, limit: int) -> Sequence[int]:
        """Return runs in progress above an id of which something has changed since their figures were made."""
        in_progress: Any = select(col(Run.id)).join(RunFigures, col(RunFigures.run_id) == col(Run.id))
        changed = (Run.id > after, col(Run.state) != "finished", col(RunFigures.revision) != col(Run.revision))
        return list(self.session.exec(in_progress.where(*changed).order_by(col(Run.id)).limit(limit)).all())

    def changed_runs(self, run_ids: Collection[int]) -> frozenset[int]:
        """Return which of some runs this transaction has changed so far."""
        self.session.flush()
        return self.session.counted & set(run_ids)
