"""Teams: making, finding and changing them."""

import re
from typing import Any

from ..errors import ApiError, forbidden
from ..ids import new_id
from ..membership import DEFAULT_CHANNELS, add_to_team
from ..model import Channel, Team
from ..permissions import is_admin, may, may_in_team, require
from ..routing import Call, Route, string
from ..shapes import team_shape
from ..world import World

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_TITLES = {"town-square": "Town Square", "off-topic": "Off-Topic"}


async def create_team(call: Call) -> Any:
    """Make a team with its two channels for everybody; the creator administers it."""
    world, body = call.world, call.object("team")
    require(may(world, call.user, "create_team"))
    name, now = string(body, "name"), world.clock()
    if not _NAME.fullmatch(name) or not 2 <= len(name) <= 64:
        raise ApiError("model.team.is_valid.characters.app_error", 400)
    if any(team.name == name for team in world.teams.values()):
        raise ApiError("app.team.save.existing.app_error", 400)
    team = Team(new_id(), name, string(body, "display_name"), now, now, new_id())
    team.type, team.description = string(body, "type", "O"), string(body, "description")
    team.email = call.user.email
    world.teams[team.id] = team
    for channel_name in DEFAULT_CHANNELS:
        title = _TITLES[channel_name]
        channel = Channel(new_id(), team.id, "O", channel_name, title, now, now)
        world.channels[channel.id] = channel
    add_to_team(world, team, call.user, admin=True)
    return team_shape(world.version, team)


async def get_team(call: Call) -> Any:
    """Show a team to its members."""
    return _shown(call, call.world.team(call.id("team_id")))


async def by_name(call: Call) -> Any:
    """Show a team by name; to outsiders a closed one does not exist."""
    team = find_team(call.world, call.text("team_name"))
    if team is None or not _visible(call, team):
        raise ApiError("app.team.get_by_name.missing.app_error", 404)
    return team_shape(call.world.version, team)


async def list_teams(call: Call) -> Any:
    """List all teams for administrators, open ones for others."""
    rows = [row for row in call.world.teams.values() if not row.delete_at]
    if not is_admin(call.world, call.user):
        rows = [row for row in rows if row.allow_open_invite]
    return [team_shape(call.world.version, row) for row in call.page(rows)]


async def teams_of(call: Call) -> Any:
    """List the teams of the caller; those of others only for administrators."""
    user_id = call.id("user_id")
    require(user_id == call.user.id or is_admin(call.world, call.user))
    return [team_shape(call.world.version, row) for row in call.world.teams_of(user_id)]


async def patch_team(call: Call) -> Any:
    """Change a team's names and openness."""
    team, body = call.world.team(call.id("team_id")), call.object("team")
    require(may_in_team(call.world, call.user, team.id, "manage_team"))
    team.display_name = string(body, "display_name", team.display_name)
    team.description = string(body, "description", team.description)
    if isinstance(body.get("allow_open_invite"), bool):
        team.allow_open_invite = body["allow_open_invite"]
    team.update_at = call.world.clock()
    return team_shape(call.world.version, team)


def find_team(world: World, name: str) -> Team | None:
    """Find a team by name."""
    return next((team for team in world.teams.values() if team.name == name), None)


def _visible(call: Call, team: Team) -> bool:
    return team.allow_open_invite or may_in_team(call.world, call.user, team.id, "view_team")


def _shown(call: Call, team: Team) -> Any:
    if not _visible(call, team):
        raise forbidden()
    return team_shape(call.world.version, team)


ROUTES = [
    Route("POST", "/teams", create_team, status=201),
    Route("GET", "/teams", list_teams),
    Route("GET", "/teams/name/{team_name}", by_name),
    Route("GET", "/teams/{team_id}", get_team),
    Route("PUT", "/teams/{team_id}/patch", patch_team),
    Route("GET", "/users/{user_id}/teams", teams_of),
]
