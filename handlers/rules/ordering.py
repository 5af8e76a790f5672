"""Putting tasks and checklists where they belong: at their end, at a number, next to what they are a copy of."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Refused
from handlers.rules import task_lookup
from handlers.rules.progress import Numbered, Progress
from handlers.text.numbers import task_number
from store import Checklist, Run, Task

Place = tuple[Checklist, int | None]
"""A checklist, and a number in it, or its end."""
TITLE_LIMIT = 200
"""The longest title of a task or a checklist, in characters."""
MOST_TASKS = 500
"""How many tasks a run has at most, as a playbook does."""


def target(ctx: Context, standing: Progress, words: str) -> Place:
    """Return the checklist and, where the words have one, the position in it that they name. Raises `Refused`."""
    number = task_number(words)
    row = task_lookup.checklist(ctx, standing, str(number[0]) if number else words)
    return row, number[1] if number else None


def behind(ctx: Context, standing: Progress, words: str, moved: Sequence[Numbered]) -> Place:
    """Return the place behind the task that the words name, once others have been moved. Raises `Refused`."""
    tasks = task_lookup.tasks(ctx, standing, words, "move")
    after, ids = tasks[-1].task, {one.task.id for one in moved}
    row = next(row for row in standing.checklists if row.id == after.checklist_id)
    every = (one for one in ctx.store.tasks(row.run_id, hidden=True) if one.checklist_id == row.id)
    before = [one.id for one in every if one.position <= after.position]
    return row, len([each for each in before if each not in ids]) + 1


def move(ctx: Context, tasks: Sequence[Task], row: Checklist, at: int | None) -> None:
    """Put tasks into a checklist, one behind the other, so that the first gets the number `at`; or to its end."""
    stay = [one for one in ctx.store.tasks(row.run_id, hidden=True) if one.checklist_id == row.id and one not in tasks]
    before = len(stay) if at is None else min(max(at - 1, 0), len(stay))
    for task in tasks:
        task.checklist_id = row.id
    for position, task in enumerate([*stay[:before], *tasks, *stay[before:]], 1):
        task.position = position


def require_room(ctx: Context, run: Run, more: int) -> None:
    """Raise `Refused` where a run cannot have so many tasks more."""
    if len(ctx.store.tasks(run.id, hidden=True)) + more > MOST_TASKS:
        raise too_many(ctx)


def too_many(ctx: Context) -> Refused:
    """Return the refusal of more tasks or checklists than a run can have."""
    return ctx.refused("tasks", "too_many", limit=MOST_TASKS)


def add(ctx: Context, run: Run, row: Checklist, title: str) -> Task:
    """Add a task to the end of a checklist."""
    last = sum(one.checklist_id == row.id for one in ctx.store.tasks(run.id, hidden=True))
    return ctx.store.add(Task(run_id=run.id, checklist_id=row.id, position=last + 1, title=title, added_at=ctx.now))


def add_checklist(ctx: Context, run: Run, title: str) -> Checklist:
    """Add an empty checklist behind the others."""
    return ctx.store.add(Checklist(run_id=run.id, position=len(ctx.store.checklists(run.id)) + 1, title=title))


def copy(ctx: Context, task: Task, row: Checklist | None = None) -> Task:
    """Make an open task like this one: right behind it, or at the end of another checklist."""
    again = ctx.store.add(
        Task(
            run_id=task.run_id,
            checklist_id=row.id if row is not None else task.checklist_id,
            position=task.position,
            planned=task.planned,
            title=task.title,
            description=task.description,
            assignees=list(task.assignees),
            due_at=task.due_at,
            command=task.command,
            words=list(task.words),
            words_by=list(task.words_by),
            by_update=task.by_update,
            added_at=ctx.now,
        )
    )
    if row is None:
        behind = [one for one in ctx.store.tasks(task.run_id, hidden=True) if one.checklist_id == task.checklist_id]
        behind.remove(again)
        behind.insert(behind.index(task) + 1, again)
        for position, one in enumerate(behind, 1):
            one.position = position
    return again


def move_checklist(ctx: Context, run: Run, row: Checklist, at: int) -> None:
    """Give a checklist another number."""
    rows = [one for one in ctx.store.checklists(run.id) if one is not row]
    rows.insert(min(max(at - 1, 0), len(rows)), row)
    for position, one in enumerate(rows, 1):
        one.position = position
