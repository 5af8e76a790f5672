"""Channels: making, finding, changing, archiving and listing them."""

from dataclasses import replace
from typing import Any

from ..channel_changes import (
    archive,
    check_channel,
    convert,
    create_channel,
    restore,
    tell_changes,
    tell_updated,
)
from ..errors import ApiError, bad_body, forbidden
from ..ids import new_id
from ..model import Channel
from ..permissions import (
    may_in_channel,
    may_in_team,
    may_see_public,
    public_or_private,
    require,
)
from ..routing import OK, Call, Route, string
from ..shapes import channel_shape
from ..world import World
from .teams import find_team


async def create(call: Call) -> Any:
    """Make a channel."""
    world, body = call.world, call.object("channel")
    team_id, kind = string(body, "team_id"), string(body, "type")
    if world.version.modern and not (team_id and string(body, "display_name")):
        raise bad_body("channel")
    kind_name = "private" if kind == "P" else "public"
    require(may_in_team(world, call.user, team_id, f"create_{kind_name}_channel"))
    now = world.clock()
    name = string(body, "name")
    channel = Channel(new_id(), team_id, kind, name, string(body, "display_name"), now, now)
    channel.header, channel.purpose = string(body, "header"), string(body, "purpose")
    channel.creator_id = call.user.id
    # The answer is what was saved, before the first post moved the counters.
    shape = channel_shape(world.version, channel)
    create_channel(world, channel, call.user)
    return shape


async def get(call: Call) -> Any:
    """Show a channel, archived or not."""
    channel = call.world.channel(call.id("channel_id"))
    require(_visible(call, channel))
    return channel_shape(call.world.version, channel)


async def by_name(call: Call) -> Any:
    """Show a team's channel by name."""
    return _named(call, call.id("team_id"))


async def by_names(call: Call) -> Any:
    """Show a channel by the names of its team and its own."""
    team = find_team(call.world, call.text("team_name"))
    if team is None:
        raise ApiError("app.team.get_by_name.missing.app_error", 404)
    return _named(call, team.id)


_TEXTS = ("name", "display_name", "header", "purpose")


async def patch(call: Call) -> Any:
    """Change names and texts of a channel."""
    world, channel = call.world, call.world.channel(call.id("channel_id"))
    body = call.object("channel")
    if channel.is_talk:
        require(world.member(channel.id, call.user.id) is not None)
    else:
        permission = public_or_private(channel, "manage_{}_channel_properties")
        require(may_in_channel(world, call.user, channel, permission))
    if channel.delete_at:
        raise ApiError("app.channel.update.bad_id", 400)
    old = replace(channel)
    wanted = replace(channel)
    _categorize(world, wanted, body)
    for field in _TEXTS:
        setattr(wanted, field, string(body, field, getattr(channel, field)))
    if not channel.is_talk:
        check_channel(world, wanted)
        taken = world.channel_named(channel.team_id, wanted.name)
        if taken is not None and taken is not channel:
            raise ApiError("store.sql_channel.update.exists.app_error", 400)
    for field in (*_TEXTS, "default_category_name"):
        setattr(channel, field, getattr(wanted, field))
    channel.update_at = world.clock()
    tell_updated(world, channel)
    shape = channel_shape(world.version, channel)
    tell_changes(world, old, channel, call.user)
    return shape


def _categorize(world: World, wanted: Channel, body: dict[str, Any]) -> None:
    """Put a channel into a category where 11.6 is set to; what asks for nothing else is refused otherwise."""
    if not world.version.newest or "default_category_name" not in body:
        return
    if world.config["TeamSettings"]["ExperimentalChannelCategorySorting"]:
        wanted.default_category_name = string(body, "default_category_name", "")
    elif not any(field in body for field in _TEXTS):
        raise ApiError("api.channel.patch_update_channel.no_changes.app_error", 400)


