"""Who is in a group of the server's, where it has groups and tells the bot of them."""

from bot.directory.protocols import Rest
from bot.directory.retry import passes
from bot.driver import ServerRefused
from bot.wire.reading import read_group_members, read_groups
from bot.wire.things import User
from handlers.events import NoGroup

PAGE = 200
MOST = 5000
"""How many of a group are read: rights of so many are better given to a team."""
NO_LICENSE = 501
"""How a server without the license for groups answers (seen on 5.37, 10.0 and 11.6)."""


class Unknown(Exception):
    """Nobody knows who is in a group, and `why`."""

    def __init__(self, why: NoGroup) -> None:
        super().__init__(why)
        self.why: NoGroup = why


async def members_of(client: Rest, name: str) -> list[str] | None:
    """Return the ids of who is in a group, None where there is none of that name, or the bot is told of none.

    Raises `ServerUnreachable`, and such a `ServerRefused` as passes.
    """
    try:
        return [one.id for one in await people_of(client, name)]
    except Unknown:
        return None


async def people_of(client: Rest, name: str) -> list[User]:
    """Return who is in a group, deactivated accounts left out. Raises `Unknown`, and otherwise as `members_of`.

    A server keeps the groups of a directory from bots (403).
    """
    try:
        params = {"q": name, "filter_allow_reference": "true", "per_page": PAGE}
        found = next((one for one in read_groups(await client.get("/groups", params=params)) if one.name == name), None)
        if found is not None:
            return await _members(client, found.id)
    except ServerRefused as error:
        if passes(error):
            raise
        if error.status == 404:
            raise Unknown("no_group") from None
        raise Unknown("no_groups" if error.status == NO_LICENSE else "groups_forbidden") from None
    raise Unknown("no_group")


async def _members(client: Rest, group_id: str) -> list[User]:
    found: list[User] = []
    for page in range(MOST // PAGE):
        params = {"page": page, "per_page": PAGE}
        some = read_group_members(await client.get(f"/groups/{group_id}/members", params=params))
        found += [one for one in some if one.delete_at == 0]
        if len(some) < PAGE:
            break
    return found
