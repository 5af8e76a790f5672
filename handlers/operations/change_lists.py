"""Changing a run's checklists: a new one with its tasks, another title or number, something done to all of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.forms import at_field
from handlers.operations.change_tasks import follow
from handlers.rules import list_actions, ordering
from handlers.rules.change_log import operation
from handlers.rules.progress import progress
from store import Checklist, ListVerb, Run, Task


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Which checklist was added or changed, and what with it; `key` undoes it, and is empty where nothing changed."""

    key: str
    checklist: Checklist
    verb: ListVerb | None = None
    is_renamed: bool = False


def add_list(ctx: Context, run: Run, title: str, tasks: Sequence[str], by: Person) -> Doing[ListChanged]:
    """Add a checklist with tasks of these titles behind the others. Raises `Refused`."""
    list_actions.require_titles(ctx, title, *tasks)
    list_actions.require_room(ctx, run, len(tasks))
    with operation(ctx, run, by, "add", title) as change:
        row = ordering.add_checklist(ctx, run, title)
        for task in tasks:
            ordering.add(ctx, run, row, task)
    yield from follow(ctx, run, change)
    return ListChanged(change.key, row)


def change_list(
    ctx: Context,
    run: Run,
    row: Checklist,
    by: Person,
    *,
    title: str | None = None,
    at: int | None = None,
    verb: ListVerb | None = None,
) -> Doing[ListChanged]:
    """Give a checklist another title or number, and do something to all of it. Raises `Refused`."""
    tasks = [one.task for one in progress(ctx, run).of(row)]
    if title is not None:
        with at_field("title"):
            list_actions.require_titles(ctx, title)
    if verb == "duplicate":
        with at_field("also"):
            list_actions.require_room(ctx, run, len(tasks))
    is_renamed, before = title not in (None, row.title), row.title
    with operation(ctx, run, by, verb or ("edit" if is_renamed else "move"), before) as change:
        row.title = before if title is None else title
        if at not in (None, row.position):
            ordering.move_checklist(ctx, run, row, at or 0)
        if verb is not None:
            _to_all(ctx, run, row, tasks, verb, by)
    yield from follow(ctx, run, change)
    return ListChanged(change.key, row, verb, is_renamed)


def _to_all(ctx: Context, run: Run, row: Checklist, tasks: Sequence[Task], verb: ListVerb, by: Person) -> None:
    match verb:
        case "remove":
            row.removed_at = ctx.now
        case "duplicate":
            again = ordering.add_checklist(ctx, run, row.title)
            for task in tasks:
                ordering.copy(ctx, task, again)
            ordering.move_checklist(ctx, run, again, row.position + 1)
        case "skip":
            for task in (task for task in tasks if task.is_open):
                task.turn("skipped", by.id, ctx.now)
        case "restore":
            for task in (task for task in tasks if task.state == "skipped"):
                task.turn("open", by.id, ctx.now)
        case _:
            assert_never(verb)
