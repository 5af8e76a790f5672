"""Roles that people have in turn: whose turn it is, and planning the moment when a role passes to the next."""

from datetime import datetime

from handlers.context import Context
from handlers.playbooks.people import Role, Rota
from handlers.rules import jobs
from handlers.rules.planned_people import in_turn
from store import RoleHolder, Run


def rota_of(run: Run, role: str) -> Rota | None:
    """Return the rota of a role of a run, None where it has none."""
    found = (one for one in run.definition.get("roles", ()) if one["name"] == role and one.get("rota"))
    return next((Role.model_validate(one).rota for one in found), None)


def turning(ctx: Context, run: Run) -> list[tuple[RoleHolder, Rota]]:
    """Return the roles of a run that pass on by themselves: those with a rota that nobody gave by hand."""
    rows = [(row, rota_of(run, row.role)) for row in ctx.store.role_holders(run.id) if not row.by_hand]
    return [(row, rota) for row, rota in rows if rota is not None]


def is_turn_of(ctx: Context, run: Run, role: str, username: str) -> bool:
    """Return whether it is somebody's turn to have a role now."""
    rota = rota_of(run, role)
    person = in_turn(ctx, run, rota, ctx.now)[0] if rota is not None else None
    return person is not None and person.username == username


def next_turn(ctx: Context, run: Run, role: RoleHolder) -> dict[str, object]:
    """Return when a role passes on to whom, and whether that waits, as it was given by hand; as templates say it."""
    rota = rota_of(run, role.role)
    if rota is None or not run.is_active:
        return {"at": None, "then": "", "waits": False}
    at = rota.after(ctx.now)
    person, _ = in_turn(ctx, run, rota, at)
    then = person.username if person is not None else rota.at(at).removeprefix("@")
    return {"at": None if role.by_hand else at, "then": then, "waits": role.by_hand}


def plan_turn(ctx: Context, run: Run, since: datetime | None = None) -> None:
    """Plan anew when the next turn of a run's roles begins after `since` (UTC; now if absent), at once if it did."""
    ctx.store.cancel_jobs(ctx.now, "turn", run)
    coming = [rota.after(since or ctx.now) for _, rota in turning(ctx, run)]
    if coming and run.is_active:
        jobs.plan(ctx, "turn", run, min(coming))
