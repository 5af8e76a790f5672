"""Finding users: by name, by mail, in lists, by the beginning of a word."""

from typing import Any

from ..errors import ApiError, unknown_user
from ..model import User
from ..routing import Call, Route, string
from ..shapes import user_shape

_SEARCH_LIMIT = 100


async def by_username(call: Call) -> Any:
    """Find a user by name."""
    user = call.world.user_named(call.text("username"))
    if user is None:
        raise ApiError("app.user.get_by_username.app_error", 404)
    return _show(call, [user])[0]


async def by_email(call: Call) -> Any:
    """Find a user by mail address."""
    email = call.text("email").lower()
    user = next((row for row in call.world.users.values() if row.email == email), None)
    if user is None:
        raise unknown_user()
    return _show(call, [user])[0]


async def by_ids(call: Call) -> Any:
    """Find several users by id; unknown ones are left out."""
    asked = call.strings("user_ids")
    return _show(call, [call.world.users[id] for id in asked if id in call.world.users])


async def by_usernames(call: Call) -> Any:
    """Find several users by name; unknown ones are left out."""
    found = (call.world.user_named(name) for name in call.strings("usernames"))
    return _show(call, [user for user in found if user])


async def list_users(call: Call) -> Any:
    """List users, all or those of a team or channel."""
    place = call.query("in_channel"), call.query("in_team")
    users = sorted(_placed(call, *place), key=lambda user: user.username)
    return _show(call, call.page(users))


async def search(call: Call) -> Any:
    """Find users by the beginning of one of their names."""
    body = call.object("term")
    users = _placed(call, string(body, "in_channel_id"), string(body, "team_id"))
    term = string(body, "term")
    inactive = bool(body.get("allow_inactive"))
    found = [u for u in users if _matches(u, term) and (inactive or not u.delete_at)]
    return _show(call, found[:_SEARCH_LIMIT])


async def autocomplete(call: Call) -> Any:
    """Complete a name; in a channel, those outside it come apart."""
    name, channel_id, team_id = call.query("name"), call.query("in_channel"), call.query("in_team")
    inside = [user for user in _placed(call, channel_id, team_id) if _offered(user, name)]
    found: dict[str, Any] = {"users": _show(call, inside)}
    if channel_id:
        team_id = team_id or call.world.channel(channel_id).team_id
        others = [user for user in _placed(call, "", team_id) if _offered(user, name)]
        found["out_of_channel"] = _show(call, [user for user in others if user not in inside])
    return found


def _placed(call: Call, channel_id: str, team_id: str) -> list[User]:
    world = call.world
    if channel_id:
        return [world.users[user_id] for user_id in world.channel_members[channel_id]]
    if team_id:
        return [user for user in world.users.values() if world.team_member(team_id, user.id)]
    return list(world.users.values())


def _offered(user: User, name: str) -> bool:
    return _matches(user, name) and not user.delete_at


def _matches(user: User, term: str) -> bool:
    names = (user.username, user.first_name, user.last_name, user.nickname)
    return any(name.lower().startswith(term.lstrip("@").lower()) for name in names)


def _show(call: Call, users: list[User]) -> list[dict[str, Any]]:
    return [user_shape(call.world.version, user) for user in users]


ROUTES = [
    Route("GET", "/users", list_users),
    Route("GET", "/users/autocomplete", autocomplete),
    Route("GET", "/users/username/{username}", by_username),
    Route("GET", "/users/email/{email}", by_email),
    Route("POST", "/users/ids", by_ids),
    Route("POST", "/users/usernames", by_usernames),
    Route("POST", "/users/search", search),
]
