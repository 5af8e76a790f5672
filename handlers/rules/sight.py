"""Who looks, as the store is to be told: which runs somebody may see is then one question, however many there are."""

from handlers.context import Context, known_person
from handlers.events import Person
from handlers.rules import places, teams
from handlers.rules.groups import groups_among, members_of
from store import Run
from store.queries.visible import NOTHING, Condition, Viewer, visible_to_team


def viewer_of(ctx: Context, asker: Person) -> Viewer:
    """Return somebody as who looks at runs. Raises `Unsure` as long as nobody asked in which teams they are."""
    named = {name for one in ctx.store.audiences() for name in one.names}
    return Viewer(
        id=asker.id,
        names=groups_among(ctx, asker, named),
        teams=frozenset(one.id for one in ctx.store.teams() if not teams.outside_team(ctx, one.id, [asker.id])),
        heads=asker.heads,
        is_admin=asker.is_admin,
        is_guest=asker.is_guest,
        is_active=teams.is_active(ctx, asker.id),
    )


def seen_by_readers(ctx: Context, run: Run) -> Condition:
    """Return which runs everybody may see who reads a run's channel: none where guests do, or nobody knows who does."""
    if not run.team_id or places.is_in_doubt(ctx, run) or not all(_is_of_team(ctx, id) for id in _readers(ctx, run)):
        return NOTHING
    return visible_to_team(ctx.store, run.team_id)


def _readers(ctx: Context, run: Run) -> set[str]:
    """Return the ids of those who read a run beyond what its team may; an unknown one is empty."""
    members = run.definition.get("members", ()) if places.sees_as_member(run.definition) else ()
    named = (ctx.store.person_named(one.removeprefix("@")) for one in members if one.startswith("@"))
    inside = (one.person_id for one in ctx.store.participants(run.id) if one.is_in)
    return {
        run.owner_id,
        run.creator_id,
        *inside,
        *members_of(ctx, members),
        *(one.id for one in named if one is not None),
    }


def _is_of_team(ctx: Context, person_id: str) -> bool:
    known = ctx.store.person(person_id)
    return known is not None and (known.is_bot or not known_person(known).is_guest)
