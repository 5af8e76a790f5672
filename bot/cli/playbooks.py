"""The commands `muster playbooks …`: what there is, what it says, and whether files can be used."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.check_up import check_what_is_in_use
from bot.cli.code import files_of
from bot.database import looking
from bot.library.shelf import FILE, MARK, Files, Found, Shelf, concerns, text_of
from bot.settings.config import Config, load
from bot.tables import console, outline, table_of_playbooks
from bot.trouble import Trouble
from handlers.playbooks.file import PlaybookMistake, read_playbook, remarks
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.text.nearest import nearest
from store import PlaybookRow

playbooks = typer.Typer(help="List, check and show playbooks.", invoke_without_command=True, rich_markup_mode=None)


@playbooks.callback()
def list_playbooks(context: typer.Context) -> None:
    """List the playbooks of this installation: starters, the files that bot.toml names, and what was made here."""
    if context.invoked_subcommand is None:
        list_all()


@playbooks.command("list")
def list_all() -> None:
    """List the playbooks, and the files that cannot be used.

    Each is listed with the version that the bot uses, and what cannot be used with the reason. Drift is where that
    version says something else than the file.
    """
    config = load(complete=False)
    shelf, stored = _shelf(config), _stored(config.store.url)
    in_use = stored.rows
    console().print(table_of_playbooks(shelf.found, stored.rows, stored.books))
    told = shelf.told([row.source for row in in_use])
    for mistake in told:
        stay = [f"Version {row.version} of {row.key} stays in use" for row in in_use if concerns(mistake, row.source)]
        until = "\n  ".join(f"{each} until that is put right." for each in stay or ["Nothing of it is in use"])
        console(errors=True).print(f"{mistake}\n  {until}", markup=False)
    if told:
        raise typer.Exit(1)


@playbooks.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="Files, and folders of them.")] = None,
    here: Annotated[bool, typer.Option("--here", help="Only read the files, and do not ask the server.")] = False,
) -> None:
    """Tell every mistake in files, or in what is in use.

    With a connection the server is asked, too, whether all is there that files name.
    """
    if not files:
        raise typer.Exit(0 if check_what_is_in_use() else 1)
    mistakes: list[PlaybookMistake] = []
    shelf = Shelf()
    for file in (one for each in files for one in files_of(each)):
        try:
            text = text_of(file, str(file)).removeprefix(MARK)
            found = Found(FILE + str(file), read_playbook(text, str(file)), text)
        except PlaybookMistake as mistake:
            mistakes.append(mistake)
        else:
            shelf.found[found.playbook.key] = found
            console().print(f"{file} is a playbook: {found.playbook.title} ({found.playbook.key})", markup=False)
            for remark in remarks(text):
                console().print(f"  {remark}", markup=False)
    is_well = here or not shelf.found or _asked(shelf)
    _complain(mistakes)
    if not is_well:
        raise typer.Exit(1)


def _asked(shelf: Shelf) -> bool:
    """Show what the server says of what playbooks name, where it is known; return whether all is well."""
    config = load(complete=False)
    if not config.server.url or not config.token.get_secret_value():
        return True
    from bot.admin.doctor import examine_books  # noqa: PLC0415 - the other commands need no network

    async def tell() -> bool:
        findings = [finding async for finding in examine_books(config, shelf)]
        for finding in findings:
            console().print(finding.shown(), soft_wrap=True)
        return all(finding.state != "ill" for finding in findings)

    return asyncio.run(tell())


@playbooks.command()
def show(key: Annotated[str, typer.Argument(help="The short name of a playbook.")]) -> None:
    """Show what a playbook says."""
    config = load(complete=False)
    on_shelf = {each: one.playbook for each, one in _shelf(config).found.items()}
    books = on_shelf if key in on_shelf else {**_stored(config.store.url).books, **on_shelf}
    if key not in books:
        like = nearest(key, books)
        hint = f"Did you mean {like}?" if like else f"There are {', '.join(sorted(books)) or 'none'}."
        raise Trouble(f"There is no playbook {key}. {hint}")
    console().print(outline(books[key]))


def _shelf(config: Config) -> Shelf:
    return Files(config.playbooks.starters, config.playbooks.files, config.folder).read()


@dataclass(frozen=True, slots=True)
class _Stored:
    """The playbooks as they are stored, and by key what those in use say."""

    rows: Sequence[PlaybookRow] = ()
    books: Mapping[str, Playbook] = field(default_factory=dict)


def _stored(url: str) -> _Stored:
    """Return what is stored; nothing, and a word of why, where the database cannot be asked."""
    try:
        with looking(url) as database:
            if database is None:
                return _Stored()
            with database.reading() as store:
                rows = {row.id: row for row in store.playbooks()}
                said = {rows[one.playbook_id].key: playbook_of(one.definition) for one in store.newest_of(list(rows))}
                return _Stored(list(rows.values()), said)
    except Trouble as trouble:
        console(errors=True).print(f"Which versions are in use is not known. {trouble}", markup=False)
        return _Stored()


def _complain(mistakes: list[PlaybookMistake]) -> None:
    for mistake in mistakes:
        console(errors=True).print(str(mistake), markup=False)
    if mistakes:
        raise typer.Exit(1)
