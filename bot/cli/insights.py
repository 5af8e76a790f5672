"""`muster insights`: what the runs tell, for whoever looks at the host, who sees all of them."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.database import looking
from bot.settings.config import load
from bot.tables import console
from bot.trouble import Trouble
from handlers.context import Context, Installation
from handlers.events import Person
from handlers.figures.as_values import as_values
from handlers.figures.findings import findings_of
from handlers.figures.insights import Insights
from handlers.figures.many_runs import Question, Seen, asked_of, today_of
from handlers.text.periods import read_period
from handlers.text.readers import UTC as WORLD
from handlers.views.insights_table import as_csv, lines_of
from store import PlaybookRow, Store
from store.queries.visible import STANDING

ALL = Seen((STANDING,), None, is_all=True)
WHO = "Counted are all runs on this host, also those that few people may see."
UNKNOWN_TIME = "is no time; write one like 30d, 12w, 2026-10, 2026-q3, 2026-10-01..2026-10-31, or all."


def insights(
    playbook: Annotated[str, typer.Argument(help="The playbook's key; without one it is about all of them.")] = "",
    time: Annotated[str, typer.Option(help="Of which time: 30d, 12w, 2026-q3, two days, or all.")] = "30d",
    by: Annotated[str, typer.Option(help="Split the runs by the values of this variable.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="Write a file for spreadsheets.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write all figures for programs.")] = False,
) -> None:
    """Say what all runs tell: how many, how long, what to change."""
    with looking(load(complete=False).store.url) as database:
        if database is None:
            raise Trouble("There are no runs yet.")
        with database.reading() as store:
            _tell(store, playbook, time, by, csv=csv, as_json=as_json)


def _tell(store: Store, playbook: str, time: str, by: str, *, csv: bool, as_json: bool) -> None:
    ctx = Context(datetime.now(UTC), store, _here(), asks=False)
    row = store.playbook_by_key(playbook.casefold()) if playbook else None
    if playbook and row is None:
        known = ", ".join(one.key for one in store.playbooks())
        raise Trouble(f"There is no playbook {playbook!r}; there are: {known}")
    found = asked_of(ctx, _question(ctx, row, time, by), ALL)
    _warn(store)
    if csv:
        sys.stdout.buffer.write(as_csv(ctx, found))
    elif as_json:
        sys.stdout.write(json.dumps(_values(ctx, row, found), indent=2, ensure_ascii=False) + "\n")
    else:
        for line in lines_of(ctx, found):
            n = f" (n {line.n})" if line.n is not None else ""
            more = f"; {line.more}" if line.more else ""
            console().print(f"{line.part}: {line.name}{n}: {line.value}{more}", markup=False, highlight=False)


def _question(ctx: Context, row: PlaybookRow | None, time: str, by: str) -> Question:
    try:
        return Question(row, read_period(time, today_of(ctx, row, WORLD)), by)
    except ValueError:
        raise Trouble(f"{time!r} {UNKNOWN_TIME}") from None


def _values(ctx: Context, row: PlaybookRow | None, found: Insights) -> dict[str, object]:
    names = {one.person_id: ctx.username(one.person_id) for one in found.load}
    findings = findings_of(ctx, row, ALL) if row is not None else ()
    return {"counted": "all runs on this host", **as_values(row.key if row is not None else "", found, names, findings)}


def _warn(store: Store) -> None:
    errors = console(errors=True)
    errors.print(WHO, markup=False)
    left = len(store.runs_without_figures(None, 1000))
    if left:
        errors.print(f"{left} runs have no figures yet; a running Muster makes them by and by.", markup=False)


def _here() -> Installation:
    return Installation(bot=Person(id="", username="muster"), site_url="", menus={})
