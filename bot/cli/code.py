"""`muster playbooks plan`, `apply`, `export`, `history` and `schema`: playbooks as code."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from bot.database import looking, open_database
from bot.library.shelf import MARK, text_of
from bot.settings.config import load
from bot.tables import console, history_of, steps_of
from bot.trouble import Trouble
from handlers.operations.apply_playbooks import Plan, Sign, Stale, Step, Wanted, apply_plan, plan_for, stale_in
from handlers.operations.export_playbook import as_mattermost
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.schema import schema_text
from handlers.playbooks.write_yaml import written
from handlers.playbooks.yaml_tree import MAX_SIZE
from handlers.text.nearest import nearest
from store import PlaybookRow, Store

as_code = typer.Typer(rich_markup_mode=None)
"""Commands of `muster playbooks`."""

Format = Literal["yaml", "json", "mattermost"]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Playbook files, and folders of *.playbook.yaml.")]
ArchiveOthers = Annotated[
    bool, typer.Option("--archive-others", help="Archive what was applied before and is in none of the files.")
]
_KIND = "muster-plan"
_SIGNS: dict[str, Sign] = {sign: sign for sign in get_args(Sign)}
_ENDS = ("*.playbook.yaml", "*.playbook.yml")


@as_code.command()
def schema() -> None:
    """Print the JSON schema of playbook files, for editors."""
    typer.echo(schema_text(), nl=False)


@as_code.command()
def plan(
    files: Files,
    out: Annotated[Path | None, typer.Option(metavar="PLAN", help="Also write the plan, for apply.")] = None,
    archive_others: ArchiveOthers = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="End with 0: nothing to do, 1: trouble, 2: something to do.")
    ] = False,
) -> None:
    """Say what apply would do; nothing is changed.

    Playbooks are added (+), changed (~) or archived (-).
    """
    try:
        made = _planned(_wanted(files), archive_others=archive_others)
    except (Trouble, PlaybookMistake) as error:
        if not detailed_exitcode:
            raise
        console(errors=True).print(str(error), markup=False)
        raise typer.Exit(1) from None
    console().print(steps_of(made))
    if out is not None:
        out.write_text(_frozen(made), encoding="utf-8")
    if not made.is_possible:
        raise typer.Exit(1)
    if detailed_exitcode and made.changes:
        raise typer.Exit(2)


@as_code.command()
def apply(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Playbook files, or one plan that was written.")],
    archive_others: ArchiveOthers = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Have playbook files in use, or do what a plan says.

    A plan that is not up to date any more is refused.
    """
    url = load(complete=False).store.url
    frozen = _thawed(files[0]) if len(files) == 1 else None
    made = _as_it_was(frozen) if frozen else _planned(_wanted(files), archive_others=archive_others)
    if frozen and (stale := _stale(made)):
        raise _refused(stale)
    console().print(steps_of(made))
    if not made.is_possible:
        raise Trouble("Nothing was applied: settle the lines with ! first.")
    if not (made.changes or frozen):
        return
    if not (yes or frozen):
        typer.confirm("Apply this?", abort=True)
    with closing(open_database(url)) as database, database.transaction() as store:
        try:
            done = apply_plan(store, made, datetime.now(UTC))
        except Stale as stale:
            raise _refused(stale.keys) from None
    for one in done:
        console().print(f"{one.key}: {one.what}, version {one.version}", markup=False)


@as_code.command()
def export(
    title: Annotated[str, typer.Argument(help="The title or the short name of a playbook.")],
    format: Annotated[Format, typer.Option("--format", help="As what; mattermost: for Mattermost Playbooks.")] = "yaml",
    version: Annotated[int, typer.Option(help="An old version; 0: the one in use.")] = 0,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to.")] = None,
) -> None:
    """Give a playbook back as a file."""
    with looking(load(complete=False).store.url) as database:
        if database is None:
            raise Trouble("There is no database yet, so there is no playbook to export.")
        with database.reading() as store:
            text = _exported(store, _stored(store, title, version), format)
    if format == "yaml" and len(text) > MAX_SIZE:
        most = f"{MAX_SIZE // 1024} thousand characters"
        words = f"This is longer than a file may be ({most}); with --format json it can be imported."
        console(errors=True).print(words, markup=False)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@as_code.command()
def history(
    key: Annotated[str, typer.Argument(help="The short name or the title of a playbook.")],
    limit: Annotated[int, typer.Option(min=1, help="How many versions.")] = 20,
) -> None:
    """Show the versions of a playbook, the newest first.

    Of each is told when it came, by whom, and what changed.
    """
    with looking(load(complete=False).store.url) as database:
        if database is None:
            raise Trouble("There is no database yet, so there are no versions.")
        with database.reading() as store:
            console().print(history_of(store, _row(store, key), limit))


