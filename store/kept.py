"""What a transaction has read of a run: each kind of its rows is asked for once, however often it is looked at."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Select, bindparam
from sqlmodel import SQLModel, col, select

from store.noticing import ReadingSession
from store.people import RoleHolder
from store.posts import Message
from store.runs import Checklist, Participant, Reminder, Run, Task

Row = TypeVar("Row", bound=SQLModel)

LIVE = frozenset({"card", "checklist", "assignment", "task_reminder"})
"""The kinds of messages that show how a run stands, and are looked at with each change."""

_RUN: BindParameter[int] = bindparam("run_id")
_OF_A_RUN: Mapping[type[SQLModel], Select[Any]] = {
    Checklist: select(Checklist).where(Checklist.run_id == _RUN).order_by(col(Checklist.id)),
    Task: select(Task).where(Task.run_id == _RUN).order_by(col(Task.id)),
    RoleHolder: select(RoleHolder).where(RoleHolder.run_id == _RUN).order_by(col(RoleHolder.id)),
    Message: select(Message)
    .where(Message.run_id == _RUN, col(Message.kind).in_(sorted(LIVE)), col(Message.gone_at).is_(None))
    .order_by(col(Message.id)),
    Reminder: select(Reminder)
    .where(Reminder.run_id == _RUN, col(Reminder.task_id).is_not(None), col(Reminder.done_at).is_(None))
    .order_by(col(Reminder.id)),
}

_PARTICIPANT = select(Participant).where(Participant.run_id == _RUN, Participant.person_id == bindparam("person_id"))
_PARTICIPANTS = select(Participant).where(Participant.run_id == _RUN)
_DIGEST = select(Reminder).where(
    Reminder.person_id == bindparam("person_id"), Reminder.kind == "digest", col(Reminder.done_at).is_(None)
)
_BARE_RUNS_IN = (
    select(Run)
    .where(Run.channel_id == bindparam("place_id"), col(Run.playbook_id).is_(None), Run.state != "finished")
    .order_by(col(Run.id).desc())
    .with_for_update()
)


class Kept:
    """The rows of runs in one transaction, those that came in it included; they are the session's own.

    Only what holds for as long as the transaction may be kept: the rows of a run change by whoever holds the run.
    """

    def __init__(self, session: ReadingSession) -> None:
        self._session = session
        self._rows: dict[tuple[type[SQLModel], int], list[Any]] = {}
        self._participants: dict[tuple[int, str], Participant | None] = {}
        self._attended: set[int | None] = set()
        self._digests: dict[str, Reminder | None] = {}
        self._bare: dict[str, list[Run]] = {}
        self._early: dict[int, list[SQLModel]] = {}
        self._looked = 0
        self.held: set[int] = set()

    def rows(self, kind: type[Row], run_id: int) -> list[Row]:
        """Return a run's rows of a kind by their ids: of messages those that are `LIVE`, of reminders its tasks'."""
        found = self._rows.get((kind, run_id))
        if found is None:
            found = self._rows[kind, run_id] = self.ask(_OF_A_RUN[kind], run_id=run_id)
        return found

    def add(self, row: SQLModel) -> None:
        """Take note of a row that has come."""
        if isinstance(row, Participant):
            self._participants[row.run_id, row.person_id] = row
        if isinstance(row, Run):
            self._bare.clear()
        if isinstance(row, Reminder) and row.kind == "digest":
            self._digests[row.person_id] = row
        found = self._rows.get((type(row), getattr(row, "run_id", None) or 0))
        if found is None:
            return
        if isinstance(row, Message) and row.kind not in LIVE:
            return
        if isinstance(row, Reminder) and row.task_id is None:
            return
        found.append(row)

    def drop(self, row: SQLModel) -> None:
        """Take note of a row that has gone."""
        found = self._rows.get((type(row), getattr(row, "run_id", None) or 0))
        if found is not None and row in found:
            found.remove(row)

    def participant(self, run_id: int, person_id: str) -> Participant | None:
        """Return somebody's part in a run, if they ever had one."""
        key = (run_id, person_id)
        if key not in self._participants and run_id not in self._attended:
            found = self.ask(_PARTICIPANT, run_id=run_id, person_id=person_id)
            self._participants[key] = found[0] if found else None
        return self._participants.get(key)

    def participants(self, run_id: int) -> list[Participant]:
        """Return everybody's part in a run, in the order that they came."""
        if run_id not in self._attended:
            for row in self.ask(_PARTICIPANTS, run_id=run_id):
                self._participants[run_id, row.person_id] = row
            self._attended.add(run_id)
        found = (row for key, row in self._participants.items() if key[0] == run_id and row is not None)
        return sorted(found, key=lambda row: float("inf") if row.id is None else row.id)

    def digest(self, person_id: str) -> Reminder | None:
        """Return the digest that is planned for somebody."""
        if person_id not in self._digests:
            found = self.ask(_DIGEST, person_id=person_id)
            self._digests[person_id] = found[0] if found else None
        planned = self._digests[person_id]
        return planned if planned is not None and planned.done_at is None else None

    def read(self, kind: type[Row], ids: Collection[str]) -> dict[str, Row]:
        """Return rows by their ids, those that are not known yet asked for together."""
        found = {each: row for each in ids if (row := self.known(kind, each)) is not None}
        if missing := [each for each in ids if each not in found]:
            column: Any = kind.id  # type: ignore[attr-defined]  # all that is read like this has one
            with self._session.no_autoflush:
                rows = self._session.exec(select(kind).where(col(column).in_(missing))).all()
            found |= {row.id: row for row in rows}  # type: ignore[attr-defined]
        return found

    def bare_runs(self, place_id: str) -> list[Run]:
        """Return the bare checklists that were active in a channel when it was first asked for, held."""
        if place_id not in self._bare:
            self._bare[place_id] = self.ask(_BARE_RUNS_IN, place_id=place_id)
            self.hold(self._bare[place_id])
        return self._bare[place_id]

    def get(self, kind: type[Row], row_id: int | str) -> Row | None:
        """Return a row by its id."""
        with self._session.no_autoflush:
            return self.known(kind, row_id) or self._session.get(kind, row_id)

    def known(self, kind: type[Row], row_id: int | str) -> Row | None:
        """Return a row that was read before in this transaction, without asking for it."""
        # The library's own key of a row; its `get` finds it too, at ten times the cost.
        row: Row | None = self._session.identity_map.get((kind, (row_id,), None))
        return row

    def ask(self, statement: Select[Any], **values: int | str) -> list[Any]:
        """Return what a statement finds that asks for nothing which is still to be written."""
        # What is pending is written at once by whoever adds it, or is known here: nothing has to be written first.
        with self._session.no_autoflush:
            return list(self._session.exec(statement, params=values).all())  # type: ignore[call-overload]

    def run(self, run_id: int) -> Run | None:
        """Return a run, held by this transaction from now on."""
        if run_id in self.held:
            return self.get(Run, run_id)
        with self._session.no_autoflush:
            run = self._session.get(Run, run_id, with_for_update=True)
        self.hold([run] if run is not None else [])
        return run

    def hold(self, runs: Sequence[Run]) -> None:
        """Take note of runs that this transaction holds; what it read of them before is read anew.

        Whoever held a run until now may have changed it in the meantime, where there are several at once.
        """
        fresh = {run.id for run in runs if run.id is not None} - self.held
        if not fresh:
            return
        self.held |= fresh
        stale = self._read_early(fresh)
        self._rows = {key: rows for key, rows in self._rows.items() if key[1] not in fresh}
        self._participants = {key: row for key, row in self._participants.items() if key[0] not in fresh}
        self._attended -= fresh
        if stale:
            self._session.flush()
        for row in stale:
            self._session.expire(row)

    def _read_early(self, run_ids: set[int]) -> list[SQLModel]:
        """Return the rows of runs that were read before the runs were held."""
        for row in self._session.read[self._looked :]:
            run_id = vars(row).get("run_id")
            if run_id is not None and run_id not in self.held - run_ids:
                self._early.setdefault(run_id, []).append(row)
        self._looked = len(self._session.read)
        return [row for run_id in run_ids for row in self._early.pop(run_id, ())]
