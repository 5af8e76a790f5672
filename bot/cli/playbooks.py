"""The commands `muster playbooks …`: what there is, what it says, and whether files can be used."""

from pathlib import Path
from typing import Annotated

import typer

from bot.library import Shelf, read_file, read_shelf
from bot.settings.config import load
from bot.tables import console, outline, table_of_playbooks
from bot.trouble import Trouble
from handlers.playbooks.file import PlaybookMistake
from handlers.text.nearest import nearest

playbooks = typer.Typer(help="List, check and show playbooks.", invoke_without_command=True)


@playbooks.callback()
def list_playbooks(context: typer.Context) -> None:
    """List the playbooks of this installation: the starters, and the files that bot.toml names."""
    if context.invoked_subcommand is None:
        shelf = _shelf()
        console().print(table_of_playbooks(shelf.found))
        _complain(shelf.mistakes)


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
    shelf = _shelf()
    found = shelf.found.get(key)
    if found is None:
        like = nearest(key, shelf.found)
        hint = f"Did you mean {like}?" if like else f"There are {', '.join(sorted(shelf.found)) or 'none'}."
        raise Trouble(f"There is no playbook {key}. {hint}")
    console().print(outline(found.playbook))


def _shelf() -> Shelf:
    config = load(complete=False)
    return read_shelf(starters=config.playbooks.starters, patterns=config.playbooks.files, folder=config.folder)


def _complain(mistakes: list[PlaybookMistake]) -> None:
    for mistake in mistakes:
        console(errors=True).print(str(mistake), markup=False)
    if mistakes:
        raise typer.Exit(1)
