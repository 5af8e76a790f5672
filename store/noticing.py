"""Notices in a transaction whether it changes what the bot has to listen for, or what is planned."""

from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlmodel import Session, SQLModel

from store.runs import Checklist, Reminder, Run, Task

LISTENING = "listening changed"
PLANNED = "something is planned"
_MATTERS: dict[type, tuple[str, ...]] = {Run: ("state", "channel_id", "removed_at"), Checklist: ("removed_at",)}


class ReadingSession(Session):
    """A session whose `info` tells whether tasks that words complete changed, and whether reminders did.

    It keeps hold of what it has read: the library's own does not, and would ask for it again.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.read: list[SQLModel] = []


def _keep(session: ReadingSession, row: SQLModel) -> None:
    session.read.append(row)


def _note(session: Session, _context: Any, _instances: Any) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Reminder):
            session.info[PLANNED] = True
        elif _changes_listening(row):
            session.info[LISTENING] = True


def _changes_listening(row: object) -> bool:
    if isinstance(row, Task):
        return bool(row.words) or _is_changed(row, "words")
    return any(_is_changed(row, name) for name in _MATTERS.get(type(row), ()))


def _is_changed(row: object, name: str) -> bool:
    return bool(inspect(row).attrs[name].history.has_changes())


event.listen(ReadingSession, "before_flush", _note)
event.listen(ReadingSession, "loaded_as_persistent", _keep)
