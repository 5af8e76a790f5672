"""Who a task is for: people by id, or roles of the run, which follow whoever holds them."""

from collections.abc import Iterable

from handlers.context import Context
from handlers.words import Safe, escape, mention
from store import Run, Task

ROLE = "role:"


def holder(ctx: Context, run: Run, role: str) -> str:
    """Return the id of who has a role of a run, empty if nobody has."""
    if role == "owner":
        return run.owner_id
    if role == "creator":
        return run.creator_id
    assert run.id is not None
    found = ctx.store.role_holder(run.id, role)
    return found.person_id if found else ""


def people_of(ctx: Context, run: Run, task: Task) -> list[str]:
    """Return the ids of those whom a task is for, each once."""
    ids = (holder(ctx, run, one.removeprefix(ROLE)) if one.startswith(ROLE) else one for one in task.assignees)
    return list(dict.fromkeys(one for one in ids if one))


def named(ctx: Context, run: Run, assignees: Iterable[str]) -> Safe:
    """Say who a task is for: @names, and the role where nobody has it; empty if it is for nobody."""
    said = []
    for one in assignees:
        person = holder(ctx, run, one.removeprefix(ROLE)) if one.startswith(ROLE) else one
        said.append(mention(ctx.username(person)) if person else escape(one.removeprefix(ROLE)))
    return Safe(", ".join(dict.fromkeys(said)))
