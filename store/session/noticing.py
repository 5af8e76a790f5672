"""The session of a transaction: it notices what changes of runs, what the bot listens for, and what is planned."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Result, bindparam, event, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstanceState, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel, col

from store.session.found_by import SAID, note_words, said_before
from store.tables.actions import ActionRow
from store.tables.attributes import AttributeValue
from store.tables.audience import Audience
from store.tables.base import values_of
from store.tables.figures import MetricValue, Milestone
from store.tables.jobs import Job
from store.tables.people import RoleHolder
from store.tables.playbooks import PlaybookRow
from store.tables.posts import Message
from store.tables.retrospectives import RetroComment, RetroReader, RetroSection, Retrospective, RetroWriter
from store.tables.runs import Checklist, Moment, Participant, Run, Task
from store.tables.webhooks import WebhookDelivery

_MATTERS: dict[type, tuple[str, ...]] = {
    Run: ("state", "channel_id", "removed_at"),
    Checklist: ("removed_at",),
    Task: ("words", "hidden"),
    PlaybookRow: ("version", "archived_at"),
}
_RETROSPECTIVE = (RetroComment, RetroReader, RetroSection, Retrospective, RetroWriter)
_OF_A_RUN = (AttributeValue, Checklist, Job, Message, Participant, RoleHolder, Task, *_RETROSPECTIVE)
_ALSO_OF_A_RUN = (ActionRow, MetricValue, Milestone, Moment)
"""What is not remembered of a run, and still changes what is told of it."""
_COUNT_UP = update(Run).where(col(Run.id) == bindparam("of")).values(revision=Run.revision + 1)
_TABLES = "|".join(str(kind.__tablename__) for kind in (Run, *_OF_A_RUN))
_WRITES = re.compile(rf"\s*(?:WITH\b.*?)?\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?({_TABLES})\b", re.I | re.S)
_GUARD = "guard"
_KNOW_AUDIENCE = {
    name: insert(Audience).on_conflict_do_nothing()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


class PastTheSession(Exception):
    """A statement would change rows of runs, and leave what is remembered of them as it was: a mistake in Muster."""


class Guard:
    """Lets rows of runs be changed by a session alone: `is_open` as long as it does so."""

    def __init__(self) -> None:
        self.is_open = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let statements pass."""
        before, self.is_open = self.is_open, True
        try:
            yield
        finally:
            self.is_open = before

    def check(self, statement: str) -> None:
        """Raise `PastTheSession` for a statement that may not pass."""
        if not self.is_open and (found := _WRITES.match(statement)) is not None:
            raise PastTheSession(f"rows of {found[1]} are changed by the session, or by its change_many")


def guard(engine: Engine) -> None:
    """See to it that on an engine's connections rows of runs change by their session alone, or by nobody's."""
    event.listen(engine, "before_cursor_execute", _check)


def _check(connection: Connection, _cursor: object, statement: str, *_how: object) -> None:
    if (found := connection.get_execution_options().get(_GUARD)) is not None:
        found.check(statement)


