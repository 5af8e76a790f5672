"""Groups of people: an unlicensed server has none, and says so."""

from typing import Any

from ..errors import ApiError
from ..model import Group
from ..routing import Call, Route
from ..shapes import user_shape


async def groups(call: Call) -> Any:
    """List the groups whose names have some letters in them."""
    asked = call.query("q").lower()
    return [_shape(one) for one in _licensed(call).values() if asked in one.name]


async def members(call: Call) -> Any:
    """List who is in a group, a page at a time."""
    group = _licensed(call).get(call.id("group_id"))
    if group is None:
        raise ApiError("app.group.no_rows", 404)
    page, per_page = call.number("page", 0), call.number("per_page", 60)
    people = [call.world.users[id] for id in group.user_ids[page * per_page :][:per_page]]
    shown = [user_shape(call.world.version, one) for one in people]
    return {"members": shown, "total_member_count": len(group.user_ids)}


def _licensed(call: Call) -> dict[str, Group]:
    if not call.world.groups:
        raise ApiError("api.license_error" if call.world.version.modern else "api.ldap_groups.license_error", 501)
    return call.world.groups


def _shape(group: Group) -> dict[str, Any]:
    return {"id": group.id, "name": group.name, "display_name": group.name, "source": "custom", "allow_reference": True}


ROUTES = [Route("GET", "/groups", groups), Route("GET", "/groups/{group_id}/members", members)]