def _exported(store: Store, book: Playbook, format: Format) -> str:
    match format:
        case "yaml":
            return written(book)
        case "json":
            return json.dumps(book.definition(), indent=2, ensure_ascii=False) + "\n"
        case "mattermost":
            return as_mattermost(store, book)


def _stored(store: Store, title: str, version: int) -> Playbook:
    row = _row(store, title)
    if not row.version:
        raise Trouble(f"{row.title} was never published; publish its draft first.")
    found = store.version_of(row.id, version or row.version)
    if found is None:
        raise Trouble(f"{row.title} has no version {version}; muster playbooks history {row.key} lists them.")
    return playbook_of(found.definition)


def _row(store: Store, words: str) -> PlaybookRow:
    """Return a playbook by its short name or its title."""
    rows = store.all_playbooks()
    plain = words.strip().casefold()
    found = [row for row in rows if row.key == plain] or [row for row in rows if row.title.casefold() == plain]
    if len(found) == 1:
        return found[0]
    if found:
        raise Trouble(f"{len(found)} playbooks have this title; name one of {', '.join(row.key for row in found)}.")
    like = nearest(words, [row.key for row in rows] + [row.title for row in rows])
    hint = f"Did you mean {like}?" if like else "muster playbooks list shows what there is."
    raise Trouble(f"There is no playbook {words} in the database. {hint}")


def _planned(wanted: Sequence[Wanted], *, archive_others: bool) -> Plan:
    with looking(load(complete=False).store.url) as database:
        if database is None:
            return Plan(tuple(Step("+", one.book.key, one.book.title, one) for one in wanted))
        with database.reading() as store:
            return plan_for(store, wanted, archive_others=archive_others)


def _as_it_was(frozen: Plan) -> Plan:
    """Return a plan that was written, with what it would change now; it is for what was in use then."""
    now = _planned([step.wanted for step in frozen.steps if step.wanted is not None], archive_others=False)
    found = {step.key: step for step in now.steps}
    steps = (replace(found.get(one.key, one), version=one.version, digest=one.digest) for one in frozen.steps)
    return Plan(tuple(steps))


def _stale(made: Plan) -> Sequence[str]:
    """Return the playbooks that are not as they were when a plan was written."""
    with looking(load(complete=False).store.url) as database:
        if database is None:
            return [step.key for step in made.steps if step.version]
        with database.reading() as store:
            return stale_in(store, made)


def _refused(stale: Sequence[str]) -> Trouble:
    return Trouble(
        f"The plan is stale: {', '.join(stale)} changed here since it was made, or it was applied already. "
        "Nothing was applied; make a new plan."
    )


def _wanted(files: Sequence[Path]) -> list[Wanted]:
    """Return what files say. Raises `Trouble` with every mistake in all of them."""
    found: list[Wanted] = []
    mistakes: list[PlaybookMistake] = []
    for file in (one for path in files for one in files_of(path)):
        try:
            text = text_of(file, str(file)).removeprefix(MARK)
            found.append(Wanted(read_playbook(text, str(file)), str(file), text))
        except PlaybookMistake as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise Trouble("\n".join(map(str, mistakes)))
    return found


def files_of(path: Path) -> list[Path]:
    """Return a file, or the playbook files of a folder. Raises `Trouble` where that has none."""
    if not path.is_dir():
        return [path]
    found = sorted({one for end in _ENDS for one in path.rglob(end)})
    if not found:
        raise Trouble(f"{path} has no files named *.playbook.yaml; name the files, or rename them so.")
    return found


def _frozen(made: Plan) -> str:
    """Return a plan as a file, from which just it can be applied."""
    steps = [
        {
            "sign": step.sign,
            "key": step.key,
            "title": step.title,
            "version": step.version,
            "digest": step.digest,
            "file": step.wanted.file if step.wanted else "",
            "text": step.wanted.text if step.wanted else "",
        }
        for step in made.steps
    ]
    return json.dumps({"kind": _KIND, "steps": steps}, indent=1, ensure_ascii=False) + "\n"


def _thawed(path: Path) -> Plan | None:
    """Return the plan that a file holds, None where it holds something else. Raises `Trouble`."""
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("kind") != _KIND:
        return None
    try:
        return Plan(tuple(map(_step, said["steps"])))
    except (KeyError, TypeError, ValueError):
        raise Trouble(f"{path} is no plan; muster playbooks plan FILE… --out {path} writes one.") from None


def _step(said: dict[str, Any]) -> Step:
    sign, key, title, file, text = (str(said[name]) for name in ("sign", "key", "title", "file", "text"))
    if sign not in _SIGNS:
        raise TypeError
    wanted = Wanted(read_playbook(text, file), file, text) if text else None
    return Step(_SIGNS[sign], key, title, wanted, int(said["version"]), str(said["digest"]))
