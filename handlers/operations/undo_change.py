"""Taking back what was changed in a run's tasks."""

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.change_tasks import note_states, settled
from handlers.rules import change_log
from handlers.rules.follow_ups import require_workable
from handlers.text.words import Safe
from handlers.views.undo import described
from store import CHANGES_KEPT, Change, Run


def last_change(ctx: Context, run: Run, asker: Person) -> Change:
    """Return somebody's last change that still counts, or else the last of anybody's. Raises `Refused`.

    So it does where they have taken a newer version over since, which cannot be taken back.
    """
    counting = [one for one in ctx.store.changes(run.id) if one.undone_at is None]
    change = next((one for one in counting if one.by == asker.id), counting[0] if counting else None)
    taken = (one for one in ctx.store.moments(run.id) if one.kind == "upgraded" and one.person_id == asker.id)
    last = max(taken, key=lambda one: one.at, default=None)
    if last is not None and (change is None or change.by != asker.id or change.at < last.at):
        mine = change if change is not None and change.by == asker.id else None
        about = described(ctx, mine) if mine is not None else {"did": ""}
        raise ctx.refused("undo", "newer", version=Safe(last.subject), **about)
    if change is None:
        raise ctx.refused("undo", "nothing", days=CHANGES_KEPT.days)
    return change


def undo_change(ctx: Context, run: Run, change: Change, by: Person) -> Doing[Change]:
    """Take a change back. Raises `Refused` where that was done, it is somebody else's, or all has changed since."""
    about = described(ctx, change)
    if change.undone_at is not None:
        raise ctx.refused("undo", "before", **about)
    if change.by != by.id:
        raise ctx.refused("undo", "others", **about)
    tasks = [ctx.store.task(one["id"]) for one in change.rows if one["table"] == "task"]
    lists = [one["id"] for one in change.rows if one["table"] == "checklist"]
    require_workable(ctx, run, [*(task.checklist_id for task in tasks if task is not None), *lists], by)
    if not change_log.undo(ctx, run, change, by.id):
        raise ctx.refused("undo", "changed", **about)
    note_states(ctx, run, change.rows, by.id)
    yield from settled(ctx, run)
    return change
