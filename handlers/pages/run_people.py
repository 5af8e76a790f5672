"""Who takes part in a run, with which roles, and who follows it."""

from dataclasses import dataclass

from handlers.context import Context
from store import Run


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who takes part, or only has a role."""

    name: str
    is_owner: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taking:
    """The people of a run; `free` are the roles that nobody has."""

    parts: tuple[Part, ...]
    free: tuple[str, ...]
    followers: int


def people_of_run(ctx: Context, run: Run) -> Taking:
    """Return the people of a run, the owner first, then who has a role."""
    holders = ctx.store.role_holders(run.id)
    roles: dict[str, list[str]] = {}
    for one in holders:
        roles.setdefault(one.person_id, []).append(one.role)
    free = tuple(roles.pop("", ()))
    inside = [one.person_id for one in ctx.store.participants(run.id) if one.is_in]
    ids = list(dict.fromkeys([run.owner_id, *roles, *inside]))
    ctx.store.people(ids)
    parts = (Part(ctx.username(one), one == run.owner_id, tuple(roles.get(one, ()))) for one in ids)
    return Taking(tuple(parts), free, len(ctx.store.followers(run.id)))
