"""Who reads a channel, and so which runs a figure may count that is posted there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.driver import Client
from bot.wire.reading import read_users
from handlers.context import Context
from handlers.events import Person
from handlers.figures.many_runs import Seen
from handlers.rules.sight import viewer_of
from handlers.rules.teams import outside_team
from store import KnownPlace
from store.queries.visible import NOTHING, visible_to_all, visible_to_team

FEW = 40
"""Of so many members of a private channel each is asked about; of more, what all of the team may see counts."""
PAGE = 200
MOST = 1000
"""How many members are looked through for guests; where there are more, nothing is told in front of them."""

SeenBy = Callable[[Context], Seen]


@dataclass(frozen=True, slots=True)
class Readers:
    """Those who read a channel beyond what its team may see: all of them by name, or just its guests.

    `are_all` tells that there are no others; None in place of people that nobody can say who there is.
    """

    people: tuple[Person, ...] | None
    are_all: bool


async def readers_of(client: Client, place: KnownPlace) -> Readers:
    """Ask the server who reads a channel. Raises `ServerRefused` and `ServerUnreachable`."""
    stats = await client.get(f"/channels/{place.id}/stats")
    members, guests = int(stats["member_count"]), int(stats.get("guest_count") or 0)
    if place.kind in ("P", "G") and members <= FEW:
        return Readers(tuple(await _members(client, place.id, members)), are_all=True)
    if not guests:
        return Readers((), are_all=False)
    if members > MOST:
        return Readers(None, are_all=False)
    return Readers(tuple(one for one in await _members(client, place.id, members) if one.is_guest), are_all=False)


def seen_in(place: KnownPlace, readers: Readers) -> SeenBy:
    """Return what decides which runs everybody may see who reads a channel."""

    def seen(ctx: Context) -> Seen:
        people = readers.people
        if people is None or (readers.are_all and not people):
            return Seen((NOTHING,))
        # One question for all of them, not one for each.
        if place.team_id:
            outside_team(ctx, place.team_id, [one.id for one in people])
        each = visible_to_all(ctx.store, [viewer_of(ctx, one) for one in people])
        whole = visible_to_team(ctx.store, place.team_id)
        # What stood in the team's channels its members may know, guests not.
        has_guests = any(one.is_guest for one in people) or not place.team_id
        teams = frozenset[str]() if has_guests else frozenset({place.team_id})
        # Where only those read who may see everything, somebody who may not reads it later.
        is_theirs = readers.are_all and not all(one.is_admin for one in people)
        return Seen((each,) if is_theirs else (whole, each), teams, many=None if has_guests else (whole,))

    return seen


def seen_by(person: Person) -> SeenBy:
    """Return what decides which runs one person may see."""

    def seen(ctx: Context) -> Seen:
        viewer = viewer_of(ctx, person)
        theirs = (visible_to_all(ctx.store, [viewer]),)
        return Seen(theirs, frozenset() if person.is_guest else viewer.teams, many=theirs)

    return seen


async def _members(client: Client, place_id: str, count: int) -> list[Person]:
    found: list[Person] = []
    for page in range(-(-count // PAGE)):
        params: dict[str, Any] = {"in_channel": place_id, "page": page, "per_page": PAGE}
        found += [user.person for user in read_users(await client.get("/users", params=params))]
    return [one for one in found if not one.is_bot and one.is_active]
