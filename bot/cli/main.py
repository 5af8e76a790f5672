"""The command line: `muster` and its commands."""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Literal

import structlog
import typer

from bot.admin.setup_command import setup
from bot.cli.code import as_code
from bot.cli.exchange import bring
from bot.cli.insights import insights
from bot.cli.playbooks import playbooks
from bot.cli.runs import runs
from bot.cli.webhooks import webhooks
from bot.database import open_database
from bot.logs.log import set_up
from bot.settings.config import config_path, load
from bot.settings.layers import secrets_are_open
from bot.tables import console
from bot.trouble import Trouble
from handlers.playbooks.file import PlaybookMistake
from store import SchemaTooNew

log = structlog.get_logger()

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    # The other way to show help cuts names where the terminal has 80 columns.
    rich_markup_mode=None,
)
playbooks.add_typer(as_code)
playbooks.command("import")(bring)
app.add_typer(playbooks, name="playbooks")
app.add_typer(runs, name="runs")
app.add_typer(webhooks, name="webhooks")
app.command()(setup)
app.command()(insights)


def _say_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def muster(
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The configuration, instead of bot.toml in this folder or MUSTER_CONFIG."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say which version this is.")
    ] = False,
) -> None:
    """Playbooks for every Mattermost server, through a bot."""
    if config is not None:
        os.environ["MUSTER_CONFIG"] = str(config)


@app.command()
def doctor() -> None:
    """Try all that Muster needs; say what is missing, and what works."""
    from bot.admin.doctor import is_healthy  # noqa: PLC0415 - nothing else asks the server so much

    raise typer.Exit(0 if is_healthy() else 1)


@app.command()
def run() -> None:
    """Run the bot until it is stopped."""
    config = load()
    from bot.process import run as run_bot  # noqa: PLC0415 - the other commands need neither network nor bot

    set_up(config.log.level, config.log.format)
    if secrets_are_open(config_path(os.environ)):
        log.warning("others can read muster.secrets; run: chmod 600 muster.secrets", action="open_secrets")
    run_bot(config)


@app.command()
def demo(
    tour: Annotated[bool, typer.Option("--tour/--no-tour", help="Play an incident first, and show it here.")] = False,
    stay: Annotated[bool, typer.Option("--stay/--no-stay", help="Stay up for the browser until Ctrl+C.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the server listens; 0: any free port.")] = 0,
    server_version: Annotated[
        Literal["5.37", "10.0", "11.6"], typer.Option(help="Which Mattermost the server behaves like.")
    ] = "11.6",
) -> None:
    """Try Muster in a browser, with a server and people of its own.

    The small server, its people and the bot are all in this process; nothing stays when it ends.
    """
    from bot.demo.stand import run as run_demo  # noqa: PLC0415 - nothing else needs the sandbox

    set_up("warning", "console")
    raise typer.Exit(run_demo(tour=tour, stay=stay, port=port, version=server_version))


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date, as `muster run` does."""
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
    troubles: list[str] = []
    set_up("warning", "console")
    try:
        app(_in_front(sys.argv[1:] if arguments is None else arguments), prog_name="muster")
    except* (Trouble, PlaybookMistake, SchemaTooNew, ConnectionError) as group:
        troubles = list(_told(group))
    for trouble in troubles:
        console(errors=True).print(trouble, markup=False)
    sys.exit(2 if troubles else 0)


def _in_front(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with --config FILE first: it means the same before the command and after it."""
    for place, word in enumerate(arguments):
        if word == "--config" or word.startswith("--config="):
            end = place + (2 if word == "--config" else 1)
            return [*arguments[place:end], *arguments[:place], *arguments[end:]]
    return list(arguments)


def _told(group: BaseExceptionGroup[BaseException]) -> Iterator[str]:
    """Yield the words of all that went wrong together."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _told(error)
        else:
            yield str(error)
