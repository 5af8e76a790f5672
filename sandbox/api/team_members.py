"""Who is in a team: adding, listing, removing, and giving rights there."""

from typing import Any

from ..errors import ApiError, bad_body
from ..membership import add_to_team, remove_from_team, set_team_roles
from ..model import TeamMember
from ..permissions import is_admin, may, may_in_team, require
from ..routing import OK, Call, Route, string
from ..shapes import team_member_shape


async def add_member(call: Call) -> Any:
    """Add somebody to a team, or join an open one."""
    world, team = call.world, call.world.team(call.id("team_id"))
    body = call.object("team_member")
    if string(body, "team_id") != team.id:
        raise bad_body("team_id")
    user = world.user(string(body, "user_id"))
    joins = user.id == call.user.id and team.allow_open_invite
    allowed = joins and may(world, call.user, "join_public_teams")
    require(allowed or may_in_team(world, call.user, team.id, "add_user_to_team"))
    return team_member_shape(add_to_team(world, team, user))


async def add_members(call: Call) -> Any:
    """Add several people to a team."""
    world, team = call.world, call.world.team(call.id("team_id"))
    require(may_in_team(world, call.user, team.id, "add_user_to_team"))
    body = call.json("team_members")
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise bad_body("team_members")
    users = [world.user(string(row, "user_id")) for row in body]
    return [team_member_shape(add_to_team(world, team, user)) for user in users]


async def list_members(call: Call) -> Any:
    """List a team's members."""
    team = call.world.team(call.id("team_id"))
    require(may_in_team(call.world, call.user, team.id, "view_team"))
    rows = [row for row in call.world.team_members[team.id].values() if not row.delete_at]
    return [team_member_shape(row) for row in call.page(rows)]


async def get_member(call: Call) -> Any:
    """Show one member of a team."""
    require(may_in_team(call.world, call.user, call.id("team_id"), "view_team"))
    return team_member_shape(_member(call))


async def members_by_ids(call: Call) -> Any:
    """Show several members of a team; unknown ones are left out."""
    team_id = call.id("team_id")
    require(may_in_team(call.world, call.user, team_id, "view_team"))
    found = (call.world.team_member(team_id, user_id) for user_id in call.strings("user_ids"))
    return [team_member_shape(row) for row in found if row]


async def remove_member(call: Call) -> Any:
    """Remove somebody from a team, or leave it."""
    team = call.world.team(call.id("team_id"))
    user = call.world.user(call.id("user_id"))
    leaves = user.id == call.user.id
    require(leaves or may_in_team(call.world, call.user, team.id, "remove_user_from_team"))
    remove_from_team(call.world, team, user)
    return OK


async def set_roles(call: Call) -> Any:
    """Make somebody a member or an administrator of a team."""
    require(may_in_team(call.world, call.user, call.id("team_id"), "manage_team_roles"))
    body = call.object("scheme_roles")
    user, admin = bool(body.get("scheme_user")), bool(body.get("scheme_admin"))
    set_team_roles(call.world, _member(call), user, admin)
    return OK


async def memberships_of(call: Call) -> Any:
    """List somebody's memberships of teams."""
    user_id = call.id("user_id")
    require(user_id == call.user.id or is_admin(call.world, call.user))
    rows = (call.world.team_member(team.id, user_id) for team in call.world.teams.values())
    return [team_member_shape(row) for row in rows if row]


def _member(call: Call) -> TeamMember:
    found = call.world.team_member(call.id("team_id"), call.id("user_id"))
    if found is None:
        raise ApiError("app.team.get_member.missing.app_error", 404)
    return found


ROUTES = [
    Route("POST", "/teams/{team_id}/members", add_member, status=201),
    Route("POST", "/teams/{team_id}/members/batch", add_members, status=201),
    Route("POST", "/teams/{team_id}/members/ids", members_by_ids),
    Route("GET", "/teams/{team_id}/members", list_members),
    Route("GET", "/teams/{team_id}/members/{user_id}", get_member),
    Route("DELETE", "/teams/{team_id}/members/{user_id}", remove_member),
    Route("PUT", "/teams/{team_id}/members/{user_id}/schemeRoles", set_roles),
    Route("GET", "/users/{user_id}/teams/members", memberships_of),
]
