"""What many tests begin with is made once for each process; all others get a copy of its database."""

import sqlite3
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from store import Database
from store.session.warm import Warm

MOST = 64
"""How many beginnings are kept at once."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A database as it was, and what else there was to know."""

    rows: sqlite3.Connection
    beside: Any


_known: dict[Hashable, Beginning] = {}


def begun(database: Database, key: Hashable, make: Callable[[], Any]) -> Any:
    """Let an in-memory database be as `make` leaves it, and return what that returned when it was made."""
    kept = _known.get(key)
    if kept is None:
        beside = make()
        if len(_known) < MOST:
            rows = sqlite3.connect(":memory:", check_same_thread=False)
            with database.engine.connect() as there:
                connection(there).backup(rows)
            _known[key] = Beginning(rows, beside)
        return beside
    with database.engine.connect() as there:
        kept.rows.backup(connection(there))
    # What was remembered of the rows before is true of them no more.
    database._warm = Warm(clock=database._clock)
    return kept.beside


def changes(database: Database) -> int:
    """Return how many rows were written to an in-memory database by now; a copy that it got counts as none."""
    with database.engine.connect() as there:
        return connection(there).total_changes


def connection(there: Any) -> sqlite3.Connection:
    found: sqlite3.Connection = there.connection.driver_connection
    return found
