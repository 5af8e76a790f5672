"""The processes that work on one database, so that what one of them had taken is free once it lives no more."""

from collections.abc import Collection

from sqlalchemy import delete, insert, update
from sqlmodel import Field, SQLModel, col, select

from store.session.noticing import ReadingSession


class Process(SQLModel, table=True):
    """A process that lives: `beats` grows as long as it does, whatever its clock says."""

    __tablename__ = "process"

    key: str = Field(primary_key=True)
    beats: int = 0


class Processes:
    """Who works on this database, in one transaction."""

    def __init__(self, session: ReadingSession) -> None:
        self.session = session

    def enter(self, key: str) -> None:
        """Take note of a process."""
        self.session.db.execute(insert(Process), {"key": key, "beats": 0})

    def beat(self, key: str) -> bool:
        """Note that a process lives; False if it is not known here, as others took it to be dead."""
        beat = update(Process).where(col(Process.key) == key).values(beats=Process.beats + 1)
        return bool(self.session.db.execute(beat).rowcount)

    def beats(self) -> dict[str, int]:
        """Return how often each process has told that it lives."""
        return dict(self.session.exec(select(col(Process.key), col(Process.beats))).all())

    def leave(self, keys: Collection[str]) -> None:
        """Forget processes that live no more."""
        self.session.db.execute(delete(Process).where(col(Process.key).in_(sorted(keys))))
