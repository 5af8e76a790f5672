"""Lists of runs: those in progress, beside the playbooks of a team, and those that are finished."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from handlers.context import Context
from handlers.controls import BARE_ASK, RUN_ASK, RUN_LOOK, RUN_WHICH
from handlers.effects import Button, Card, Content, Menu, Option, unfolded
from handlers.events import Person
from handlers.payloads import KeptCommand, Nothing
from handlers.rules import permissions
from handlers.rules.progress import progress
from handlers.text.words import plain, shorten
from handlers.views.listed import listed
from store import UTC_EPOCH, Run
from store.queries.finding import finished_runs

SHOWN = 20
"""How many runs or tasks one answer names."""

LOOKED_AT = 200
"""How many finished runs of a team are looked through for those that somebody may see."""


def list_of_all(ctx: Context, asker: Person, team_ids: Sequence[str]) -> Content:
    """Return the playbooks of some teams and their runs in progress, with the ways to start, to begin and to look."""
    runs = [run for one in team_ids for run in in_progress(ctx, asker, one)]
    found = (row for one in team_ids if one for row in permissions.playbooks_for(ctx, asker, one))
    books = list({row.id: row for row in found}.values())
    said = ctx.say("command", playbooks=books, runs=linked(ctx, runs[:SHOWN]), more=max(0, len(runs) - SHOWN))
    controls: list[Button | Menu] = [RUN_ASK.button(said["list_start"], Nothing(), "primary")] if books else []
    controls.append(BARE_ASK.button(said["list_checklist"], Nothing()))
    if runs:
        controls.append(_look(said["list_look"], runs[:SHOWN]))
    words = (said["list_playbooks"], said["list_runs"], said["list_finished_how"])
    return listed(ctx, "\n\n".join(words), controls)


def list_of_finished(ctx: Context, asker: Person, team_ids: Sequence[str]) -> Content:
    """Return some teams' finished runs that somebody may see, the latest first, with a menu to look at each."""
    found = chain.from_iterable(finished_runs(ctx.store, one, LOOKED_AT) for one in team_ids)
    latest = sorted(found, key=lambda run: (run.finished_at or UTC_EPOCH, run.id), reverse=True)
    runs = list(islice(_listed(ctx, asker, latest), SHOWN))
    said = ctx.say("command", runs=linked(ctx, runs))
    if not runs:
        return Content(said["list_none_finished"])
    return listed(ctx, said["list_finished"], (_look(said["list_look"], runs),))


def in_progress(ctx: Context, asker: Person, team_id: str) -> list[Run]:
    """Return a team's runs in progress that somebody may see."""
    return list(_listed(ctx, asker, ctx.store.active_runs(team_id)))


def linked(ctx: Context, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return what a list says of each run."""
    return [
        {
            "name": run.name,
            "link": ctx.run_link(run),
            "number": run.called,
            "owner": ctx.username(run.owner_id),
            "done": standing.done,
            "total": standing.total,
            "late": run.is_update_late(ctx.now),
            "finished_at": run.finished_at,
        }
        for run, standing in ((run, progress(ctx, run)) for run in runs)
    ]


def which_run(
    ctx: Context, runs: Sequence[Run], given: str, kept: KeptCommand | None, *, direct: bool = False
) -> Content:
    """Ask which of several runs a command is about, in words and, where it was kept, with a menu that gives it.

    In a `direct` message the runs are those of who asks.
    """
    rows = [{"number": run.called, "name": run.name} for run in runs[:SHOWN]]
    said = ctx.say("command", runs=rows, given=given, direct=direct)
    options = [_option(run) for run in runs[:SHOWN]]
    controls = (RUN_WHICH.menu(said["which_run_menu"], options, kept),) if kept else ()
    return Content("", (Card(colour="amber", fields=unfolded(said["which_run"]), controls=controls),))


def _listed(ctx: Context, asker: Person, found: Iterable[Run]) -> Iterator[Run]:
    runs = list(found)
    ctx.store.places(run.channel_id for run in runs if run.channel_id is not None)
    return (run for run in runs if permissions.is_listed(ctx, asker, run))


def _look(label: str, runs: Sequence[Run]) -> Menu:
    return RUN_LOOK.menu(label, [_option(run) for run in runs])


def _option(run: Run) -> Option:
    return Option(f"{run.id} · {plain(shorten(run.name, 80))}", str(run.id))
