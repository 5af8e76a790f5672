"""Which runs everybody may see who will read a figure: one person, or all who read a channel, guests among them."""

from handlers.context import Context
from handlers.events import Person, Readers
from handlers.figures.many_runs import Seen
from handlers.rules.sight import viewer_of
from handlers.rules.teams import outside_team
from store.queries.visible import NOTHING, visible_to, visible_to_all, visible_to_team


def seen_by(ctx: Context, person: Person) -> Seen:
    """Return which runs one person may see. Raises `Unsure` as `viewer_of`."""
    viewer = viewer_of(ctx, person)
    return Seen((visible_to(ctx.store, viewer),), frozenset() if person.is_guest else viewer.teams)


def seen_in(ctx: Context, team_id: str, readers: Readers) -> Seen:
    """Return which runs everybody may see who reads a channel of a team. Raises `Unsure` as `viewer_of`."""
    people = readers.people
    if people is None or (readers.are_all and not people):
        return Seen((NOTHING,))
    # One question for all of them, not one for each.
    if team_id:
        outside_team(ctx, team_id, [one.id for one in people])
    each = visible_to_all(ctx.store, [viewer_of(ctx, one) for one in people])
    whole = visible_to_team(ctx.store, team_id)
    # What stood in the team's channels its members may know, guests not.
    has_guests = any(one.is_guest for one in people) or not team_id
    teams = frozenset[str]() if has_guests else frozenset({team_id})
    # Where only those read who may see everything, somebody who may not reads it later.
    is_theirs = readers.are_all and not all(one.is_admin for one in people)
    return Seen((each,) if is_theirs else (whole, each), teams)
