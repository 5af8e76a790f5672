"""Whether somebody is there, and whether somebody is typing."""

from typing import Any

from ..errors import bad_body, forbidden
from ..hub import Event
from ..model import User
from ..permissions import is_admin, require
from ..routing import OK, Call, Route, string
from ..world import World


async def get_status(call: Call) -> Any:
    """Show whether somebody is there."""
    return _status(call.world, call.world.user(call.id("user_id")))


async def get_statuses(call: Call) -> Any:
    """Show the status of several users."""
    asked = call.strings("user_ids")
    return [_status(call.world, call.world.users[id]) for id in asked if id in call.world.users]


async def set_status(call: Call) -> Any:
    """Change one's own status."""
    user = call.world.user(call.id("user_id"))
    require(user.id == call.user.id or is_admin(call.world, call.user))
    status = string(call.object("status"), "status")
    if status not in ("online", "away", "dnd", "offline"):
        raise bad_body("status")
    user.status = status
    data = {"status": status, "user_id": user.id}
    call.world.hub.publish(Event("status_change", data, user_id=user.id))
    return _status(call.world, user)


async def type_in_channel(call: Call) -> Any:
    """Show others that somebody is typing."""
    user = call.world.user(call.id("user_id"))
    body = call.object("typing")
    channel_id = string(body, "channel_id")
    if user.id != call.user.id and not is_admin(call.world, call.user):
        raise forbidden()
    require(call.world.member(channel_id, user.id) is not None)
    data = {"parent_id": string(body, "parent_id"), "user_id": user.id}
    call.world.hub.publish(Event("typing", data, channel_id=channel_id, omit=(user.id,)))
    return OK


def _status(world: World, user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "status": user.status if world.hub.online(user.id) or user.status == "dnd" else "offline",
        "manual": False,
        "last_activity_at": user.update_at,
    }


ROUTES = [
    Route("POST", "/users/status/ids", get_statuses),
    Route("GET", "/users/{user_id}/status", get_status),
    Route("PUT", "/users/{user_id}/status", set_status),
    Route("POST", "/users/{user_id}/typing", type_in_channel),
]
