"""Connections of those who only read: they see one moment, write and hold nothing, and ask for some seconds at most."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import StaticPool

READ_FOR = 5
"""Seconds after which a question is given up; fewer than a server may say nothing for."""
STEPS = 10_000
"""How many steps SQLite takes, well below a millisecond, between two looks whether that time is over."""


class ReadsOnly(Exception):
    """Who only reads was about to write: a fault of the program's own."""


def let_only_read(engine: Engine) -> None:
    """Let nothing be written by an engine that is not connected yet.

    Where it shares the one connection of a database in memory, only statements of ours are refused.
    """
    event.listen(engine, "before_execute", _refuse_to_write)
    if isinstance(engine.pool, StaticPool):
        return
    if engine.dialect.name == "sqlite":
        engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign, assignment]
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        # To hold what is read would be refused, and would wait for who holds it.
        holding_nothing = {"for_update_clause": lambda _compiler, _select, **_named: ""}
        engine.dialect.statement_compiler = type("Reading", (engine.dialect.statement_compiler,), holding_nothing)
        engine.dialect.do_begin = _begin_postgresql  # type: ignore[method-assign, assignment]


def limit(connection: Connection, clock: Callable[[], float]) -> None:
    """Let SQLite give up what is asked next on a connection once its time is over; PostgreSQL counts by itself."""
    until = clock() + READ_FOR
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: clock() > until, STEPS)


def _refuse_to_write(_connection: Connection, statement: Any, *_more: Any) -> None:
    if getattr(statement, "is_dml", False):
        raise ReadsOnly("who only reads was about to write")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_postgresql(connection: Any) -> None:
    # For this transaction alone: a pooler may lend the connection to somebody who writes.
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    connection.execute(f"SET LOCAL statement_timeout = '{READ_FOR}s'")


def _begin_sqlite(connection: Any) -> None:
    connection.execute("BEGIN")
