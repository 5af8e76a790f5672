"""What every store does: adding rows, writing them, and what must count once."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col

from store.outbox import Outbox
from store.processes import Processes
from store.session.kept import Kept
from store.session.noticing import ReadingSession
from store.session.warm import Warm
from store.tables.posts import Heard

Row = TypeVar("Row", bound=SQLModel)
# Without being told to, the library does not keep how many rows came in.
_ONCE = {
    name: insert(Heard).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


class Asking:
    """What every store does: adding rows, writing them, and what must count once."""

    def __init__(self, session: ReadingSession, warm: Warm) -> None:
        self.session = session
        self.outbox = Outbox(session)
        self.processes = Processes(session)
        self._kept = Kept(session, warm)

    def keep(self) -> None:
        """Keep in mind what is known of the runs that this transaction held; it is committed, its session closed."""
        self._kept.keep()

    @property
    def has_changed_listening(self) -> bool:
        """Return whether this transaction, as far as it is written, changes what the bot has to listen for."""
        return self.session.changes_listening

    @property
    def has_planned(self) -> bool:
        """Return whether this transaction, as far as it is written, changes what is to be reminded of, and when."""
        return self.session.changes_plans

    @property
    def has_called(self) -> bool:
        """Return whether this transaction, as far as it is written, changes what is on its way to webhooks."""
        return self.session.changes_calls

    def add(self, row: Row) -> Row:
        """Add a row, and before it what it refers to; its id is known afterwards."""
        self.add_all([row])
        return row

    def add_all(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Add rows of one kind together; their ids are known afterwards, in their order."""
        self.session.write(rows)
        for row in rows:
            self._kept.add(row)
        return rows

    def drop(self, row: SQLModel) -> None:
        """Delete a row."""
        self.session.delete(row)
        self.session.flush()
        self._kept.drop(row)

    def write(self) -> None:
        """Write what is pending; it is written at the end of the transaction at the latest."""
        self.session.flush()

    def once(self, key: str, now: datetime, place_id: str = "") -> bool:
        """Remember that `key` has happened; False if it had happened before, by whatever process.

        What catching up may tell again happened in the channel `place_id`.
        """
        once = _ONCE[self.session.db.dialect.name]
        return bool(self.session.db.execute(once, {"key": key, "at": now, "place_id": place_id}).rowcount)

    def not_yet(self, key: str) -> None:
        """Forget that `key` has happened, in the transaction that took note of it."""
        self.session.execute(delete(Heard).where(col(Heard.key) == key))

    def try_to_write(self, now: datetime) -> None:
        """Write something that leaves nothing behind, for a full disk to show whether it has room again."""
        self.once("room?", now)
        self.not_yet("room?")
