"""Migrates one database of a test process; all other empty ones get a copy of what that is, in a tenth of the time."""

from functools import cache

from sqlalchemy.exc import OperationalError

from store import Database

_migrate = Database.migrate


@cache
def _migrated() -> Database:
    made = Database("sqlite://")
    _migrate(made)
    return made


def migrate_by_copy(database: Database) -> str | None:
    """Bring the schema up to date, as the database does it by itself."""
    if not database.is_sqlite or _has_tables(database):
        return _migrate(database)
    with _migrated().engine.connect() as source, database.engine.connect() as empty:
        source.connection.driver_connection.backup(empty.connection.driver_connection)  # type: ignore[union-attr]
    return database.schema()[1]


def _has_tables(database: Database) -> bool:
    try:
        with database.engine.connect() as connection:
            return bool(connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar())
    except OperationalError:
        # What is wrong with it the database says by itself.
        return True
