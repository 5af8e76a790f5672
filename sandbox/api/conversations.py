"""Direct and group conversations."""

from typing import Any

from ..channel_changes import direct_channel, group_channel
from ..errors import ApiError
from ..permissions import is_admin, may, require
from ..routing import Call, Route
from ..shapes import channel_shape

_GROUP_SIZES = range(3, 9)


async def open_direct(call: Call) -> Any:
    """Open the direct conversation of two people."""
    world, ids = call.world, call.strings("user_ids")
    if len(ids) != 2:
        raise ApiError("api.context.invalid_body_param.app_error", 400)
    require(may(world, call.user, "create_direct_channel"))
    require(call.user.id in ids or is_admin(world, call.user))
    if any(user_id not in world.users for user_id in ids):
        raise ApiError("api.channel.create_direct_channel.invalid_user.app_error", 400)
    creator, other = (world.users[user_id] for user_id in ids)
    return channel_shape(world.version, direct_channel(world, creator, other))


async def open_group(call: Call) -> Any:
    """Open a group conversation; the caller is always part of it."""
    world = call.world
    ids = list(dict.fromkeys([*call.strings("user_ids"), call.user.id]))
    require(may(world, call.user, "create_group_channel"))
    if len(ids) not in _GROUP_SIZES:
        raise ApiError("api.channel.create_group.bad_size.app_error", 400)
    users = [world.users[user_id] for user_id in ids if user_id in world.users]
    if len(users) != len(ids):
        raise ApiError("api.channel.create_group.bad_user.app_error", 400)
    return channel_shape(world.version, group_channel(world, users))


ROUTES = [
    Route("POST", "/channels/direct", open_direct, status=201),
    Route("POST", "/channels/group", open_group, status=201),
]
