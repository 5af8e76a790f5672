"""Questions about runs, their checklists and tasks, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import String, bindparam, cast, func, insert, or_, union
from sqlmodel import col, select

from store.queries.asking import Asking
from store.session.found_by import add_words
from store.tables.attributes import AttributeValue
from store.tables.changes import Change, NewChange
from store.tables.found_words import words_of
from store.tables.people import RoleHolder
from store.tables.runs import Checklist, Moment, Participant, Run, Task
from store.tables.words import MomentKind

Value = TypeVar("Value")

_BY_POSITION = attrgetter("position", "id")
_RUN_OF_TASK = select(Task.run_id).where(Task.id == bindparam("task_id"))
_OPEN_TASK = (
    col(Task.state).in_(("open", "in_progress")),
    col(Task.removed_at).is_(None),
    col(Task.hidden).is_(False),
    col(Checklist.removed_at).is_(None),
)
# An index finds what a state is, and would not find what it is not.
_GOES_ON = col(Run.state).in_(("opening", "active"))
# Asked by both at once, either would have all tasks looked through.
_TO_DO = union(
    select(col(Run.id)).where(_GOES_ON),
    select(col(Checklist.run_id)).where(col(Checklist.kind) == "follow_ups"),
)
_CHANGE = insert(Change)
_MOMENT = insert(Moment)


class AboutRuns(Asking):
    """Questions about runs, their checklists and tasks, and what became of them."""

    def run(self, run_id: int | None, *, removed: bool = False) -> Run | None:
        """Return a run, held by this transaction until its end; one that was deleted only with `removed`."""
        run = self._kept.run(run_id) if run_id else None
        return run if run is None or removed or run.removed_at is None else None

    def run_numbered(self, prefix: str, sequence: int) -> int:
        """Return the id of the run with a number such as INC-42, whatever its capitals; 0 where there is none."""
        same = (func.lower(Run.prefix) == prefix.lower(), col(Run.sequence) == sequence, col(Run.sequence) > 0)
        found = select(col(Run.id)).where(*same, col(Run.removed_at).is_(None))
        return self.session.exec(found.order_by(col(Run.id).desc())).first() or 0

    def look_ahead(
        self,
        *,
        runs: Collection[int] = (),
        messages: Collection[int] = (),
        places: Collection[str] = (),
        bare_in: Collection[str] = (),
        people: Collection[str] = (),
    ) -> None:
        """Read together what is needed next: runs, by id, message or channel, and which parts some people have in them.

        Of the channels `bare_in` only the bare checklists are read. All these runs are held.
        """
        self._kept.look_ahead(runs, messages, places, bare_in, people)

    def held_runs(self) -> Sequence[Run]:
        """Return the runs that this transaction holds so far."""
        return self._kept.held()

    def runs(self, limit: int) -> Sequence[Run]:
        """Return the latest runs of all teams, the active ones first, newest first."""
        return self.session.exec(
            select(Run)
            .where(col(Run.removed_at).is_(None))
            .order_by(col(Run.finished_at).is_not(None), col(Run.id).desc())
            .limit(limit)
        ).all()

    def runs_in(self, place_id: str) -> Sequence[Run]:
        """Return the runs of a channel, the active ones first, newest first."""
        found = [run for run in self._kept.runs_in(place_id) if run.removed_at is None]
        return sorted(found, key=lambda run: run.finished_at is not None)

    def bare_runs_in(self, place_id: str) -> Sequence[Run]:
        """Return the active bare checklists of a channel."""
        return [run for run in self._kept.bare_runs(place_id) if run.is_active and run.removed_at is None]

    def active_runs(self, team_id: str) -> Sequence[Run]:
        return self.session.exec(select(Run).where(Run.team_id == team_id, _GOES_ON).order_by(col(Run.id).desc())).all()

    def runs_of_playbooks(self, team_id: str, playbook_ids: Collection[int], limit: int) -> Sequence[Run]:
        """Return the newest runs of some playbooks that are in progress in their channels."""
        in_progress = (Run.team_id == team_id, Run.state == "active", col(Run.removed_at).is_(None))
        return self.session.exec(
            select(Run)
            .where(*in_progress, Run.closed_place == "", col(Run.playbook_id).in_(playbook_ids))
            .order_by(col(Run.id).desc())
            .limit(limit)
        ).all()

    def runs_of_playbook(self, playbook_id: int) -> Sequence[Run]:
        """Return the runs of a playbook, those that are over, too, held by this transaction until its end."""
        every = select(col(Run.id)).where(Run.playbook_id == playbook_id, col(Run.removed_at).is_(None))
        ids = self.session.exec(every.order_by(col(Run.id))).all()
        self.look_ahead(runs=ids)
        return [run for run in map(self.run, ids) if run is not None]

    def imported_runs(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of some ids of another server under which a run was imported."""
        found = select(Run.imported_id).where(col(Run.imported_id) != "")
        return frozenset(self.session.exec(found).all()) & frozenset(ids)

    def archived_places(self, limit: int) -> Sequence[str]:
        """Return the channels of runs in progress that are known to be archived, those of the newest runs first."""
        place = col(Run.channel_id)
        return self.session.exec(
            select(place)
            .where(Run.state != "finished", Run.closed_place == "archived", place.is_not(None))
            .where(col(Run.removed_at).is_(None))
            .group_by(place)
            .order_by(func.max(Run.id).desc())
            .limit(limit)
        ).all()  # type: ignore[return-value]

    def last_starts(self, person_id: str, since: datetime, limit: int) -> Sequence[datetime]:
        """Return when somebody started runs since then, those that were deleted included, the latest first."""
        at = col(Run.created_at)
        return self.session.exec(
            select(at).where(Run.creator_id == person_id, at > since).order_by(at.desc()).limit(limit)
        ).all()

    def unfinished_run_ids(self) -> Sequence[int]:
        """Return the ids of the active runs of all teams."""
        return self.session.exec(select(col(Run.id)).where(Run.state != "finished").order_by(col(Run.id))).all()

    def runs_of(self, person_id: str, *, by_role: bool = False) -> Sequence[Run]:
        """Return the active runs of all teams that somebody owns or takes part in, newest first.

        With `by_role` also those in which they have a role.
        """
        mine = select(Participant.run_id).where(
            Participant.person_id == person_id,
            col(Participant.joined_at).is_not(None),
            col(Participant.left_at).is_(None),
        )
        theirs = [col(Run.owner_id) == person_id, col(Run.id).in_(mine)]
        if by_role:
            theirs.append(col(Run.id).in_(select(RoleHolder.run_id).where(RoleHolder.person_id == person_id)))
        return self.session.exec(
            select(Run).where(col(Run.removed_at).is_(None), _GOES_ON).where(or_(*theirs)).order_by(col(Run.id).desc())
        ).all()

    def checklists(self, run_id: int, *, removed: bool = False) -> Sequence[Checklist]:
        """Return a run's checklists in their order, with `removed` also those that were taken away."""
        rows = [row for row in self._kept.rows(Checklist, run_id) if removed or row.removed_at is None]
        return sorted(rows, key=_BY_POSITION)

    def tasks(self, run_id: int, *, removed: bool = False, hidden: bool = False) -> Sequence[Task]:
        """Return a run's tasks in the order of their checklists.

        Those that were taken away are there with `removed` alone, those whose condition is not met with `hidden` alone.
        """
        return self._kept.tasks(run_id, removed, hidden)

    def task_rows(self, run_id: int) -> Sequence[Task]:
        """Return a run's tasks in no particular order, those that were taken away included."""
        return self._kept.rows(Task, run_id)

    def beside(self, run_id: int, kind: type[Value]) -> Value:
        """Return the one value of a kind that is kept with a run's rows, made without arguments at first.

        It is whatever is worked out of the rows, and says itself what it holds of. It lasts until the rows are read
        anew, be it for some transactions.
        """
        return self._kept.beside(run_id, kind)

    def attribute_values(self, run_id: int) -> Sequence[AttributeValue]:
        """Return the values of a run's attributes, those of one in the order in which they were given."""
        return self._kept.rows(AttributeValue, run_id)

    def checklist(self, checklist_id: int | None) -> Checklist | None:
        return self.session.get(Checklist, checklist_id) if checklist_id else None

    def task(self, task_id: int | None) -> Task | None:
        """Return a task, its run held by this transaction: of two who change it at once, the later sees the change."""
        if not task_id:
            return None
        run_id = self._kept.run_of(Task, task_id)
        if run_id is None:
            run_id = next(iter(self._kept.ask(_RUN_OF_TASK, task_id=task_id)), None)
        if run_id is None or self.run(run_id) is None:
            return None
        self._kept.rows(Task, run_id)
        return self._kept.known(Task, task_id)

    def tasks_for(self, person_id: str) -> Sequence[tuple[Task, Run]]:
        """Return the open tasks of active runs that may be for somebody, those that are due first before the others.

        Those of roles are among them, whoever has these. Of runs that are over there are those that are to be done
        afterwards.
        """
        assignees = cast(col(Task.assignees), String)
        return self.session.exec(
            select(Task, Run)
            .join(Run, col(Task.run_id) == col(Run.id))
            .join(Checklist, col(Task.checklist_id) == col(Checklist.id))
            .where(col(Task.run_id).in_(_TO_DO), *_OPEN_TASK)
            .where(or_(col(Run.state) != "finished", col(Checklist.kind) == "follow_ups"))
            .where(or_(assignees.contains(person_id, autoescape=True), assignees.contains("role:")))
            .where(col(Run.removed_at).is_(None))
            .order_by(col(Task.due_at).is_(None), col(Task.due_at), col(Task.id))
        ).all()

    def follow_ups_done(self, person_id: str, since: datetime) -> Sequence[tuple[Task, Run]]:
        """Return those tasks for after the end that may be somebody's and were done since then, the latest first."""
        assignees = cast(col(Task.assignees), String)
        return self.session.exec(
            select(Task, Run)
            .join(Run, col(Task.run_id) == col(Run.id))
            .join(Checklist, col(Task.checklist_id) == col(Checklist.id))
            .where(col(Checklist.kind) == "follow_ups", col(Checklist.removed_at).is_(None))
            .where(col(Task.state) == "done", col(Task.removed_at).is_(None), col(Task.changed_at) >= since)
            .where(or_(assignees.contains(person_id, autoescape=True), assignees.contains("role:")))
            .where(col(Run.removed_at).is_(None))
            .order_by(col(Task.changed_at).desc(), col(Task.id))
        ).all()

    def tasks_to_hear(self) -> Sequence[tuple[int, list[str], str]]:
        """Return the open tasks of active runs that words complete: id, words, and the channel to hear them in."""
        return self.session.exec(
            select(col(Task.id), col(Task.words), col(Run.channel_id))
            .join(Run, col(Task.run_id) == col(Run.id))
            .join(Checklist, col(Task.checklist_id) == col(Checklist.id))
            .where(*_OPEN_TASK, Run.state == "active", cast(col(Task.words), String) != "[]")
            .where(col(Run.channel_id).is_not(None))
        ).all()  # type: ignore[return-value]

    def changes(self, run_id: int) -> Sequence[Change]:
        """Return what was changed in a run's tasks, the latest first."""
        return self.session.exec(select(Change).where(Change.run_id == run_id).order_by(col(Change.id).desc())).all()

    def change(self, run_id: int, key: str) -> Change | None:
        return self.session.exec(select(Change).where(Change.run_id == run_id, Change.key == key)).first()

    def record(self, change: NewChange) -> None:
        """Keep a change."""
        self.session.later(_CHANGE, vars(change) | {"undone_at": None, "undone_by": ""})

    def note(
        self,
        run_id: int,
        at: datetime,
        kind: MomentKind,
        person_id: str,
        subject: str,
        post_id: str,
        details: Mapping[str, Any],
    ) -> None:
        """Enter something into a run's timeline."""
        what = {"kind": kind, "person_id": person_id, "subject": subject, "post_id": post_id, "details": {**details}}
        self.session.count_up([run_id])
        self.session.later(_MOMENT, {"run_id": run_id, "at": at, "removed_at": None, **what})
        if kind == "update":
            add_words(self.session.db, run_id, words_of(subject))

    def moments(self, run_id: int) -> Sequence[Moment]:
        return self.session.exec(
            select(Moment).where(Moment.run_id == run_id).order_by(col(Moment.at), col(Moment.id))
        ).all()

    def moment(self, moment_id: int) -> Moment | None:
        return self.session.get(Moment, moment_id)
