"""Who is in a group of the server's, where it has groups and tells the bot of them."""

from bot.directory.protocols import Rest
from bot.directory.retry import passes
from bot.driver import ServerRefused
from bot.wire.reading import read_group_members, read_groups

PAGE = 200
MOST = 5000
"""How many of a group are read: rights of so many are better given to a team."""


async def members_of(client: Rest, name: str) -> list[str] | None:
    """Return the ids of who is in a group, None where there is none of that name, or the bot is told of none.

    A server without the license for groups answers 501 (seen on 5.37, 10.0 and 11.6), and keeps those of a directory
    from bots (403). Raises `ServerUnreachable`, and such a `ServerRefused` as passes.
    """
    try:
        params = {"q": name, "filter_allow_reference": "true", "per_page": PAGE}
        found = next((one for one in read_groups(await client.get("/groups", params=params)) if one.name == name), None)
        return await _members(client, found.id) if found is not None else None
    except ServerRefused as error:
        if passes(error):
            raise
        return None


async def _members(client: Rest, group_id: str) -> list[str]:
    found: list[str] = []
    for page in range(MOST // PAGE):
        params = {"page": page, "per_page": PAGE}
        some = read_group_members(await client.get(f"/groups/{group_id}/members", params=params))
        found += [one.id for one in some if one.delete_at == 0]
        if len(some) < PAGE:
            break
    return found
