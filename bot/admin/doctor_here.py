"""What the doctor looks at on this machine: the secrets' file, the database, the playbooks."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.admin.findings import Finding, ill, note, well
from bot.database import OLDER_SCHEMA, looking
from bot.library.shelf import Shelf
from bot.settings.config import Config
from bot.settings.layers import is_open, secrets_are_open
from bot.trouble import Trouble
from handlers.rules.allowed_commands import entry_for, is_allowed, words_of
from store import Database


class _Undone(Exception):
    """Takes back what was written to see that it can be."""


def examine_here(config: Config, toml: Path, shelf: Shelf) -> Iterator[Finding]:
    """Yield what is found without asking anybody; neither a database nor its tables are made or changed."""
    yield _secrets(toml)
    yield _database(config.store.url)
    yield from _file(config.store.url)
    yield from _playbooks(config, shelf)


def _secrets(toml: Path) -> Finding:
    path = toml.with_name("muster.secrets")
    if not path.is_file():
        return note(f"There is no {path}; the secrets come from the environment.")
    if secrets_are_open(toml):
        return ill(f"Others on this machine can read {path}.", f"Run: chmod 600 {path}", "everything.")
    return well(f"Only its owner can read {path}.")


def _database(url: str) -> Finding:
    try:
        with looking(url, any_schema=True) as database:
            return _new_database(url) if database is None else _examined(database)
    except Trouble as trouble:
        return ill(str(trouble), "Correct [store] url, start the database, or give Muster the right to write there.")


def _new_database(url: str) -> Finding:
    """Return whether a database can be made where there is none yet."""
    path = Path(url.partition("///")[2].partition("?")[0])
    if url.startswith("sqlite") and path.name and not os.access(path.parent, os.W_OK):
        return ill(
            f"The database {path} cannot be made: {path.parent} is no folder in which Muster may write.",
            "Correct [store] url, or make that folder, and give Muster's user the right to write there.",
        )
    return well(f"There is no database {path.resolve()} yet; the first muster run makes it.")


def _examined(database: Database) -> Finding:
    where = database.url.render_as_string(hide_password=True)
    at, last = database.schema()
    try:
        _try_to_write(database)
    except _Undone:
        if at is None:
            return well(f"The database {where} can be written; the first muster run makes its tables.")
        if at != last:
            return note(f"The database {where} can be written. {OLDER_SCHEMA}")
        return well(f"The database {where} can be written, and its schema is up to date.")
    except Exception as error:
        if not type(error).__module__.startswith("sqlalchemy."):
            raise
        cause = getattr(error, "orig", None) or str(error).splitlines()[0]
        return ill(f"The database {where} cannot be written: {cause}", "Give Muster's user the right to write there.")
    return ill(f"The database {where} did not take back what was tried.", "Run muster doctor again.")


def _file(url: str) -> Iterator[Finding]:
    """Yield what is wrong with the rights of a SQLite file; opening it has put right what its owner can."""
    name = url.partition("///")[2].partition("?")[0]
    if url.startswith("sqlite") and is_open(Path(name)):
        yield ill(f"Others on this machine can read {name}.", f"As its owner run: chmod 600 {name}*", "everything.")


def _try_to_write(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE muster_doctor (tried INTEGER)")
        raise _Undone


def _playbooks(config: Config, shelf: Shelf) -> Iterator[Finding]:
    for mistake in shelf.mistakes:
        yield ill(str(mistake), "Correct that.", "all others, and this one as it was before the mistake.")
    yield from commands_not_run(config, shelf)
    if shelf.found:
        yield well(f"{len(shelf.found)} playbooks can be used: {', '.join(sorted(shelf.found))}.")
    elif not shelf.mistakes:
        yield note("There is no playbook.", "Set [playbooks] starters = true, or name files of yours.")


def commands_not_run(config: Config, shelf: Shelf) -> Iterator[Finding]:
    """Yield for each playbook which commands of its tasks are handed over, and what would let the bot run them."""
    own = words_of(f"/{config.commands.trigger}")
    for key, found in sorted(shelf.found.items()):
        tasks = [task for checklist in found.playbook.checklists for task in checklist.tasks]
        commands = dict.fromkeys(task.command for task in tasks if task.command)
        left = [one for one in commands if words_of(one)[:1] != own and not is_allowed(one, config.commands.run)]
        if left:
            entries = dict.fromkeys(entry for one in left if (entry := entry_for(one)))
            yield note(
                f"Commands of {key} are handed over to be pasted, not run: {', '.join(left)}",
                _let_run([*config.commands.run, *entries])
                if entries
                else "A command that is run names itself in words.",
            )


def _let_run(entries: Sequence[str]) -> str:
    listed = json.dumps(list(entries), ensure_ascii=False)
    return f"Where everybody in a run may do that with the bot's rights, put into [commands]: run = {listed}"