class ReadingSession(Session):
    """A session that knows whether its transaction changes what the bot listens for, and what is planned.

    It counts up the revision of each run that it changes anything of. It keeps hold of what it has read: the library's
    own does not, and would ask for it again. `moved` are the runs whose tasks may stand in another order since that was
    looked at, or need another room; `has_moved` tells that a run may have come into another channel.
    """

    def __init__(self, db: Connection) -> None:
        super().__init__(db, expire_on_commit=False, join_transaction_mode="rollback_only")
        self.db = db
        self.read: list[SQLModel] = []
        self.changes_listening = False
        self.changes_plans = False
        self.changes_calls = False
        self.moved: set[int] = set()
        self.has_moved = True
        self._counted: set[int] = set()
        self._later: dict[Executable, list[dict[str, Any]]] = {}
        self._said: list[tuple[Run, list[str]]] = []
        self._guard = Guard()
        db.execution_options(**{_GUARD: self._guard})

    def write(self, rows: Sequence[SQLModel]) -> None:
        """Write new rows; their ids are known afterwards."""
        self.add_all(rows)
        self.flush()

    def later(self, statement: Executable, values: dict[str, Any]) -> None:
        """Have a statement executed with the next `flush`, along with all that say the same of other values.

        It may only be one whose order among others does not matter, and whose result nobody asks for.
        """
        self._later.setdefault(statement, []).append(values)

    def change_many(
        self, statement: Executable, run_ids: Collection[int], rows: Sequence[dict[str, Any]] = ()
    ) -> Result[Any]:
        """Execute a statement that changes, or brings, rows of runs: of these, or of none that is remembered.

        What this session has read of the rows is as it is afterwards.
        """
        self.count_up(run_ids)
        with self._guard.opened():
            return self.execute(statement, rows or None)

    def take_up(self, rows: Iterable[SQLModel]) -> None:
        """Make rows of an earlier session, of which none is here yet, this one's own."""
        for row in rows:
            # As `add`, which looks for much more, for fifteen times as long (docs/dependencies.md).
            state: InstanceState[Any] = inspect(row)
            state.session_id = self.hash_key
            self.identity_map.add(state)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is changed, and what was left for later."""
        with self._guard.opened():
            super().flush(objects)
            said, self._said = self._said, []
            for run, before in said:
                note_words(self.db, run, before)
            later, self._later = self._later, {}
            for statement, values in later.items():
                self.db.execute(statement, values)

    def count_up(self, run_ids: Iterable[int]) -> None:
        """Count up the revision of runs, each once in a transaction: something of them changes."""
        for run_id in set(run_ids) - self._counted:
            self._counted.add(run_id)
            self.later(_COUNT_UP, {"of": run_id})
            run = self.get_known(Run, run_id)
            if run is not None and "revision" in vars(run):
                set_committed_value(run, "revision", run.revision + 1)

    def _note_audience(self, run: Run) -> None:
        """Keep what a run's playbook says of who sees it where one question finds it."""
        audience = Audience.of(run.definition)
        run.audience = audience.key
        self.later(_KNOW_AUDIENCE[self.db.dialect.name], values_of(audience))

    @property
    def counted(self) -> frozenset[int]:
        """Return the runs that something was changed of, as far as it is written."""
        return frozenset(self._counted)

    def get_known(self, kind: type[SQLModel], row_id: int | str) -> Any:
        """Return a row that was read before in this transaction, without asking for it; None if it was not."""
        return self.identity_map.get(identity_key(kind, row_id))

    def notice(self) -> None:
        """Take note of what is about to be written."""
        changed = [*self.dirty]
        rows = [*changed, *self.new, *self.deleted]
        for run in (row for row in (*changed, *self.new) if isinstance(row, Run)):
            if _has_changed(run, "definition"):
                self._note_audience(run)
            if any(_has_changed(run, name) for name in SAID):
                self._said.append((run, said_before(inspect(run))))
        for value in (row for row in (*self.new, *self.deleted) if isinstance(row, AttributeValue)):
            if (owner := self.get_known(Run, value.run_id)) is not None:
                self._said.append((owner, [value.words] if value in self.deleted else []))
        of_runs = (row for row in rows if isinstance(row, (Run, *_OF_A_RUN, *_ALSO_OF_A_RUN)))
        run_ids = (row.id if isinstance(row, Run) else row.run_id for row in of_runs)
        self.count_up(run_id for run_id in run_ids if run_id is not None)
        self.changes_plans = self.changes_plans or any(map(_changes_plans, rows))
        self.changes_calls = self.changes_calls or any(isinstance(row, WebhookDelivery) for row in rows)
        listening = any(isinstance(row, Task) and row.words for row in rows) or any(map(_changes_listening, changed))
        self.changes_listening = self.changes_listening or listening


def _changes_plans(row: SQLModel) -> bool:
    """Return whether a changed row may make something due: a job, or a run that its jobs wait for."""
    return isinstance(row, Job) or (isinstance(row, Run) and _has_changed(row, "state"))


def _changes_listening(row: SQLModel) -> bool:
    return any(_has_changed(row, name) for name in _MATTERS.get(type(row), ()))


def _has_changed(row: SQLModel, name: str) -> bool:
    state: InstanceState[Any] = inspect(row)
    return state.attrs[name].history.has_changes()


def _note_move(row: Task | Checklist, *_values: object) -> None:
    session = object_session(row)
    if isinstance(session, ReadingSession):
        session.moved.add(row.run_id)


def _note_place(run: Run, *_values: object) -> None:
    session = object_session(run)
    if isinstance(session, ReadingSession):
        session.has_moved = True


event.listen(ReadingSession, "loaded_as_persistent", lambda session, row: session.read.append(row))
event.listen(ReadingSession, "before_flush", lambda session, *_of_the_flush: session.notice())
event.listen(Run.channel_id, "set", _note_place)
for _place in (
    *(Task.position, Task.checklist_id, Task.removed_at, Task.hidden, Task.title),
    *(Checklist.position, Checklist.removed_at, Checklist.title),
):
    event.listen(_place, "set", _note_move)
