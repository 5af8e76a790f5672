"""What a transaction has read of a run: each kind of its rows is asked for once, however often it is looked at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast, get_args

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_
from sqlmodel import SQLModel, col, select

from store.session.noticing import ReadingSession
from store.session.several import given, is_any, room_for
from store.session.warm import Known, Warm
from store.tables.attributes import AttributeValue
from store.tables.jobs import OF_TASKS, Job, about
from store.tables.people import RoleHolder
from store.tables.posts import Message
from store.tables.runs import Checklist, Participant, Run, Task
from store.tables.words import LiveKind

Row = TypeVar("Row", bound=SQLModel)
Value = TypeVar("Value")

LIVE = frozenset(get_args(LiveKind))

_RUN: BindParameter[int] = bindparam("run_id")
_OF_A_RUN: Mapping[type[SQLModel], tuple[ColumnElement[bool], ...]] = {
    Checklist: (),
    Task: (),
    RoleHolder: (),
    AttributeValue: (),
    Message: (col(Message.kind).in_(sorted(LIVE)), col(Message.gone_at).is_(None)),
    Job: (col(Job.kind).in_(sorted(OF_TASKS)), col(Job.done_at).is_(None)),
}
"""The kinds of rows that are kept of a run, all of a kind that fulfil its conditions."""

_PARTICIPANT = select(Participant).where(Participant.run_id == _RUN, Participant.person_id == bindparam("person_id"))
_PARTICIPANTS = select(Participant).where(Participant.run_id == _RUN)
_DIGEST = select(Job).where(Job.subject == bindparam("subject"), Job.kind == "digest", col(Job.done_at).is_(None))
_REVISION: Any = select(col(Run.id), col(Run.revision)).with_for_update()
_THE_RUN = _REVISION.where(Run.id == _RUN)
_RUNS_IN = _REVISION.where(Run.channel_id == bindparam("place_id")).order_by(col(Run.id).desc())
_IS_BARE = and_(col(Run.playbook_id).is_(None), col(Run.state) != "finished")
_BARE_RUNS_IN = _RUNS_IN.where(_IS_BARE)
_OWNED = (Message, Task)
"""The kinds whose rows are asked for by their ids, and belong to one run for ever."""


@cache
def _runs(room: int) -> Select[Any]:
    """Return the question for runs, with room for so many."""
    return select(Run).where(is_any(Run.id, "run", room))


@cache
def _parts(runs: int, people: int) -> Select[Any]:
    """Return the question for the parts that people have in runs, with room for so many of each."""
    return select(Participant).where(
        is_any(Participant.run_id, "run", runs), is_any(Participant.person_id, "person", people)
    )


@cache
def _of_runs(kind: Any, room: int) -> Select[Any]:
    """Return the question for the rows of a kind that are kept, with room for so many runs."""
    return select(kind).where(is_any(kind.run_id, "run", room), *_OF_A_RUN[kind]).order_by(kind.id)


@cache
def _ahead(runs: int, places: int, bare: int) -> Any:
    """Return the question for runs, and for those of places, with room for so many of each."""
    of_places = is_any(Run.channel_id, "place", places)
    bare_runs = and_(is_any(Run.channel_id, "bare", bare), _IS_BARE)
    return _REVISION.where(or_(is_any(Run.id, "run", runs), of_places, bare_runs)).order_by(col(Run.id).desc())


class Kept:
    """The rows of runs in one transaction, those that came in it included; they are the session's own.

    Only what holds for as long as the transaction may be kept: the rows of a run change by whoever holds the run.
    """

    def __init__(self, session: ReadingSession, warm: Warm) -> None:
        self._session = session
        self._warm = warm
        self._runs: dict[int, Known] = {}
        self._glanced: dict[int, Known] = {}
        self._owned: dict[tuple[type[SQLModel], int], int] = {}
        self._digests: dict[str, Job | None] = {}
        self._here: dict[str, list[Run]] = {}
        self._bare: dict[str, list[Run]] = {}
        self._early: dict[int, list[SQLModel]] = {}
        self._looked = 0
        self._looked_up: dict[tuple[type[SQLModel], str], SQLModel] = {}

    def rows(self, kind: type[Row], run_id: int) -> list[Row]:
        """Return a run's rows of a kind by their ids: of messages those that are `LIVE`, of jobs its tasks'."""
        run = self._known(run_id)
        found: list[Row] | None = run.rows.get(kind)
        if found is None:
            found = run.rows[kind] = self.ask(_of_runs(kind, 1), run0=run_id)
            self._note_owned(found)
        return found

    def _read_all(self, runs: Mapping[int, Known]) -> None:
        """Read all rows of runs of which nothing was read yet, each kind at once."""
        room = room_for(len(runs))
        for kind in _OF_A_RUN if runs else ():
            for known in runs.values():
                known.rows[kind] = []
            found = self.ask(_of_runs(kind, room), **given("run", runs, room))
            for row in found:
                runs[row.run_id].rows[kind].append(row)
            self._note_owned(found)

    def tasks(self, run_id: int, removed: bool, hidden: bool) -> Sequence[Task]:
        """Return a run's tasks in their order, the same sequence as long as nothing has moved."""
        known = self._known(run_id)
        if run_id in self._session.moved:
            self._session.moved.discard(run_id)
            known.order.clear()
        found = known.order.get((removed, hidden))
        if found is None:
            lists = {row.id: row.position for row in self.rows(Checklist, run_id) if removed or row.removed_at is None}
            tasks = (row for row in self.rows(Task, run_id) if removed or row.removed_at is None)
            found = known.order[removed, hidden] = sorted(
                (row for row in tasks if row.checklist_id in lists and (hidden or not row.hidden)),
                key=lambda row: (lists[row.checklist_id], row.checklist_id, row.position, row.id),
            )
        return found

    def beside(self, run_id: int, kind: type[Value]) -> Value:
        """Return the one value of a kind that is kept with a run's rows, made at first."""
        beside = self._known(run_id).beside
        if kind not in beside:
            beside[kind] = kind()
        return cast("Value", beside[kind])

    def add(self, row: SQLModel) -> None:
        """Take note of a row that has come."""
        if isinstance(row, Run):
            self._add_run(row)
        if isinstance(row, Job) and row.kind == "digest":
            self._digests[row.subject] = row
        run = self._now_known(row)
        if isinstance(row, Participant):
            run.participants[row.person_id] = row
        if (isinstance(row, Message) and row.kind not in LIVE) or (isinstance(row, Job) and row.kind not in OF_TASKS):
            return
        if (found := run.rows.get(type(row))) is not None:
            found.append(row)
            run.order.clear()
            self._note_owned([row])

    def _add_run(self, run: Run) -> None:
        # Nobody else knows of it before this transaction ends, and nothing belongs to it yet.
        self._here.clear()
        self._bare.clear()
        if run.id is not None:
            self._runs[run.id] = Known(run, {kind: [] for kind in _OF_A_RUN}, attended=True)

    def _note_owned(self, rows: Iterable[Any]) -> None:
        self._owned |= {(type(row), row.id): row.run_id for row in rows if type(row) in _OWNED and row.id is not None}

    def drop(self, row: SQLModel) -> None:
        """Take note of a row that has gone."""
        found = self._now_known(row).rows.get(type(row), [])
        if row in found:
            found.remove(row)

    def participant(self, run_id: int, person_id: str) -> Participant | None:
        """Return somebody's part in a run, if they ever had one."""
        run = self._known(run_id)
        if person_id not in run.participants and not run.attended:
            found = self.ask(_PARTICIPANT, run_id=run_id, person_id=person_id)
            run.participants[person_id] = found[0] if found else None
        return run.participants.get(person_id)

    def participants(self, run_id: int) -> list[Participant]:
        """Return everybody's part in a run, in the order that they came."""
        run = self._known(run_id)
        if not run.attended:
            run.participants |= {row.person_id: row for row in self.ask(_PARTICIPANTS, run_id=run_id)}
            run.attended = True
        found = (row for row in run.participants.values() if row is not None)
        return sorted(found, key=lambda row: float("inf") if row.id is None else row.id)

    def digest(self, person_id: str) -> Job | None:
        """Return the digest that is planned for somebody."""
        subject = about(person_id)
        if subject not in self._digests:
            found = self.ask(_DIGEST, subject=subject)
            self._digests[subject] = found[0] if found else None
        planned = self._digests[subject]
        return planned if planned is not None and planned.done_at is None else None

    def look_up(self, kind: type[Row], ids: Collection[str]) -> dict[str, Row]:
        """Return people or teams by their ids, to be looked at only; those that are not known are asked for together.

        What other processes have learnt of them in the last minute may be missing.
        """
        found: dict[str, Row] = {}
        for each in ids:
            row = self.known(kind, each) or self._warm.recall(kind, each)
            if row is not None:
                found[each] = row
        if missing := [each for each in ids if each not in found]:
            read = self.read(kind, missing)
            self._looked_up |= {(kind, each): row for each, row in read.items()}
            found |= read
        return found

    def read(self, kind: type[Row], ids: Collection[str]) -> dict[str, Row]:
        """Return rows by their ids, to be changed."""
        column: Any = kind.id  # type: ignore[attr-defined]  # all that is read like this has one
        rows = self.ask(select(kind).where(col(column).in_(ids)))
        return {row.id: row for row in rows}

    def learnt(self, kind: type[SQLModel], ids: Iterable[str]) -> None:
        """Take note that there is something new about people or teams."""
        for each in ids:
            self._warm.forget(kind, each)
            self._looked_up.pop((kind, each), None)

    def learnt_all(self, kind: type[SQLModel]) -> None:
        """Take note that there may be something new about everything of a kind."""
        self._warm.forget_all(kind)
        self._looked_up = {key: row for key, row in self._looked_up.items() if key[0] is not kind}

    def look_ahead(
        self,
        runs: Collection[int],
        messages: Iterable[int],
        places: Collection[str],
        bare_in: Collection[str],
        people: Collection[str],
    ) -> None:
        """Hold at once runs, those of messages, where they are known, and what `runs_in` and `bare_runs` will give.

        What is kept of these runs is read with them, and which part people have in them.
        """
        run_ids = {*runs, *(run_id for one in messages if (run_id := self.run_of(Message, one)) is not None)}
        if not (run_ids or places or bare_in):
            return
        self._look_around()
        room = [room_for(len(values)) for values in (run_ids, places, bare_in)]
        values = given("run", run_ids, room[0]) | given("place", places, room[1]) | given("bare", bare_in, room[2])
        found = self._hold(_ahead(*room), **values)
        here: dict[str | None, list[Run]] = {}
        for run in found:
            here.setdefault(run.channel_id, []).append(run)
        for place_id in places:
            self._here[place_id] = here.get(place_id, [])
        for place_id in bare_in:
            runs_here = here.get(place_id, ())
            self._bare[place_id] = [run for run in runs_here if run.playbook_id is None and run.is_active]
        held = {run.id: self._runs[run.id] for run in found}
        active = {run.id for run in found if run.is_active}
        self._read_all({run_id: known for run_id, known in held.items() if run_id in active and not known.rows})
        self._look_for(held, people)

    def _look_for(self, runs: Mapping[int, Known], people: Collection[str]) -> None:
        """Ask at once for the parts that people have in runs, where any of them is not known."""
        missing = {
            run_id: known
            for run_id, known in runs.items()
            if not known.attended and any(one not in known.participants for one in people)
        }
        if not missing:
            return
        for known in missing.values():
            known.participants = dict.fromkeys(people) | known.participants
        room = room_for(len(missing)), room_for(len(people))
        for row in self.ask(_parts(*room), **given("run", missing, room[0]), **given("person", people, room[1])):
            missing[row.run_id].participants[row.person_id] = row

    def bare_runs(self, place_id: str) -> list[Run]:
        """Return the bare checklists that were active in a channel when it was first asked for, held."""
        self._look_around()
        if place_id not in self._bare:
            self._bare[place_id] = self._hold(_BARE_RUNS_IN, place_id=place_id)
        return self._bare[place_id]

    def runs_in(self, place_id: str) -> list[Run]:
        """Return the runs of a channel, the newest first, held."""
        self._look_around()
        if place_id not in self._here:
            self._here[place_id] = self._hold(_RUNS_IN, place_id=place_id)
        return self._here[place_id]

    def _look_around(self) -> None:
        """Forget which runs are where, if one may have moved, and let the database know."""
        if self._session.has_moved:
            self._session.flush()
            self._session.has_moved = False
            self._here.clear()
            self._bare.clear()

    def get(self, kind: type[Row], row_id: int | str) -> Row | None:
        """Return a row by its id."""
        with self._session.no_autoflush:
            return self.known(kind, row_id) or self._session.get(kind, row_id)

    def known(self, kind: type[Row], row_id: int | str) -> Row | None:
        """Return a row that was read before in this transaction, without asking for it."""
        row: Row | None = self._session.get_known(kind, row_id)
        return row

    def ask(self, statement: Select[Any], **values: int | str | None) -> list[Any]:
        """Return what a statement finds that asks for nothing which is still to be written."""
        # What is pending is written at once by whoever adds it, or is known here: nothing has to be written first.
        with self._session.no_autoflush:
            return list(self._session.exec(statement, params=values).all())  # type: ignore[call-overload]

    def run(self, run_id: int) -> Run | None:
        """Return a run, held by this transaction from now on."""
        if run_id not in self._runs:
            self._hold(_THE_RUN, run_id=run_id)
        known = self._runs.get(run_id)
        return known.run if known is not None else None

    def held(self) -> list[Run]:
        """Return the runs that are held by this transaction so far."""
        return [known.run for known in self._runs.values() if known.run is not None]

    def run_of(self, kind: type[SQLModel], row_id: int) -> int | None:
        """Return the run that a message or a task belongs to, without asking; None where that is not known."""
        return self._owned.get((kind, row_id)) or self._warm.run_of(kind, row_id)

    def keep(self) -> None:
        """Keep what is known of the runs that were held, now that it is committed, and the session closed."""
        for run_id in self._session.moved & self._runs.keys():
            self._runs[run_id].order.clear()
        for known in self._runs.values():
            if known.run is not None and known.run.is_active:
                for kind in known.rows.keys() & {Job, Message}:
                    known.rows[kind] = [row for row in known.rows[kind] if not _is_over(row)]
                self._warm.put(known.run, known)
        self._warm.note_owned(self._owned)
        self._warm.remember(self._looked_up)

    def _known(self, run_id: int) -> Known:
        """Return what is known of a run, for as long as the transaction holds it, or until it does."""
        return self._runs.get(run_id) or self._glanced.setdefault(run_id, Known())

    def _now_known(self, row: SQLModel) -> Known:
        """Return what is known of the run that a row belongs to; nothing, where it belongs to none."""
        run_id = getattr(row, "run_id", None) or 0
        return self._runs.get(run_id) or self._glanced.get(run_id) or Known()

    def _hold(self, statement: Select[Any], **values: int | str | None) -> list[Run]:
        """Hold the runs that a statement finds with their revisions; what was read of them before is read anew.

        Whoever held a run until now may have changed it in the meantime, where there are several at once.
        """
        found: list[Any] = list(self._session.db.execute(statement, values).all())
        fresh = {run_id: revision for run_id, revision in found if run_id not in self._runs}
        if fresh:
            self._forget_early(fresh)
            cold = [run_id for run_id, revision in fresh.items() if not self._is_warm(run_id, revision)]
            room = room_for(len(cold))
            for run in self.ask(_runs(room), **given("run", cold, room)) if cold else ():
                self._runs[run.id] = Known(run)
        return [run for run_id, _ in found if (run := self._runs[run_id].run) is not None]

    def _is_warm(self, run_id: int, revision: int) -> bool:
        """Take up what an earlier transaction knew of a run, if it is as it was, and nothing of it was read here."""
        known = self._warm.take(run_id, revision)
        if known is None or self.known(Run, run_id) is not None or run_id in self._early:
            return False
        self._session.take_up(known.every())
        self._runs[run_id] = known
        return True

    def _forget_early(self, run_ids: Iterable[int]) -> None:
        """Let the rows of runs be read anew that were read before the runs were held."""
        for row in self._session.read[self._looked :]:
            run_id = row.id if isinstance(row, Run) else vars(row).get("run_id")
            if run_id is not None and run_id not in self._runs:
                self._early.setdefault(run_id, []).append(row)
        self._looked = len(self._session.read)
        stale = [row for run_id in run_ids for row in self._early.get(run_id, ())]
        for run_id in run_ids:
            self._glanced.pop(run_id, None)
        if stale:
            self._session.flush()
        for row in stale:
            self._session.expire(row)


def _is_over(row: SQLModel) -> bool:
    """Return whether nobody asks any more about a row that is known."""
    if isinstance(row, Message):
        return row.gone_at is not None or row.kind not in LIVE
    return isinstance(row, Job) and row.done_at is not None
