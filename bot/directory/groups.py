"""Who is in a group of the server's, where it has groups and tells the bot."""

from collections.abc import Mapping
from typing import Any

from bot.directory.protocols import Rest
from bot.driver import ServerRefused
from bot.wire.answers import group_id, members_of_group
from handlers.events import NoGroup, Person

PAGE = 200
NO_LICENSE = 501
"""How a server without the license for groups answers (seen on unlicensed ones: `api.license_error`)."""


class Unknown(Exception):
    """Nobody knows who is in a group, and `why`."""

    def __init__(self, why: NoGroup) -> None:
        super().__init__(why)
        self.why: NoGroup = why


async def members(client: Rest, name: str) -> list[Person]:
    """Return everybody of a group. Raises `Unknown`, and `ServerRefused` for what is not about groups."""
    found = group_id(
        await _asked(client, "/groups", {"q": name, "filter_allow_reference": True, "per_page": PAGE}), name
    )
    if not found:
        raise Unknown("no_group")
    people: list[Person] = []
    page = 0
    while True:
        some = members_of_group(await _asked(client, f"/groups/{found}/members", {"page": page, "per_page": PAGE}))
        people += some
        page += 1
        if len(some) < PAGE:
            return people


async def _asked(client: Rest, path: str, params: Mapping[str, Any]) -> Any:
    try:
        return await client.get(path, params=dict(params))
    except ServerRefused as refusal:
        if refusal.status == NO_LICENSE:
            raise Unknown("no_groups") from None
        if refusal.status == 403 and refusal.id:
            raise Unknown("groups_forbidden") from None
        if refusal.status == 404 and refusal.id:
            raise Unknown("no_group") from None
        raise
