"""The way from a run's card to its checklists, each a message of its own somewhere above or below."""

from collections.abc import Sequence
from typing import Any

from handlers.context import Context
from handlers.rules.progress import Progress
from handlers.text.words import shorten
from handlers.views.checklist import parts
from store import Checklist, Run

MOST = 10
"""How many checklists are named, those with open tasks before the others."""

TITLE_LIMIT = 40


def checklist_links(ctx: Context, run: Run, standing: Progress) -> Sequence[dict[str, Any]]:
    """Return what is said of each checklist, in their order, with a link to the message where it goes on."""
    posts = {(one.checklist_id, one.part): one.post_id or "" for one in ctx.store.messages("checklist", run_id=run.id)}
    rows = standing.checklists
    if len(rows) > MOST:
        going_on = sorted(rows, key=lambda row: not _is_open(standing, row))[:MOST]
        rows = tuple(row for row in rows if row in going_on)
    return [
        {
            "title": f"{row.position} {shorten(row.title, TITLE_LIMIT)}",
            "link": ctx.post_of_run_link(run, posts.get((row.id, _part(ctx, standing, row)), "")),
            "done": sum(not one.task.is_open for one in standing.of(row)),
            "total": len(standing.of(row)),
        }
        for row in rows
    ]


def _part(ctx: Context, standing: Progress, row: Checklist) -> int:
    """Return the number of the message that has a checklist's first open task, of the first one where all are done."""
    split = enumerate(parts(ctx, row, standing.of(row)), 1)
    return next((part for part, tasks in split if any(one.task.is_open for one in tasks)), 1)


def _is_open(standing: Progress, row: Checklist) -> bool:
    return any(one.task.is_open for one in standing.of(row))
