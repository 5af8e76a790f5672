"""Tells a database that is away for the moment from one that refuses a statement for good."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_SQLITE_AWAY = frozenset({3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26})
"""Not permitted, busy, locked, no memory, read-only, interrupted, a read or write failed, corrupt, full, cannot be
opened, locking protocol, no database (SQLite's primary result codes)."""
_SQLITE_FULL = 13
_SQLITE_SET_UP = frozenset({3, 8, 14, 26})
_POSTGRESQL_AWAY = ("08", "53", "57P", "58", "25006", "55P03", "57014")
"""Connection, resources, shutting down or starting up, the system below, read-only, a lock that others held for too
long, and a statement's time over (appendix A of its manual)."""
_POSTGRESQL_FULL = "53100"
_IN_THE_WAY = frozenset({"40P01", "40001", "23505"})
"""Deadlock, serialization failure, and a row that somebody else has added in the meantime."""
_REFUSED = ("authentication failed", "does not exist", "pg_hba.conf")
"""Words of a PostgreSQL server that lets nobody in like this; it gives no code with them, and may say others."""

AnyError = DBAPIError | NoConnectionFree


class Unavailable(Exception):
    """The database cannot be asked now, or cannot keep what it is told: it is to be asked again.

    Nothing of what was asked has happened, unless it is `in_doubt`: the connection broke during the commit. Where it
    `looks_set_up_wrong`, waiting alone will hardly help. Where a connection `has_broken`, a new one may do at once.
    """

    def __init__(
        self, said: str, *, in_doubt: bool = False, looks_set_up_wrong: bool = False, has_broken: bool = False
    ) -> None:
        super().__init__(said)
        self.in_doubt = in_doubt
        self.has_broken = has_broken
        self.looks_set_up_wrong = looks_set_up_wrong


class DiskFull(Unavailable):
    """The disk is full: nothing can be stored, so nothing is done. The text tells the operator."""


class Conflict(Exception):
    """Another transaction was in the way, and nothing of this one stays: it is to be tried again."""


def told(error: AnyError, where: str, *, while_committing: bool = False) -> Exception:
    """Return what an error of the database `where` means: `Conflict`, `Unavailable`, `DiskFull`, or itself."""
    if not isinstance(error, DBAPIError):
        return Unavailable(f"No connection to the database {where} is free.")
    code, state = getattr(error.orig, "sqlite_errorcode", None), getattr(error.orig, "sqlstate", None)
    said = str(error.orig).strip()
    if state in _IN_THE_WAY:
        return Conflict(said)
    if (code is not None and code & 0xFF == _SQLITE_FULL) or state == _POSTGRESQL_FULL:
        return DiskFull(f"The disk of the database {where} is full. Free some space; what waits is decided then.")
    if code is not None:
        wrong = code & 0xFF in _SQLITE_SET_UP
        return Unavailable(said, looks_set_up_wrong=wrong) if code & 0xFF in _SQLITE_AWAY else error
    if not _is_postgresql_away(error, state):
        return error
    wrong = state is None and any(words in said for words in _REFUSED)
    broken = error.connection_invalidated
    return Unavailable(said, in_doubt=while_committing, looks_set_up_wrong=wrong, has_broken=broken)


def _is_postgresql_away(error: DBAPIError, state: str | None) -> bool:
    if error.connection_invalidated:
        return True
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return state.startswith(_POSTGRESQL_AWAY)
