"""The database itself: opening it, bringing its schema up to date, and one transaction at a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel, create_engine

from store.away import DiskFull, told
from store.queries.store import Store
from store.reading import let_only_read, limit
from store.session.noticing import ReadingSession, guard
from store.session.warm import Warm

LONGEST_PAUSE = 15
"""Seconds after which PostgreSQL undoes a transaction whose process does nothing."""
_ONE_MIGRATES = text("SELECT pg_advisory_xact_lock(hashtext(concat('muster: one migrates ', current_schema())))")
"""The lock that a migration holds to its end; only another migration of the same schema waits for it."""
DatabaseError = DBAPIError
"""What the database itself refuses; its transaction is over then."""


PRIVATE, OTHERS = 0o600, 0o077


class SchemaTooNew(Exception):
    """The database was made by a newer Muster than this one; the text says so to the person who started it."""


class InUse(Exception):
    """Another process runs on the same SQLite file; the text says so to the person who started this one."""


LOCKED_FOR = 5
"""Seconds for which others may hold what is needed, such as SQLite's write lock, before the database counts as away."""
SILENT_FOR = 10
"""Seconds after which a PostgreSQL server that says nothing counts as away; a migration takes as long as it takes."""
CONNECTED_WITHIN = 5
"""Seconds in which a PostgreSQL server has to take a new connection, unless its URL says otherwise."""


class Database:
    """A database named by its SQLAlchemy `url`; SQLite files are made on first use.

    Every transaction on SQLite takes the write lock at its beginning, so that a decision never fails half way
    because another one was made meanwhile. `clock` (s) tells how long ago people were read, of whom other
    processes may have learnt something since; without it this process is taken to be the only one.
    """

    def __init__(self, url: str, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _open(url, self.is_sqlite)
        self._is_in_memory = isinstance(self.engine.pool, StaticPool)
        self._readers = self.engine.execution_options() if self._is_in_memory else _open(url, self.is_sqlite)
        let_only_read(self._readers)
        self._clock = clock
        guard(self.engine)
        self.is_full = False
        """Whether the disk was full when something was last written."""
        self._alone: sqlite3.Connection | None = None
        self._warm = Warm(clock=clock)

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """Give a store for one transaction: committed at the end, undone by any exception.

        Raises `Conflict` and `Unavailable`.
        """
        is_decided = False
        try:
            with (
                self.engine.connect() as connection,
                ReadingSession(connection) as session,
                # The session's own transaction takes as long as three statements, and most need only the connection's,
                # which ends before the session is closed: closing it would undo what is not committed.
                connection.begin(),
            ):
                written = self._written(connection) if self.is_full else None
                store = Store(session, self._warm)
                yield store
                # The library itself writes nothing where a session holds only statements, no new or changed rows.
                session.flush()
                has_room = self.is_full and self._written(connection) != written
                is_decided = True
        except (DBAPIError, NoConnectionFree) as error:
            meant = self._told(error, while_committing=is_decided)
            self.is_full = self.is_full or isinstance(meant, DiskFull)
            if meant is error:
                raise
            raise meant from error
        self.is_full = self.is_full and not has_room
        store.keep()

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """Give a store that only reads, beside the transactions that decide: neither waits for the other.

        It sees one moment throughout, and holds nothing. What would write raises `ReadsOnly`. Raises `Conflict` and
        `Unavailable`, also where it takes longer than `READ_FOR`. In memory SQLite has one connection for both.
        """
        with self._telling(), self._readers.connect() as connection, ReadingSession(connection) as session:
            if self.is_sqlite and not self._is_in_memory:
                limit(connection, self._clock)
            with connection.begin():
                # What is remembered of runs is lent to who decides, and must not be missing there.
                yield Store(session, Warm())
                session.flush()

    def claim(self) -> None:
        """Be the one process that runs on a SQLite file, until `close`; raises `InUse` where another one is.

        Whoever only looks beside it need not ask. On PostgreSQL there may be several.
        """
        if not self.is_sqlite or self.url.database in (None, "", ":memory:"):
            return
        beside = f"{Path(str(self.url.database)).resolve()}.lock"
        # The database's own way to lock a file is there on every system, and whoever dies lets go of it.
        alone = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            alone.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            alone.close()
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise InUse(
                f"Another muster run is at work on {self.url.database}, and a SQLite file takes one. Stop that one "
                "first, or give this one a database of its own in MUSTER_STORE_URL; several can share a PostgreSQL one."
            ) from None
        self._alone = alone

    def migrate(self) -> str | None:
        """Bring the schema up to date; whoever else does so at the same time waits, and finds it done.

        Return the schema that it has now, None if it had that before. Raises `SchemaTooNew` when the database is ahead
        of this program, `Conflict`, and `Unavailable`, also where somebody else is at it for long.
        """
        with self._telling():
            return self._migrate()

    def create(self) -> None:
        """Make all tables as they are now, in an empty database that nothing is upgraded from later."""
        SQLModel.metadata.create_all(self.engine)

    def schema(self) -> tuple[str | None, str]:
        """Return the schema, None where nothing is made yet, and that of this program, without changing anything.

        Raises `SchemaTooNew` and `Unavailable`.
        """
        with self._telling(), self._readers.connect() as connection:
            return self._schema(connection)

    def close(self) -> None:
        self._readers.dispose()
        self.engine.dispose()
        if self._alone is not None:
            self._alone.close()

    def _migrate(self) -> str | None:
        with self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(_ONE_MIGRATES)
            at, last = self._schema(connection)
            if at == last:
                return None
            if not self.is_sqlite:
                _let_be_silent(connection)
            command.upgrade(_alembic(connection), "head")
            return last

    def _schema(self, connection: Connection) -> tuple[str | None, str]:
        known = ScriptDirectory.from_config(_alembic(connection))
        at, last = MigrationContext.configure(connection).get_current_revision(), str(known.get_current_head())
        try:
            if at is not None:
                known.get_revision(at)
        except CommandError:
            raise SchemaTooNew(
                f"The database {self.url.render_as_string(hide_password=True)} was written by a newer version of "
                f"Muster (its schema is {at}, this program knows {last} at most). "
                "Start that newer version, or name another database in MUSTER_STORE_URL."
            ) from None
        return at, last

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoConnectionFree) as error:
            if (meant := self._told(error)) is error:
                raise
            raise meant from error

    def _told(self, error: DBAPIError | NoConnectionFree, *, while_committing: bool = False) -> Exception:
        where = self.url.render_as_string(hide_password=True)
        return told(error, where, while_committing=while_committing)

    def _written(self, connection: Connection) -> object:
        """Return a value that changes when a transaction writes: only a write shows that the disk has room again."""
        asked = "SELECT total_changes()" if self.is_sqlite else "SELECT pg_current_xact_id_if_assigned()"
        return connection.exec_driver_sql(asked).scalar()


