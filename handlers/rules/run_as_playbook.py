"""What a run has become, as a playbook would plan it: its checklists with what people added and changed."""

from collections.abc import Iterable
from typing import Any

from handlers.context import Context
from handlers.playbooks.playbook import Task as PlannedTask
from handlers.playbooks.playbook import playbook_of
from handlers.rules.assignees import ROLE, person_roles, roles_of
from handlers.text import durations
from store import Run, Task

KEPT = ("sets", "when", "needs", "links", "command_is_template", "assignee_attribute", "kept")
"""What the playbook says of a task that nobody changes in a run."""


def as_planned(ctx: Context, run: Run, *, is_known: bool = True) -> dict[str, Any]:
    """Return the keys of a playbook whose runs would begin as this one is now, follow-ups aside.

    To whom its playbook is not known, it is only what the run shows: no hidden tasks, and of roles the names.
    """
    known = playbook_of(run.definition).tasks if run.playbook_id is not None and is_known else ()
    # What is hidden in this run may be needed in the next.
    tasks = ctx.store.tasks(run.id, hidden=is_known)
    checklists = [
        {"title": row.title, "tasks": [_task(ctx, run, one, known) for one in tasks if one.checklist_id == row.id]}
        for row in ctx.store.checklists(run.id)
        if not row.kind
    ]
    planned = [one if is_known else {"name": one["name"]} for one in run.definition.get("roles", ())]
    names = {one["name"] for one in planned}
    given = {"owner", "creator", *person_roles(run)}
    more = [name for name in roles_of(ctx, run) if name not in names and name not in given]
    return {"checklists": checklists, "roles": [*planned, *({"name": name} for name in more)]}


def _task(ctx: Context, run: Run, task: Task, known: tuple[PlannedTask, ...]) -> dict[str, Any]:
    planned = known[task.planned - 1] if 0 < task.planned <= len(known) else None
    kept = planned.model_dump(mode="json", include=set(KEPT)) if planned is not None else {}
    by_attribute = person_roles(run)
    people = [name for name in (_name(ctx, each) for each in task.assignees) if name and name not in by_attribute]
    said = {
        "title": task.title,
        "description": task.description,
        "assignees": people,
        "command": task.command or None,
        "due": _due(run, task, planned),
        "done_when": _done_when(ctx, task),
    }
    return kept | {key: value for key, value in said.items() if value}


def _name(ctx: Context, assignee: str) -> str:
    if assignee.startswith(ROLE):
        return assignee.removeprefix(ROLE)
    person = ctx.store.person(assignee)
    return f"@{person.username}" if person is not None else ""


def _due(run: Run, task: Task, planned: PlannedTask | None) -> str | None:
    if task.due_at is None or task.due_at <= run.created_at:
        return None
    # A day is not always 24 hours long: what the playbook says counts as long as it comes to the same.
    after = round((task.due_at - run.created_at).total_seconds() / 60) * 60
    same = planned is not None and planned.due is not None and abs(planned.due - after) <= 3600 < planned.due
    return durations.written(planned.due if same and planned and planned.due else max(after, 60))


def _done_when(ctx: Context, task: Task) -> dict[str, Any] | None:
    if not task.words and not task.by_update:
        return None
    by = list(_names(ctx, task.words_by)) if task.words else []
    return {"says": list(task.words), "by": by, "update": task.by_update}


def _names(ctx: Context, ids: Iterable[str]) -> Iterable[str]:
    for each in ids:
        person = ctx.store.person(each)
        # Who was gone at the start stands there by name.
        yield each if each.startswith("@") else f"@{person.username}" if person is not None else "@nobody"
