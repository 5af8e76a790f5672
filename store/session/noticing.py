"""The session of a transaction: it notices what changes of runs, what the bot listens for, and what is planned."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, event, inspect, update
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlmodel import Session, SQLModel, col

from store.session.writing import changed_of, write_changes, write_new
from store.tables.jobs import Job
from store.tables.people import RoleHolder
from store.tables.playbooks import PlaybookRow
from store.tables.posts import Message
from store.tables.runs import Checklist, Participant, Run, Task

LISTENING = "listening changed"
PLANNED = "something is planned"
_MATTERS: dict[type, tuple[str, ...]] = {
    Run: ("state", "channel_id", "removed_at"),
    Checklist: ("removed_at",),
    Task: ("words",),
    PlaybookRow: ("version", "archived_at"),
}
_OF_A_RUN = (Checklist, Job, Message, Participant, RoleHolder, Task)
_COUNT_UP = update(Run).where(col(Run.id) == bindparam("of")).values(revision=Run.revision + 1)


class Moves:
    """Counts, in all threads, what may change some run's place, or its tasks' order or room; 1 before anything has."""

    def __init__(self) -> None:
        self.so_far = 1

    def __call__(self, *_of: Any) -> None:
        self.so_far += 1


moves = Moves()
for _place in (
    *(Task.position, Task.checklist_id, Task.removed_at, Task.title),
    *(Checklist.position, Checklist.removed_at, Checklist.title),
    Run.channel_id,
):
    event.listen(_place, "set", moves)


class ReadingSession(Session):
    """A session whose `info` tells whether tasks that words complete changed, and whether jobs did.

    It counts up the revision of each run that it changes anything of. It keeps hold of what it has read: the library's
    own does not, and would ask for it again.
    """

    def __init__(self, db: Connection) -> None:
        super().__init__(db, expire_on_commit=False, join_transaction_mode="rollback_only")
        self.db = db
        self.read: list[SQLModel] = []
        self._counted: set[int] = set()
        self._later: dict[Executable, list[dict[str, Any]]] = {}

    def write(self, rows: Sequence[SQLModel]) -> None:
        """Write new rows of one kind; their ids are known afterwards."""
        write_new(self.db, rows)
        self.add_all(rows)
        self._notice(rows)
        self.info[LISTENING] = self.info.get(LISTENING) or any(isinstance(row, Task) and row.words for row in rows)

    def later(self, statement: Executable, values: dict[str, Any]) -> None:
        """Have a statement executed with the next `flush`, along with all that say the same of other values.

        It may only be one whose order among others does not matter, and whose result nobody asks for.
        """
        self._later.setdefault(statement, []).append(values)

    def take_up(self, rows: Iterable[SQLModel]) -> None:
        """Make rows of an earlier session, of which none is here yet, this one's own."""
        for row in rows:
            # As the library does it with what it has just read; its `add` looks for much more, for eight times as long.
            state = instance_state(row)
            assert state.key is not None
            state.session_id = self.hash_key
            self.identity_map._add_unpresent(state, state.key)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is changed, what was left for later, and what is left to the library.

        That are rows that go, and people and places taken over.
        """
        changed = [*self.dirty] if self.identity_map.check_modified() else []
        if changed:
            self._notice(changed)
            self.info[LISTENING] = self.info.get(LISTENING) or any(map(_changes_listening, changed))
            write_changes(self.db, changed)
            for row in changed:
                # As the library does it after a flush of its own.
                state = inspect(row)
                state._commit_all(state.dict, self.identity_map)
        if self.new or self.deleted:
            self._notice([*self.new, *self.deleted])
            super().flush(objects)
        later, self._later = self._later, {}
        for statement, values in later.items():
            self.db.execute(statement, values)

    def count_up(self, run_ids: Iterable[int]) -> None:
        """Count up the revision of runs, each once in a transaction: something of them changes."""
        for run_id in set(run_ids) - self._counted:
            self._counted.add(run_id)
            self.later(_COUNT_UP, {"of": run_id})
            run = self.identity_map.get((Run, (run_id,), None))
            if run is not None and "revision" in vars(run):
                set_committed_value(run, "revision", run.revision + 1)

    def _notice(self, rows: Iterable[SQLModel]) -> None:
        run_ids = [row.id if isinstance(row, Run) else row.run_id for row in rows if isinstance(row, (Run, *_OF_A_RUN))]
        self.count_up(run_id for run_id in run_ids if run_id is not None)
        self.info[PLANNED] = self.info.get(PLANNED) or any(map(_changes_plans, rows))


def _keep(session: ReadingSession, row: SQLModel) -> None:
    session.read.append(row)


def _changes_plans(row: SQLModel) -> bool:
    """Return whether a changed row may make something due: a job, or a run that its jobs wait for."""
    return isinstance(row, Job) or (isinstance(row, Run) and "state" in changed_of(row))


def _changes_listening(row: SQLModel) -> bool:
    if isinstance(row, Task) and row.words:
        return True
    matters = _MATTERS.get(type(row))
    return matters is not None and any(name in matters for name in changed_of(row))


event.listen(ReadingSession, "loaded_as_persistent", _keep)