def is_there(url: str) -> bool:
    """Return whether a database can be at `url`; a SQLite file would be made by opening it, a server may not answer."""
    path = make_url(url).database or ""
    return make_url(url).get_backend_name() != "sqlite" or path.startswith("file:") or Path(path).is_file()


def _open(url: str, is_sqlite: bool) -> Engine:
    # The values of a statement that failed would be logged, and they are what people write.
    always: dict[str, Any] = {"hide_parameters": True}
    always |= {"json_serializer": _to_json, "json_deserializer": msgspec.json.decode}
    if not is_sqlite:
        engine = create_engine(url, pool_pre_ping=True, **always)
        event.listen(engine, "do_connect", _connect_postgresql)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    in_memory = make_url(url).database in (None, "", ":memory:")
    if not in_memory and not str(make_url(url).database).startswith("file:"):
        _keep_private(Path(str(make_url(url).database)))
    options: dict[str, Any] = {
        "connect_args": {"check_same_thread": False, "timeout": LOCKED_FOR, "cached_statements": 1000}
    }
    engine = create_engine(url, **options, **always, **({"poolclass": StaticPool} if in_memory else {}))
    event.listen(engine, "connect", _prepare_sqlite)
    # A listener on the engine would do the same, but would make every statement look for listeners.
    engine.dialect.do_begin = _begin_immediate  # type: ignore[method-assign, assignment]
    return engine


def _keep_private(path: Path) -> None:
    """Let nobody but its owner read a SQLite file; the files beside it get the same mode (SQLite source: os_unix.c)."""
    with suppress(OSError):
        if not path.exists():
            path.touch(PRIVATE)
    for file in (path, *(path.with_name(f"{path.name}-{part}") for part in ("wal", "shm", "journal"))):
        # Only the file's owner can change its mode; the doctor tells where that is needed.
        with suppress(OSError):
            if file.stat().st_mode & OTHERS:
                file.chmod(PRIVATE)


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins too late and never takes the write lock.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _connect_postgresql(_dialect: Any, _record: Any, args: Any, named: Any) -> Any:
    from store.silence import Listening  # noqa: PLC0415 - its driver need not be there with SQLite

    connection = Listening.connect(*args, **{"connect_timeout": CONNECTED_WITHIN, **named})
    connection.longest = SILENT_FOR
    return connection


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # A process that is stopped in the middle of a decision would keep its runs from all others until it goes on.
    connection.execute(f"SET idle_in_transaction_session_timeout = '{LONGEST_PAUSE}s'")
    connection.execute(f"SET lock_timeout = '{LOCKED_FOR}s'")
    connection.commit()


def _let_be_silent(connection: Connection) -> None:
    """Let the server take its time on this connection, which is not used for anything else afterwards."""
    driver: Any = connection.connection.driver_connection
    driver.longest = None
    connection.detach()


def _begin_immediate(connection: Any) -> None:
    connection.execute("BEGIN IMMEDIATE")


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config
