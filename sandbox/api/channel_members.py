"""Who is in a channel: adding, listing, removing, rights there, and having read it."""

from typing import Any

from ..errors import ApiError, bad_body
from ..membership import add_to_channel, remove_from_channel, set_channel_roles
from ..model import Channel, ChannelMember, User
from ..permissions import is_admin, may_in_channel, may_in_team, public_or_private, require
from ..posting import view_channel
from ..routing import OK, Call, Route, string
from ..shapes import member_shape


async def add(call: Call) -> Any:
    """Add one person; newer servers take a list and leave out whom they could not add."""
    world, channel = call.world, call.world.channel(call.id("channel_id"))
    body = call.object("channel_member")
    ids = body.get("user_ids")
    if isinstance(ids, list) and ids and world.version.modern:
        return _add_many(call, channel, ids)
    user = world.user(_valid_id(string(body, "user_id")))
    _require_adding(call, channel, user)
    return _shape(call, add_to_channel(world, channel, user, call.user))


async def members(call: Call) -> Any:
    """List a channel's members."""
    channel = _readable(call)
    rows = list(call.world.channel_members[channel.id].values())
    return [_shape(call, row) for row in call.page(rows)]


async def member(call: Call) -> Any:
    """Show one member."""
    _readable(call)
    return _shape(call, _member(call))


async def members_by_ids(call: Call) -> Any:
    """Show several members; unknown ones are left out."""
    channel = _readable(call)
    found = (call.world.member(channel.id, user_id) for user_id in call.strings("user_ids"))
    return [_shape(call, row) for row in found if row]


async def remove(call: Call) -> Any:
    """Remove somebody from a channel, or leave it."""
    world, channel = call.world, call.world.channel(call.id("channel_id"))
    user = world.user(call.id("user_id"))
    if user.id != call.user.id:
        permission = public_or_private(channel, "manage_{}_channel_members")
        require(may_in_channel(world, call.user, channel, permission))
    remove_from_channel(world, channel, user, call.user)
    return OK


async def set_scheme_roles(call: Call) -> Any:
    """Make somebody a member or an administrator of a channel."""
    body = call.object("scheme_roles")
    return _set_roles(call, bool(body.get("scheme_user")), bool(body.get("scheme_admin")))


async def set_roles(call: Call) -> Any:
    """Do the same by the names of roles."""
    names = string(call.object("roles"), "roles").split()
    if any(name not in ("channel_user", "channel_admin") for name in names):
        raise bad_body("roles")
    return _set_roles(call, "channel_user" in names, "channel_admin" in names)


async def view(call: Call) -> Any:
    """Note that the caller has read a channel."""
    user_id = call.id("user_id")
    require(user_id == call.user.id or is_admin(call.world, call.user))
    body = call.object("channel_view") if call.body else {}
    seen: dict[str, int] = {}
    if channel := call.world.channels.get(string(body, "channel_id")):
        view_channel(call.world, user_id, channel)
        if row := call.world.member(channel.id, user_id):
            seen[channel.id] = row.last_viewed_at
    return OK | {"last_viewed_at_times": seen}


async def memberships_in_team(call: Call) -> Any:
    """List somebody's memberships of a team's channels and of conversations."""
    user_id, team_id = call.id("user_id"), call.id("team_id")
    require(user_id == call.user.id or is_admin(call.world, call.user))
    places = [row for row in call.world.channels_of(user_id) if row.team_id in (team_id, "")]
    return [_shape(call, call.world.channel_members[row.id][user_id]) for row in places]


async def categories(call: Call) -> Any:
    """Show the caller's own sidebar."""
    user_id, team_id = call.id("user_id"), call.id("team_id")
    require(user_id == call.user.id)
    rows = [row for row in call.world.channels_of(user_id) if not row.delete_at]
    in_team = [row.id for row in rows if row.team_id == team_id]
    talks = [row.id for row in rows if row.is_talk]
    listed: list[tuple[str, str, list[str]]] = [
        ("favorites", "Favorites", []),
        ("channels", "Channels", in_team),
        ("direct_messages", "Direct Messages", talks),
    ]
    sections = [_category(call, section, user_id, team_id, position) for position, section in enumerate(listed)]
    return {"categories": sections, "order": [row["id"] for row in sections]}


def _category(
    call: Call, section: tuple[str, str, list[str]], user_id: str, team_id: str, position: int
) -> dict[str, Any]:
    kind, title, ids = section
    order = {"sort_order": position * 10} if call.world.version.modern else {}
    return {
        "id": f"{kind}_{user_id}_{team_id}",
        "user_id": user_id,
        "team_id": team_id,
        **order,
        "sorting": "recent" if kind == "direct_messages" else "",
        "type": kind,
        "display_name": title,
        "muted": False,
        "collapsed": False,
        "channel_ids": ids,
    }


def _add_many(call: Call, channel: Channel, ids: list[Any]) -> list[Any]:
    found: list[Any] = []
    for user_id in ids:
        try:
            user = call.world.user(str(user_id))
            _require_adding(call, channel, user)
            added = add_to_channel(call.world, channel, user, call.user)
        except ApiError:
            continue
        found.append(_shape(call, added))
    return found


def _require_adding(call: Call, channel: Channel, user: User) -> None:
    if call.world.member(channel.id, user.id) is not None:
        return
    joins = user.id == call.user.id and channel.type == "O"
    if joins and may_in_team(call.world, user, channel.team_id, "join_public_channels"):
        return
    if channel.is_talk:
        raise ApiError("api.channel.add_user_to_channel.type.app_error", 400)
    permission = public_or_private(channel, "manage_{}_channel_members")
    require(may_in_channel(call.world, call.user, channel, permission))


def _readable(call: Call) -> Channel:
    channel_id = call.id("channel_id")
    require(channel_id in call.world.channels)
    channel = call.world.channel(channel_id)
    require(may_in_channel(call.world, call.user, channel, "read_channel"))
    return channel


def _member(call: Call) -> ChannelMember:
    found = call.world.member(call.id("channel_id"), call.id("user_id"))
    if found is None:
        raise ApiError("app.channel.get_member.missing.app_error", 404)
    return found


def _set_roles(call: Call, user: bool, admin: bool) -> Any:
    channel = call.world.channel(call.id("channel_id"))
    require(may_in_channel(call.world, call.user, channel, "manage_channel_roles"))
    set_channel_roles(call.world, _member(call), user, admin)
    return OK


def _valid_id(user_id: str) -> str:
    if not user_id:
        raise bad_body("user_id")
    return user_id


def _shape(call: Call, row: ChannelMember) -> Any:
    return member_shape(call.world.version, row, call.user.id)


ROUTES = [
    Route("POST", "/channels/{channel_id}/members", add, status=201),
    Route("GET", "/channels/{channel_id}/members", members),
    Route("POST", "/channels/{channel_id}/members/ids", members_by_ids),
    Route("POST", "/channels/members/{user_id}/view", view),
    Route("GET", "/channels/{channel_id}/members/{user_id}", member),
    Route("DELETE", "/channels/{channel_id}/members/{user_id}", remove),
    Route("PUT", "/channels/{channel_id}/members/{user_id}/schemeRoles", set_scheme_roles),
    Route("PUT", "/channels/{channel_id}/members/{user_id}/roles", set_roles),
    Route("GET", "/users/{user_id}/teams/{team_id}/channels/members", memberships_in_team),
    Route("GET", "/users/{user_id}/teams/{team_id}/channels/categories", categories),
]