async def delete(call: Call) -> Any:
    """Archive a channel."""
    channel = call.world.channel(call.id("channel_id"))
    if channel.is_talk:
        raise ApiError("api.channel.delete_channel.type.invalid", 400)
    permission = public_or_private(channel, "delete_{}_channel")
    require(may_in_channel(call.world, call.user, channel, permission))
    archive(call.world, channel, call.user)
    return OK


async def restore_channel(call: Call) -> Any:
    """Bring an archived channel back."""
    channel = call.world.channel(call.id("channel_id"))
    require(may_in_team(call.world, call.user, channel.team_id, "manage_team"))
    restore(call.world, channel, call.user)
    return channel_shape(call.world.version, channel)


async def set_privacy(call: Call) -> Any:
    """Make a channel private or public."""
    channel = call.world.channel(call.id("channel_id"))
    privacy = string(call.object("privacy"), "privacy")
    if privacy not in ("O", "P"):
        raise bad_body("privacy")
    words = "public_channel_to_private" if privacy == "P" else "private_channel_to_public"
    require(may_in_channel(call.world, call.user, channel, f"convert_{words}"))
    convert(call.world, channel, privacy, call.user)
    return channel_shape(call.world.version, channel)


async def convert_old(call: Call) -> Any:
    """Make a public channel private, the way that only 5.37 knows."""
    channel = call.world.channel(call.id("channel_id"))
    permission = "convert_public_channel_to_private"
    require(may_in_channel(call.world, call.user, channel, permission))
    if channel.type != "O":
        raise ApiError("api.channel.convert_channel_to_private.private_channel_error", 400)
    convert(call.world, channel, "P", call.user)
    return channel_shape(call.world.version, channel)


async def stats(call: Call) -> Any:
    """Count members and pinned posts."""
    world, channel = call.world, call.world.channel(call.id("channel_id"))
    require(may_in_channel(world, call.user, channel, "read_channel"))
    pinned = [row for row in world.channel_posts[channel.id] if row.is_pinned and not row.delete_at]
    members = [world.users[user_id] for user_id in world.channel_members[channel.id]]
    guests = sum("system_guest" in user.roles.split() for user in members)
    counts = {"member_count": len(members), "guest_count": guests}
    found = {"channel_id": channel.id, **counts, "pinnedpost_count": len(pinned)}
    return found | ({"files_count": 0} if world.version.modern else {})


async def bookmarks(call: Call) -> Any:
    """Refuse bookmarks, which want a licence."""
    raise ApiError("api.channel.bookmark.channel_bookmark.license.error", 501)


def _named(call: Call, team_id: str) -> Any:
    channel = call.world.channel_named(team_id, call.text("channel_name"))
    missing = ApiError("app.channel.get_by_name.missing.app_error", 404)
    if channel is None or (channel.delete_at and not call.flag("include_deleted")):
        raise missing
    if not _visible(call, channel):
        # A private channel is not admitted to exist.
        raise missing if channel.type == "P" else forbidden()
    return channel_shape(call.world.version, channel)


def _visible(call: Call, channel: Channel) -> bool:
    if may_see_public(call.world, call.user, channel):
        return True
    return may_in_channel(call.world, call.user, channel, "read_channel")


ROUTES = [
    Route("POST", "/channels", create, status=201),
    Route("GET", "/channels/{channel_id}", get),
    Route("PUT", "/channels/{channel_id}/patch", patch),
    Route("DELETE", "/channels/{channel_id}", delete),
    Route("POST", "/channels/{channel_id}/restore", restore_channel),
    Route("PUT", "/channels/{channel_id}/privacy", set_privacy),
    Route("POST", "/channels/{channel_id}/convert", convert_old, before=10),
    Route("GET", "/channels/{channel_id}/stats", stats),
    Route("POST", "/channels/{channel_id}/bookmarks", bookmarks, since=11),
    Route("GET", "/channels/{channel_id}/bookmarks", bookmarks, since=11),
    Route("GET", "/teams/{team_id}/channels/name/{channel_name}", by_name),
    Route("GET", "/teams/name/{team_name}/channels/name/{channel_name}", by_names),
]
