"""Keeps what an operation changes in a run's checklists and tasks, so that it can be told and undone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from handlers.context import Context
from handlers.events import Person
from handlers.rules import task_lookup
from handlers.rules.progress import Numbered
from store import Change, ChangeKind, Checklist, NewChange, Run, Task, changes_of

Row = Checklist | Task

_TIMES = frozenset({"due_at", "ran_at", "changed_at", "added_at", "removed_at"})
# Whoever comes later may have counted anew, or noted another time; that alone is no reason not to undo.
_LOOSE = frozenset({"position", "changed_at", "changed_by", "hidden", "touched"})

_ARRANGING = frozenset({"position", "checklist_id", "removed_at"})


@contextmanager
def operation(
    ctx: Context, run: Run, by: Person, kind: ChangeKind, about: str | Sequence[Numbered]
) -> Iterator[NewChange]:
    """Keep what is changed inside as one operation, and number anew; without rows and key where nothing changed."""
    in_order, rows_before = ctx.store.tasks(run.id, hidden=True), _rows(ctx, run)
    before = [vars(row).copy() for row in rows_before]
    label, ids = (about, []) if isinstance(about, str) else (task_lookup.label(about), task_lookup.ids(about))
    change = NewChange(run.id, ctx.now, by.id, kind, label, [], ids)
    yield change
    if ctx.store.tasks(run.id, hidden=True) is not in_order:
        count_anew(ctx, run)
    change.rows = list(_differences(rows_before, before, _rows(ctx, run)))
    if not change.rows:
        change.key = ""
        return
    ctx.store.record(change)
    _note_rearranged(ctx, change)
    _touch(ctx, change)


def _touch(ctx: Context, change: NewChange) -> None:
    """Keep those tasks in their lists that people had to do with; that others have other numbers now is no matter."""
    changed = {
        one["id"]
        for one in change.rows
        if one["table"] == "task" and (one["before"] is None or {*one["after"]} - {"position"})
    }
    for task in (ctx.store.task(each) for each in {*changed, *change.tasks}):
        if task is not None and not task.touched:
            task.touched = True


def undo(ctx: Context, run: Run, change: Change, by: str) -> bool:
    """Put everything back as it was before an operation; False where somebody has changed the same since."""
    rows = [(one, _row(ctx, one)) for one in change.rows]
    if not all(row is not None and _is_as_left(row, one) for one, row in rows):
        return False
    for one, row in rows:
        assert row is not None
        _put_back(row, one, ctx.now)
    change.undone_at, change.undone_by = ctx.now, by
    count_anew(ctx, run)
    _note_rearranged(ctx, change)
    return True


def count_anew(ctx: Context, run: Run) -> None:
    """Number a run's checklists, and each one's tasks, from 1, in the order that they are in; hidden ones count."""
    for at, checklist in enumerate(ctx.store.checklists(run.id), 1):
        _renumber(checklist, at)
    numbers: Counter[int] = Counter()
    # A task that is hidden keeps its number, so that the others have the same once it is there.
    for task in ctx.store.tasks(run.id, hidden=True):
        numbers[task.checklist_id] += 1
        _renumber(task, numbers[task.checklist_id])


def _note_rearranged(ctx: Context, change: Change | NewChange) -> None:
    if any(one["before"] is None or _ARRANGING & set(one["after"]) for one in change.rows):
        ctx.rearranged.add(change.run_id)


def _renumber(row: Row, position: int) -> None:
    if row.position != position:
        row.position = position


def about_task(change: Change, task_id: int) -> bool:
    """Return whether an operation was about a task, or changed more of it than its number."""
    return task_id in change.tasks or any(
        one["table"] == "task" and one["id"] == task_id and set(one["after"]) - {"position"} for one in change.rows
    )


def _rows(ctx: Context, run: Run) -> list[Row]:
    return [*ctx.store.checklists(run.id, removed=True), *ctx.store.task_rows(run.id)]


def _differences(
    rows_before: Sequence[Row], before: Sequence[dict[str, Any]], rows: Sequence[Row]
) -> Iterator[dict[str, Any]]:
    # Most rows are as they were, which this finds out at once.
    known = {id(row): then for row, then in zip(rows_before, before, strict=True)}
    other = [row for row in rows if known.get(id(row)) != vars(row)]
    for row in other:
        then = known.get(id(row))
        changed = changes_of(row, then)
        if changed:
            yield {
                "table": row.__tablename__,
                "id": row.id,
                "before": None if then is None else msgspec.to_builtins({name: then[name] for name in changed}),
                "after": msgspec.to_builtins(changed),
            }


def _row(ctx: Context, one: dict[str, Any]) -> Row | None:
    return ctx.store.task(one["id"]) if one["table"] == "task" else ctx.store.checklist(one["id"])


def _is_as_left(row: Row, one: dict[str, Any]) -> bool:
    return all(getattr(row, name) == _read(name, value) for name, value in one["after"].items() if name not in _LOOSE)


def _put_back(row: Row, one: dict[str, Any], now: datetime) -> None:
    if one["before"] is None:
        row.removed_at = now
        return
    for name, value in one["before"].items():
        setattr(row, name, _read(name, value))


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _TIMES and value else value
