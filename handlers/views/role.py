"""What is said about a role of a run that somebody has, gets or loses."""

from typing import Any

from handlers.context import Context
from handlers.rules.assignees import ROLE
from handlers.rules.progress import progress
from handlers.rules.rotas import next_turn
from handlers.text.words import Safe
from store import RoleHolder, Run

TASKS = 8
"""How many of its open tasks are named."""


def of_role(ctx: Context, run: Run, role: RoleHolder, *, holder: str, **more: str) -> dict[str, Any]:
    """Return what the sentences about a role say; `holder` is the name of who has it, or had it until now."""
    mine = [one.number for one in progress(ctx, run).open if f"{ROLE}{role.role}" in one.task.assignees]
    return {
        "run": run,
        "link": ctx.run_link(run),
        "role": role.role,
        "holder": holder,
        "tasks": Safe(", ".join(mine[:TASKS]) + (", …" if len(mine) > TASKS else "")),
        "count": len(mine),
        "turn": next_turn(ctx, run, role),
        **more,
    }
