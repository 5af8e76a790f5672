"""Who reads a channel, and so which runs may be told of that is posted there: the server is asked."""

from typing import Any

from bot.directory.protocols import Rest
from bot.wire.reading import read_stats, read_users
from handlers.events import Person, Readers

FEW = 40
"""Of so many members of a private channel each is asked about; of more, what all of the team may see counts."""
PAGE = 200
MOST = 1000
"""How many members are looked through for guests; where there are more, nothing is told in front of them."""


async def readers_of(client: Rest, place_id: str, kind: str) -> Readers:
    """Ask the server who reads a channel. Raises `ServerRefused`, `ServerUnreachable` and `BadFrame`."""
    stats = read_stats(await client.get(f"/channels/{place_id}/stats"))
    if kind in ("P", "G") and stats.member_count <= FEW:
        return Readers(people=tuple(await _members(client, place_id, stats.member_count)), are_all=True)
    if not stats.guest_count:
        return Readers(people=())
    if stats.member_count > MOST:
        return Readers(people=None)
    members = await _members(client, place_id, stats.member_count)
    return Readers(people=tuple(one for one in members if one.is_guest))


async def _members(client: Rest, place_id: str, count: int) -> list[Person]:
    found: list[Person] = []
    for page in range(-(-count // PAGE)):
        params: dict[str, Any] = {"in_channel": place_id, "page": page, "per_page": PAGE}
        found += [user.person for user in read_users(await client.get("/users", params=params))]
    return [one for one in found if not one.is_bot and one.is_active]
