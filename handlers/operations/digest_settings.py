"""Turning somebody's digests on and off."""

from dataclasses import dataclass
from typing import Literal, get_args

from handlers.context import Context
from handlers.rules.jobs import plan_digest
from handlers.views.agenda import agenda_of

Digest = Literal["daily", "weekly"]
DIGESTS: tuple[Digest, ...] = get_args(Digest)


@dataclass(frozen=True, slots=True)
class DigestTurned:
    """Which digest comes from now on, or does not, and whether that was so before."""

    which: Digest
    on: bool
    before: bool


def turn_digest(ctx: Context, person_id: str, which: Digest, *, on: bool) -> DigestTurned:
    """Turn one of somebody's digests on or off."""
    kept = ctx.store.settings(person_id)
    before = bool(getattr(kept, which))
    setattr(kept, which, on)
    if on and not agenda_of(ctx, person_id).is_empty:
        plan_digest(ctx, person_id)
    return DigestTurned(which, on, before)
