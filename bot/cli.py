"""The command line: `muster` and its commands."""

import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from bot.config import load
from bot.database import open_database
from bot.playbook_commands import playbooks
from bot.tables import console, table_of_runs
from bot.trouble import Trouble
from handlers.playbook_file import PlaybookMistake
from store import SchemaTooNew

app = typer.Typer(
    help="Playbooks for every Mattermost server, through a bot.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(playbooks, name="playbooks")


@app.command()
def run() -> None:
    """Run the bot until it is stopped."""
    config = load()
    from bot.app import run as run_bot  # noqa: PLC0415 - the other commands need neither network nor bot

    run_bot(config)


@app.command()
def runs(limit: Annotated[int, typer.Option(min=1, help="How many to list at most.")] = 50) -> None:
    """List runs, the active ones first."""
    database = open_database(load(complete=False).store.url)
    with database.transaction() as store:
        table = table_of_runs(store, datetime.now(UTC), limit)
    database.close()
    if table.row_count:
        console().print(table)
    else:
        console().print("There are no runs yet.")


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date; `muster run` does so, too."""
    database = open_database(load(complete=False).store.url)
    console().print(f"The schema of {database.url.render_as_string(hide_password=True)} is up to date.", markup=False)
    database.close()


@app.command()
def version() -> None:
    """Say which version this is."""
    try:
        console().print(f"muster {installed_version('muster')}")
    except PackageNotFoundError:
        raise Trouble("This Muster was not installed as a package, so it does not know its version.") from None


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what a person can put right is told without a traceback, with exit code 2."""
    try:
        app(arguments)
    except (Trouble, PlaybookMistake, SchemaTooNew, ConnectionError) as trouble:
        console(errors=True).print(str(trouble), markup=False)
        sys.exit(2)
