"""Who looks at pages: the person of a session, as long as it lasts and they belong to a team of the bot's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.context import Context, known_person
from handlers.events import Person
from handlers.rules import teams
from store import Flash

WhyNot = Literal["", "ended", "deactivated", "no_team"]
"""Why a session opens nothing, empty where the browser named none."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, by a session last used at `used_at`; their next page says what is `told`."""

    person: Person
    used_at: datetime
    told: tuple[Flash, ...] = ()


def visitor(ctx: Context, key: str) -> Visitor | WhyNot:
    """Return whose session a key is, or why it is nobody's. Raises `Unsure` where the server is to be asked."""
    if not key:
        return ""
    row = ctx.store.page_session(key)
    if row is None or row.is_over(ctx.now):
        return "ended"
    if (why := may_enter(ctx, row.person_id)) != "":
        return why
    known = ctx.store.person(row.person_id)
    assert known is not None
    return Visitor(known_person(known), row.used_at, tuple(row.told))


def may_enter(ctx: Context, person_id: str) -> WhyNot:
    """Return why somebody may look at no page at all, empty where they may. Raises `Unsure` as `visitor` does."""
    known = ctx.store.person(person_id)
    if known is None or known.is_bot or not known.is_active:
        return "deactivated"
    person = known_person(known)
    worked_in = (one for one in ctx.store.teams() if not ctx.here.teams or one.name in ctx.here.teams)
    is_home = person.is_admin or any(not teams.outside_team(ctx, one.id, [person.id]) for one in worked_in)
    return "" if is_home else "no_team"
