"""Who looks, as the store is to be told: which runs somebody may see is then one question, however many there are."""

from handlers.context import Context
from handlers.events import Person
from handlers.rules import teams
from store.queries.visible import Viewer


def viewer_of(ctx: Context, asker: Person) -> Viewer:
    """Return somebody as who looks at runs. Raises `Unsure` as long as nobody asked in which teams they are."""
    return Viewer(
        id=asker.id,
        name=asker.username,
        teams=frozenset(one.id for one in ctx.store.teams() if not teams.outside_team(ctx, one.id, [asker.id])),
        heads=asker.heads,
        is_admin=asker.is_admin,
        is_guest=asker.is_guest,
        is_active=teams.is_active(ctx, asker.id),
    )
