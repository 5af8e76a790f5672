"""Lists of channels: a team's, and somebody's own."""

from typing import Any

from ..errors import forbidden
from ..permissions import (
    is_admin,
    may_in_team,
    require,
)
from ..routing import Call, Route
from ..shapes import channel_shape


async def public_channels(call: Call) -> Any:
    """List a team's public channels by title."""
    world, team = call.world, call.world.team(call.id("team_id"))
    require(may_in_team(world, call.user, team.id, "list_team_channels"))
    rows = [row for row in world.channels.values() if row.team_id == team.id]
    rows = [row for row in rows if row.type == "O" and not row.delete_at]
    rows.sort(key=lambda row: row.display_name)
    return [channel_shape(world.version, row) for row in call.page(rows)]


async def private_channels(call: Call) -> Any:
    """List a team's private channels, for administrators of the server."""
    require(is_admin(call.world, call.user))
    team_id = call.id("team_id")
    rows = [row for row in call.world.channels.values() if row.team_id == team_id]
    rows = [row for row in rows if row.type == "P" and not row.delete_at]
    return [channel_shape(call.world.version, row) for row in call.page(rows)]


async def mine_in_team(call: Call) -> Any:
    """List somebody's channels of a team and all conversations."""
    team = call.world.team(call.id("team_id"))
    return _list_of(call, {team.id, ""})


async def mine(call: Call) -> Any:
    """List somebody's channels of all teams."""
    return _list_of(call, {*call.world.teams, ""})


def _list_of(call: Call, team_ids: set[str]) -> Any:
    user_id = call.id("user_id")
    if user_id != call.user.id and not is_admin(call.world, call.user):
        raise forbidden()
    rows = [row for row in call.world.channels_of(user_id) if row.team_id in team_ids]
    if not call.flag("include_deleted"):
        rows = [row for row in rows if not row.delete_at]
    rows.sort(key=lambda row: row.display_name)
    return [channel_shape(call.world.version, row) for row in rows]


ROUTES = [
    Route("GET", "/teams/{team_id}/channels", public_channels),
    Route("GET", "/teams/{team_id}/channels/private", private_channels),
    Route("GET", "/users/{user_id}/teams/{team_id}/channels", mine_in_team),
    Route("GET", "/users/{user_id}/channels", mine, since=10),
]
