"""Opening the database that the configuration names, with words for what can be wrong with it."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import structlog

from bot.trouble import Trouble
from store import Conflict, Database, InUse, SchemaTooNew, Unavailable, is_there

log = structlog.get_logger()

OLDER_SCHEMA = (
    "The database has the schema of an older version of Muster; the next start of this version's muster run, or "
    "muster migrate, brings it up to date."
)


class Away(Unavailable, Trouble):
    """The database cannot be opened now, but perhaps soon: `muster run` waits for it, all else says it as it is."""


def open_database(url: str, *, alone: bool = False) -> Database:
    """Return the database with its schema up to date; raises `Trouble` that never shows a password, or `Away`.

    Whoever is `alone` is the one process that runs on it, where it takes only one.
    """
    with _in_words():
        return _opened(url, alone)


@contextmanager
def looking(url: str, *, any_schema: bool = False) -> Iterator[Database | None]:
    """Give the database as it is to who only looks, None where there is none yet; raises as `open_database` does.

    Nothing is made, and the schema is not brought up to date below a process that may be at work. An older one is
    `Trouble`, and one without tables None, for all who cannot take `any_schema`.
    """
    with _in_words():
        if not is_there(url):
            yield None
            return
        with closing(Database(url, clock=time.monotonic)) as database:
            at, last = database.schema()
            if at not in (None, last) and not any_schema:
                raise Trouble(OLDER_SCHEMA)
            yield database if at or any_schema else None


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn what keeps a database from being opened into `Trouble`."""
    try:
        yield
    except (InUse, SchemaTooNew) as error:
        raise Trouble(str(error)) from None
    except ModuleNotFoundError as error:
        raise Trouble(
            f"The database needs {error.name}, which is not installed; for PostgreSQL: pip install 'muster[postgresql]'"
        ) from None
    except Conflict as error:
        raise Away(_cannot(str(error))) from None
    except Unavailable as error:
        kind = Trouble if error.looks_set_up_wrong else Away
        raise kind(_cannot(str(error))) from None
    except Exception as error:
        # Only store/ knows the database library, so its errors are told from faults of our own by their origin.
        if type(error).__module__.partition(".")[0] not in ("sqlalchemy", "sqlite3"):
            raise
        cause = getattr(error, "orig", None) or str(error).splitlines()[0]
        raise Trouble(_cannot(cause)) from None


def _opened(url: str, alone: bool) -> Database:
    database = Database(url, clock=time.monotonic)
    try:
        if alone:
            database.claim()
        if made := database.migrate():
            log.info("the database's schema was brought up to date", action="migrated", schema=made)
    except BaseException:
        # Whoever tries again is alone on the file again.
        database.close()
        raise
    return database


def _cannot(cause: object) -> str:
    return f"The database cannot be opened: {cause}. [store] url in bot.toml, or MUSTER_STORE_URL, says where it is."
