"""The commands `muster playbooks …`: what there is, what it says, and whether files can be used."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.database import looking
from bot.library.shelf import Files, Shelf, concerns, read_file
from bot.settings.config import Config, load
from bot.tables import console, outline, table_of_playbooks
from bot.trouble import Trouble
from handlers.playbooks.file import PlaybookMistake
from handlers.text.nearest import nearest
from store import PlaybookRow

playbooks = typer.Typer(help="List, check and show playbooks.", invoke_without_command=True, rich_markup_mode=None)


@playbooks.callback()
def list_playbooks(context: typer.Context) -> None:
    """List the playbooks of this installation: the starters, and the files that bot.toml names."""
    if context.invoked_subcommand is None:
        list_all()


@playbooks.command("list")
def list_all() -> None:
    """List the playbooks, and the files that cannot be used.

    Each is listed with the version that the bot uses, and what cannot be used with the reason.
    """
    config = load(complete=False)
    shelf, in_use = _shelf(config), _in_use(config.store.url)
    console().print(table_of_playbooks(shelf.found, {row.key: row.version for row in in_use}))
    told = shelf.told([row.source for row in in_use])
    for mistake in told:
        stay = [f"Version {row.version} of {row.key} stays in use" for row in in_use if concerns(mistake, row.source)]
        until = "\n  ".join(f"{each} until that is put right." for each in stay or ["Nothing of it is in use"])
        console(errors=True).print(f"{mistake}\n  {until}", markup=False)
    if told:
        raise typer.Exit(1)


@playbooks.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Playbook files.")]) -> None:
    """Read playbook files and tell every mistake in them."""
    mistakes: list[PlaybookMistake] = []
    for file in files:
        try:
            playbook = read_file(file, str(file))
        except PlaybookMistake as mistake:
            mistakes.append(mistake)
        else:
            console().print(f"{file} is a playbook: {playbook.title} ({playbook.key})", markup=False)
    _complain(mistakes)


@playbooks.command()
def show(key: Annotated[str, typer.Argument(help="The short name of a playbook.")]) -> None:
    """Show what a playbook says."""
    shelf = _shelf(load(complete=False))
    found = shelf.found.get(key)
    if found is None:
        like = nearest(key, shelf.found)
        hint = f"Did you mean {like}?" if like else f"There are {', '.join(sorted(shelf.found)) or 'none'}."
        raise Trouble(f"There is no playbook {key}. {hint}")
    console().print(outline(found.playbook))


def _shelf(config: Config) -> Shelf:
    return Files(config.playbooks.starters, config.playbooks.files, config.folder).read()


def _in_use(url: str) -> Sequence[PlaybookRow]:
    """Return the playbooks as they are stored; none, and a word of why, where the database cannot be asked."""
    try:
        with looking(url) as database:
            if database is None:
                return ()
            with database.reading() as store:
                return store.playbooks()
    except Trouble as trouble:
        console(errors=True).print(f"Which versions are in use is not known. {trouble}", markup=False)
        return ()


def _complain(mistakes: list[PlaybookMistake]) -> None:
    for mistake in mistakes:
        console(errors=True).print(str(mistake), markup=False)
    if mistakes:
        raise typer.Exit(1)
