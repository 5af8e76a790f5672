"""Opening the database that the configuration names, with words for what can be wrong with it."""

import time

from bot.trouble import Trouble
from store import Conflict, Database, InUse, SchemaTooNew, Unavailable

OTHER_SCHEMA = (
    "The database has the schema of another version of Muster; the next start of this version's muster run brings an "
    "older one up to date."
)


class Away(Unavailable, Trouble):
    """The database cannot be opened now, but perhaps soon: `muster run` waits for it, all else says it as it is."""


def open_database(url: str, *, alone: bool = False, to_look: bool = False) -> Database:
    """Return the database with its schema up to date; raises `Trouble` that never shows a password, or `Away`.

    Whoever is `alone` is the one process that runs on it, where it takes only one. Who only wants `to_look` does not
    bring the schema up to date below a process that may be at work.
    """
    try:
        return _opened(url, alone, to_look)
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


def _opened(url: str, alone: bool, to_look: bool) -> Database:
    database = Database(url, clock=time.monotonic)
    try:
        if alone:
            database.claim()
        if not to_look:
            database.migrate()
        elif not database.is_up_to_date():
            raise Trouble(OTHER_SCHEMA)
    except BaseException:
        # Whoever tries again is alone on the file again.
        database.close()
        raise
    return database


def _cannot(cause: object) -> str:
    return f"The database cannot be opened: {cause}. [store] url in bot.toml, or MUSTER_STORE_URL, says where it is."
