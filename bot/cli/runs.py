"""The commands `muster runs …`: which there are, and one of them as files."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.on_host import context_of, show_table
from bot.database import looking
from bot.settings.config import Config, load
from bot.tables import console, table_of_runs
from bot.trouble import Trouble
from handlers.effects import File
from handlers.export.files import files_of, written
from store import Store
from store.queries.visible import STANDING

NOTHING = "There are no runs yet."

runs = typer.Typer(help="List runs, and write one as files.", invoke_without_command=True, rich_markup_mode=None)


@runs.callback()
def list_runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="How many to list at most.")] = 50,
) -> None:
    """List runs, the active ones first."""
    if context.invoked_subcommand is None:
        show_table(partial(table_of_runs, now=datetime.now(UTC), limit=limit), NOTHING)


@runs.command()
def export(
    number: Annotated[int, typer.Argument(min=1, help="The run's number.")],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to write the files.")] = Path(),
) -> None:
    """Write a run as Markdown, HTML and JSON files.

    Whoever is at the host sees all runs, so its metrics stand beside those of all others of its playbook.
    """
    config = load(complete=False)
    with looking(config.store.url) as database:
        if database is None:
            raise Trouble(NOTHING)
        with database.reading() as store:
            found = _files(store, config, number)
    try:
        to.mkdir(parents=True, exist_ok=True)
        for one in found:
            (to / one.name).write_bytes(one.content)
            console().print(to / one.name, markup=False)
    except OSError as error:
        raise Trouble(f"The files could not be written into {to}: {error.strerror}") from None


def _files(store: Store, config: Config, number: int) -> tuple[File, ...]:
    run = store.run(number)
    if run is None:
        raise Trouble(f"There is no run {number}; `muster runs` lists them.")
    ctx = context_of(store, config)
    return files_of(written(ctx.to(ctx.readers_of(run)), run, STANDING))
