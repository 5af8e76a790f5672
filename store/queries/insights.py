"""Questions about many runs at once: how many are in progress, what was asked in threads, what became of tasks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.directory import KnownPlace
from store.tables.posts import Prompt, PromptOffer
from store.tables.runs import Checklist, Moment, Run, Task
from store.tables.words import PromptState

Condition = ColumnElement[bool]

OF_PLAYBOOKS: Condition = col(Run.playbook_id).is_not(None)
"""A run that is no bare checklist."""


class AboutInsights(Asking):
    """Questions about many runs at once."""

    def count_active(self, *where: Condition, playbook_id: int | None = None) -> int:
        """Return how many runs are in progress."""
        going = (col(Run.state) != "finished", col(Run.removed_at).is_(None), _of(playbook_id))
        return int(self.session.exec(select(func.count()).select_from(Run).where(*where, *going)).one())

    def removed_runs(
        self, since: datetime | None, until: datetime, playbook_id: int | None = None
    ) -> Sequence[tuple[int, datetime]]:
        """Return of which playbooks the deleted runs were that started then, and when each of them did."""
        then = (*((Run.created_at >= since,) if since is not None else ()), Run.created_at < until)
        gone: Any = select(Run.playbook_id, Run.created_at).where(*then, col(Run.removed_at).is_not(None))
        return [tuple(row) for row in self.session.db.execute(gone.where(_of(playbook_id))).all()]

    def keywords_asked(
        self,
        playbook_id: int | None,
        since: datetime | None,
        until: datetime,
        *where: Condition,
        team_ids: Collection[str] | None = None,
        limit: int,
    ) -> Sequence[tuple[str, PromptState, int | None, datetime, int]]:
        """Return the keywords of offers, one a line, their prompts' state, whose run, when, and of which playbook.

        Of those in channels that are open to `team_ids`, or that led to a run which fulfils `where`; of all for None.
        Of one playbook, or of all. Those whose run was deleted, or started by mistake, are left out.
        """
        public = select(KnownPlace.id).where(KnownPlace.kind == "O")
        asked: Any = (
            select(PromptOffer.keywords, Prompt.state, Run.playbook_id, Prompt.created_at)
            .add_columns(col(PromptOffer.playbook_id))
            .join(Prompt, col(Prompt.id) == col(PromptOffer.prompt_id))
            .join(Run, col(Run.id) == col(Prompt.run_id), isouter=True)
            .where(col(Prompt.created_at) < until, col(Run.removed_at).is_(None), col(Run.mistaken_at).is_(None))
            .order_by(col(Prompt.id).desc())
            .limit(limit)
        )
        if playbook_id is not None:
            asked = asked.where(PromptOffer.playbook_id == playbook_id)
        if since is not None:
            asked = asked.where(Prompt.created_at >= since)
        if team_ids is not None:
            is_open = col(Prompt.team_id).in_(team_ids) & col(Prompt.place_id).in_(public)
            asked = asked.where(or_(is_open, col(Run.id).is_not(None) & _all(where)))
        return [tuple(row) for row in self.session.db.execute(asked).all()]

    def follow_ups(
        self, *where: Condition, playbook_id: int | None = None
    ) -> Sequence[tuple[datetime, datetime | None, datetime | None, int | None]]:
        """Return when each follow-up was agreed on, is due, and was done, and of which playbook its run is.

        Skipped ones are none, nor are those of runs that were started by mistake.
        """
        found: Any = (
            select(Task.added_at, Task.due_at, Task.state, Task.changed_at)
            .add_columns(col(Run.playbook_id))
            .join(Checklist, col(Checklist.id) == col(Task.checklist_id))
            .join(Run, col(Run.id) == col(Task.run_id))
            .where(col(Checklist.kind) == "follow_ups", col(Task.removed_at).is_(None), col(Task.state) != "skipped")
            .where(col(Run.mistaken_at).is_(None), col(Run.is_trial).is_(False))
            .where(*where, _of(playbook_id), col(Task.added_at).is_not(None))
        )
        rows = self.session.db.execute(found).all()
        return [(added, due, changed if state == "done" else None, book) for added, due, state, changed, book in rows]

    def tasks_of_runs(self, run_ids: Collection[int]) -> Sequence[tuple[Task, Checklist]]:
        """Return the tasks of some runs that stand, with their checklists."""
        found: Any = (
            select(Task, Checklist)
            .join(Checklist, col(Checklist.id) == col(Task.checklist_id))
            .where(col(Task.run_id).in_(run_ids), col(Task.removed_at).is_(None), col(Checklist.removed_at).is_(None))
            .where(col(Task.hidden).is_(False))
            .order_by(col(Task.run_id), col(Checklist.position), col(Task.position))
        )
        return [tuple(row) for row in self.session.exec(found).all()]

    def updates_of_runs(self, run_ids: Collection[int]) -> Sequence[tuple[int, datetime]]:
        """Return when status updates of some runs were posted, each run's in their order."""
        found: Any = (
            select(Moment.run_id, Moment.at)
            .where(col(Moment.run_id).in_(run_ids), Moment.kind == "update")
            .order_by(col(Moment.run_id), col(Moment.at))
        )
        return [tuple(row) for row in self.session.db.execute(found).all()]


def _of(playbook_id: int | None) -> Condition:
    return OF_PLAYBOOKS if playbook_id is None else col(Run.playbook_id) == playbook_id


def _all(conditions: Sequence[Condition]) -> Any:
    return and_(true(), *conditions)
