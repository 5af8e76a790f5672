"""Keeping what a person wants to import until they have looked at its plan, and said that it is to be so."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from handlers.context import Context
from handlers.events import Person
from handlers.exchange.files import Document
from handlers.exchange.plan import ON_CONFLICT, Imported, OnConflict, Plan
from handlers.operations.import_playbooks import import_playbooks
from handlers.operations.plan_import import Wish, planned
from handlers.rules import teams
from handlers.rules.playbook_rights import require_maker
from store import Import

KEPT_FOR = timedelta(days=1)
"""How long files wait for a decision."""


def begin_import(
    ctx: Context,
    asker: Person,
    documents: Sequence[Document],
    team: str = "",
    on_conflict: OnConflict = "fail",
    *,
    leave_unknown: bool = False,
) -> Import:
    """Keep what somebody wants to import, in the place of what they wanted before. Raises `Refused` for guests."""
    require_maker(ctx, asker)
    own = teams.of_person(ctx, asker)
    team = team or (own[0].name if len(own) == 1 else "")
    ctx.store.drop_imports(asker.id, ctx.now - KEPT_FOR)
    return ctx.store.add(
        Import(
            by=asker.id,
            at=ctx.now,
            documents=[_written(one) for one in documents],
            team=team,
            on_conflict=on_conflict,
            leave_unknown=leave_unknown,
        )
    )


def begun(ctx: Context, import_id: int, asker: Person) -> Import:
    """Return an import that somebody has begun. Raises `Refused` where it is over, or somebody else's."""
    found = ctx.store.begun_import(import_id)
    if found is None or found.by != asker.id:
        raise ctx.refused("exchange", "over")
    return found


def plan_of(ctx: Context, kept: Import, asker: Person) -> Plan:
    """Return the plan of an import as things stand, to which who has seen it may agree."""
    plan = planned(ctx, wish_of(kept, asker))
    kept.agreed = plan.digest
    return plan


def carry_out(ctx: Context, kept: Import, asker: Person) -> Sequence[Imported]:
    """Import what was agreed to, and forget the files. Raises `Refused`, then nothing is changed."""
    _, done = import_playbooks(ctx, wish_of(kept, asker), kept.agreed)
    ctx.store.drop_import(kept)
    return done


def wish_of(kept: Import, asker: Person) -> Wish:
    """Return what is wished for by an import that was begun."""
    documents = [Document(**one) for one in kept.documents]
    on_conflict: OnConflict = next((one for one in ON_CONFLICT if one == kept.on_conflict), "fail")
    return Wish(documents, asker, on_conflict, team=kept.team, leave_unknown=kept.leave_unknown)


def _written(document: Document) -> dict[str, Any]:
    return {
        "values": dict(document.values),
        "file": document.file,
        "id": document.id,
        "is_archived": document.is_archived,
        "is_ours": document.is_ours,
    }
