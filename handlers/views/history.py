"""What became of a task: who changed what of it, and when, as one list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.context import Context
from handlers.rules.assignees import named, sayings
from handlers.rules.change_log import about_task
from handlers.rules.progress import Numbered
from handlers.text.words import Safe
from store import CHANGES_KEPT, Change, Run

SHOWN = 20
"""How many changes one answer tells."""


def history(ctx: Context, run: Run, one: Numbered) -> str:
    """Return the list, the oldest first."""
    changes = [change for change in ctx.store.changes(run.id) if about_task(change, one.task.id)]
    lines = [
        {
            "at": change.at,
            "who": ctx.username(change.by),
            "did": Safe(", ".join(_did(ctx, run, change, one.task.id))),
            "undone": ctx.username(change.undone_by) if change.undone_at else "",
        }
        for change in reversed(changes[:SHOWN])
    ]
    since = max(run.created_at, ctx.now - CHANGES_KEPT)
    said = ctx.say(
        "history",
        number=Safe(one.number),
        title=one.task.title,
        lines=lines,
        since=since,
        is_whole=since == run.created_at,
    )
    return said["list"]


def _did(ctx: Context, run: Run, change: Change, task_id: int) -> Iterator[str]:
    row = next((row for row in change.rows if (row["table"], row["id"]) == ("task", task_id)), None)
    if row is None or (set(row["after"]) == {"position"} and row["before"] is not None):
        yield ctx.say("history")["moved"]
    elif row["before"] is None:
        yield ctx.say("history")["added"]
    else:
        yield from _differences(ctx, run, row["before"], row["after"])


def _differences(ctx: Context, run: Run, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    words, by = sayings(ctx, after.get("words", ()), after.get("words_by", ()))
    said = ctx.say(
        "history",
        words=words,
        by=by,
        before=before.get("title", ""),
        people=named(ctx, run, after.get("assignees", ())),
        due_at=datetime.fromisoformat(after["due_at"]) if after.get("due_at") else None,
    )
    if "removed_at" in after:
        yield said["removed" if after["removed_at"] else "restored"]
    if "state" in after:
        yield said[f"state_{after['state']}"]
    if "title" in after:
        yield said["renamed"]
    if "assignees" in after:
        yield said["assigned" if after["assignees"] else "unassigned"]
    if "due_at" in after:
        yield said["due" if after["due_at"] else "not_due"]
    if "checklist_id" in after:
        yield said["moved"]
    if "words" in after:
        yield said["words" if words else "no_words"]
    elif "by_update" in after:
        yield said["words_update" if after["by_update"] else "no_words"]
    elif "words_by" in after:
        yield said["said_by"]
    if set(after) & {"description", "command"}:
        yield said["edited"]
    if "ran_at" in after:
        yield said["ran"]
