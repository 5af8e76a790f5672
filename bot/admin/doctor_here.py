"""What the doctor looks at on this machine: the secrets' file, the database, the playbooks."""

from collections.abc import Iterator
from pathlib import Path

from bot.admin.findings import Finding, ill, note, well
from bot.config import Config
from bot.database import open_database
from bot.layers import is_open, secrets_are_open
from bot.library import read_shelf
from bot.trouble import Trouble
from store import Database


class _Undone(Exception):
    """Takes back what was written to see that it can be."""


def examine_here(config: Config, toml: Path) -> Iterator[Finding]:
    """Yield what is found without asking anybody."""
    yield _secrets(toml)
    yield _database(config.store.url)
    yield from _file(config.store.url)
    yield from _playbooks(config)


def _secrets(toml: Path) -> Finding:
    path = toml.with_name("muster.secrets")
    if not path.is_file():
        return note(f"There is no {path}; the secrets come from the environment.")
    if secrets_are_open(toml):
        return ill(f"Others on this machine can read {path}.", f"Run: chmod 600 {path}")
    return well(f"Only its owner can read {path}.")


def _database(url: str) -> Finding:
    try:
        database = open_database(url)
    except Trouble as trouble:
        return ill(str(trouble), "Correct [store] url, start the database, or give Muster the right to write there.")
    where = database.url.render_as_string(hide_password=True)
    try:
        _try_to_write(database)
    except _Undone:
        return well(f"The database {where} can be written, and its schema is up to date.")
    except Exception as error:
        if not type(error).__module__.startswith("sqlalchemy."):
            raise
        cause = getattr(error, "orig", None) or str(error).splitlines()[0]
        return ill(f"The database {where} cannot be written: {cause}", "Give Muster's user the right to write there.")
    finally:
        database.close()
    return ill(f"The database {where} did not take back what was tried.", "Run muster doctor again.")


def _file(url: str) -> Iterator[Finding]:
    """Yield what is wrong with the rights of a SQLite file; opening it has put right what its owner can."""
    name = url.partition("///")[2].partition("?")[0]
    if url.startswith("sqlite") and is_open(Path(name)):
        yield ill(f"Others on this machine can read {name}.", f"As its owner run: chmod 600 {name}*")


def _try_to_write(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE muster_doctor (tried INTEGER)")
        raise _Undone


def _playbooks(config: Config) -> Iterator[Finding]:
    shelf = read_shelf(starters=config.playbooks.starters, patterns=config.playbooks.files, folder=config.folder)
    for mistake in shelf.mistakes:
        yield ill(str(mistake), "Correct that; until then the playbook stays as it was before the mistake.")
    if shelf.found:
        yield well(f"{len(shelf.found)} playbooks can be used: {', '.join(sorted(shelf.found))}.")
    elif not shelf.mistakes:
        yield note("There is no playbook.", "Set [playbooks] starters = true, or name files of yours.")
