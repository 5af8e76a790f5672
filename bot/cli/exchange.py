"""`muster playbooks import`: playbooks of Mattermost Playbooks, or of another Muster, brought into the store."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.on_host import context_of
from bot.database import looking, open_database
from bot.driver import ServerRefused, ServerUnreachable
from bot.exchange.pulling import Pulled, pull
from bot.settings.config import Config, load
from bot.tables import console
from bot.trouble import Trouble
from handlers.context import Context
from handlers.effects import Refused
from handlers.exchange.files import MOST_BYTES, Document, documents_in, is_json
from handlers.exchange.mapping import Given, read_mapping
from handlers.exchange.plan import OnConflict, Plan
from handlers.operations.import_playbooks import import_playbooks
from handlers.operations.import_runs import import_runs, left_behind, rows_of
from handlers.operations.plan_import import Wish, planned
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.mistakes import Mistake
from handlers.text.sentences import Said, say
from handlers.text.words import Safe
from handlers.views.import_plan import details_of, head_of, title_of

VARIABLE = "MUSTER_IMPORT_TOKEN"
"""Where the token for a server to import from is looked for: in the arguments everybody at the host would see it."""
NOT_SETTLED = "Nothing was imported: settle the lines with ! and ? first (--on-conflict, --map FILE, --leave-unknown)."


def bring(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Files as they were exported; - is what is piped in.")
    ] = None,
    from_server: Annotated[
        str, typer.Option(metavar="URL", help=f"A server that still has its own playbooks; {VARIABLE} has the token.")
    ] = "",
    runs: Annotated[bool, typer.Option("--runs/--no-runs", help="Bring finished runs of that server along.")] = True,
    on_conflict: Annotated[
        OnConflict, typer.Option(help="What to do where a playbook of the same title is here already.")
    ] = "fail",
    names: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Whom ids and names in the files mean here, as YAML.")
    ] = None,
    team: Annotated[str, typer.Option(help="The team that they are for, as in its address.")] = "",
    leave_unknown: Annotated[bool, typer.Option(help="Leave out people and channels that nobody knows here.")] = False,
    trust: Annotated[bool, typer.Option(help="Have imported commands and webhooks on at once.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; nobody is asked but at a terminal.")] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
) -> None:
    """Import playbooks of Mattermost Playbooks or another Muster.

    A plan is told first, and then all of it is done at once.
    """
    if bool(files) == bool(from_server):
        raise Trouble("Name the files to import, or a server by --from-server URL.")
    given = read_mapping(_read(names).decode("utf-8", "replace"), str(names)) if names is not None else Given()
    config = load(complete=False)
    pulled = _pulled(config, from_server, runs=runs) if from_server else Pulled()
    documents = pulled.documents or tuple(one for file in files or () for one in _documents(file))
    wish = Wish(documents, None, on_conflict, given, team.casefold(), leave_unknown, pulled.names, bool(from_server))
    if only_plan:
        _tell(_planned(config, wish), pulled)
        return
    with closing(open_database(config.store.url)) as database:
        if asks := sys.stdin.isatty() and not yes:
            # Asked before anything is locked: a bot at work goes on meanwhile.
            with database.reading() as store:
                _settled(context_of(store, config), wish, pulled)
            typer.confirm("Import this?", abort=True)
        with database.transaction() as store:
            _carry_out(context_of(store, config), wish, pulled, trust=trust, told=asks)


def _pulled(config: Config, url: str, *, runs: bool) -> Pulled:
    """Ask a server, by the token that is meant for it; the bot's own goes to the bot's own server alone."""
    same = url.rstrip("/") == config.server.url.rstrip("/")
    token = os.environ.get(VARIABLE, "") or (config.token.get_secret_value() if same else "")
    if not token:
        raise Trouble(f"Set {VARIABLE} to a personal access token of somebody there who may see the playbooks.")
    try:
        return asyncio.run(pull(url, token, runs=runs, verify=config.server.verify_tls or not same))
    except (ServerRefused, ServerUnreachable, ValueError) as error:
        raise Trouble(f"{url} did not tell its playbooks: {error}") from None


def _settled(ctx: Context, wish: Wish, pulled: Pulled, *, told: bool = False) -> Plan:
    """Return a plan that can be carried out, and tell it unless that was `told`. Raises `Trouble`."""
    plan = planned(ctx, wish)
    if not told:
        _tell(plan, pulled)
    if not plan.is_settled:
        raise Trouble(NOT_SETTLED)
    return plan


def _carry_out(ctx: Context, wish: Wish, pulled: Pulled, *, trust: bool, told: bool) -> None:
    plan = _settled(ctx, wish, pulled, told=told)
    try:
        _, done = import_playbooks(ctx, wish)
    except Refused as refused:
        raise Trouble(refused.refusal.text) from None
    for one in done:
        if trust:
            one.row.held = []
        console().print(f"{one.step.book.title}: {one.row.key} version {one.row.version}", markup=False)
    if pulled.history.runs:
        count = import_runs(ctx, pulled.history, rows_of(ctx, plan, done))
        console().print(plainly(count=count)["runs_done"], markup=False)


def _planned(config: Config, wish: Wish) -> Plan:
    """Return the plan, without making or changing a database."""
    with looking(config.store.url) as database:
        if database is None:
            raise Trouble("There is no database yet; import without --plan makes one.")
        with database.reading() as store:
            return planned(context_of(store, config), wish)


def _tell(plan: Plan, pulled: Pulled) -> None:
    console().print(head_of(plan, plainly), markup=False)
    if pulled.history.runs or pulled.left_out:
        console().print(plainly(count=len(pulled.history.runs))["runs_told"], markup=False)
    for title, count in left_behind(plan, pulled.history).items():
        console().print(f"    {plainly(about=title, count=count)['runs_behind']}", markup=False)
    for name in pulled.left_out:
        console().print(f"    {plainly(about=name)['run_left_out']}", markup=False)
    for step in plan.steps:
        console().print(title_of(step, plainly), markup=False)
        for line in details_of(step, plainly):
            console().print(f"    {line}", markup=False)


def plainly(**values: object) -> Said:
    """Say what the plan says on a terminal, where nothing is markup."""
    return say("exchange", **{name: Safe(one) if isinstance(one, str) else one for name, one in values.items()})


def _documents(file: Path) -> Iterator[Document]:
    content = _read(file)
    if is_json(content):
        yield from documents_in(content, file.name)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlaybookMistake(str(file), [Mistake(0, "", "is neither JSON nor YAML text")]) from None
    yield Document(read_playbook(text, str(file)).definition(), file.name, is_ours=True)


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}") from None
