"""Makes and changes channels: creating, renaming, archiving, restoring, converting, talks."""

import hashlib
import re

from .errors import ApiError
from .hub import Event
from .ids import new_id
from .jsontext import dump
from .membership import DEFAULT_CHANNELS, create_membership, enter_channel
from .model import Channel, User
from .posting import system_post
from .shapes import channel_shape
from .world import World

_OLD_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*[a-z0-9]")
_NEW_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TALK_NAME = re.compile(r"[a-z0-9]{26}__[a-z0-9]{26}")
_NAME_LIMIT = 64
_CONVERTED = {
    "P": "This channel has been converted to a Private Channel.",
    "O": ("This channel has been converted to a Public Channel and can be joined by any team member."),
}


def create_channel(world: World, channel: Channel, creator: User) -> Channel:
    """Check and store a new channel whose creator becomes its administrator."""
    check_channel(world, channel)
    if world.channel_named(channel.team_id, channel.name):
        raise ApiError("store.sql_channel.save_channel.exists.app_error", 400)
    limit = int(str(world.setting("TeamSettings", "MaxChannelsPerTeam")))
    present = (row for row in world.channels.values() if row.team_id == channel.team_id)
    if sum(not row.delete_at for row in present) >= limit:
        raise ApiError("store.sql_channel.save_channel.limit.app_error", 400)
    world.channels[channel.id] = channel
    create_membership(world, channel, creator)
    return channel


def check_channel(world: World, channel: Channel) -> None:
    """Refuse names and texts that no server accepts."""
    if world.version.modern:
        valid, count = _NEW_NAME.fullmatch(channel.name), "1_or_more"
    else:
        valid, count = _OLD_NAME.fullmatch(channel.name), "2_or_more"
    if not valid or _TALK_NAME.fullmatch(channel.name):
        raise ApiError(f"model.channel.is_valid.{count}.app_error", 400)
    if channel.type not in ("O", "P"):
        raise ApiError("model.channel.is_valid.type.app_error", 400)
    for field, limit in (("display_name", 64), ("header", 1024), ("purpose", 250)):
        if len(getattr(channel, field)) > limit:
            raise ApiError(f"model.channel.is_valid.{field}.app_error", 400)
    # The name's column is shorter than the check allows, so this fails in the database.
    if len(channel.name) > _NAME_LIMIT:
        raise ApiError("app.channel.create_channel.internal_error", 500)


def tell_updated(world: World, channel: Channel) -> None:
    """Tell members that a channel has changed."""
    data = {"channel": dump(channel_shape(world.version, channel))}
    world.hub.publish(Event("channel_updated", data, channel_id=channel.id))


def tell_changes(world: World, old: Channel, new: Channel, by: User) -> None:
    """Write the system posts for what is different now."""
    if old.display_name != new.display_name:
        text = f"{by.username} updated the channel display name from: {old.display_name} to: {new.display_name}"
        props = {"old_displayname": old.display_name, "new_displayname": new.display_name}
        props["username"] = by.username
        system_post(world, new, by, "system_displayname_change", text, props=props)
    for field in ("header", "purpose"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            text = _change_text(by.username, field, before, after)
            props = {f"old_{field}": before, f"new_{field}": after, "username": by.username}
            system_post(world, new, by, f"system_{field}_change", text, props=props)


def archive(world: World, channel: Channel, by: User) -> None:
    """Archive a channel."""
    if channel.delete_at:
        raise ApiError("api.channel.delete_channel.deleted.app_error", 400)
    if channel.name == DEFAULT_CHANNELS[0]:
        raise ApiError("api.channel.delete_channel.cannot.app_error", 400)
    text, props = f"{by.username} archived the channel.", {"username": by.username}
    system_post(world, channel, by, "system_channel_deleted", text, props=props)
    channel.delete_at = channel.update_at = world.clock()
    data = {"channel_id": channel.id, "delete_at": channel.delete_at}
    _tell_team(world, "channel_deleted", channel, data)


def restore(world: World, channel: Channel, by: User) -> None:
    """Bring an archived channel back."""
    if not channel.delete_at:
        raise ApiError("api.channel.restore_channel.restored.app_error", 400)
    channel.delete_at, channel.update_at = 0, world.clock()
    _tell_team(world, "channel_restored", channel, {"channel_id": channel.id})
    text, props = f"{by.username} unarchived the channel.", {"username": by.username}
    system_post(world, channel, by, "system_channel_restored", text, props=props)


def convert(world: World, channel: Channel, privacy: str, by: User) -> None:
    """Make a channel private or public."""
    if channel.name == DEFAULT_CHANNELS[0] and privacy == "P":
        raise ApiError("api.channel.update_channel_privacy.default_channel_error", 400)
    channel.type, channel.update_at = privacy, world.clock()
    tell_updated(world, channel)
    props = {"username": by.username}
    system_post(world, channel, by, "system_change_chan_privacy", _CONVERTED[privacy], props=props)
    data = {"channel_id": channel.id}
    world.hub.publish(Event("channel_converted", data, team_id=channel.team_id))


def direct_channel(world: World, creator: User, other: User) -> Channel:
    """Return the direct conversation of two people, opened if need be."""
    name = "__".join(sorted((creator.id, other.id)))
    if found := world.channel_named("", name):
        return found
    channel = _talk(world, "D", name, "", creator.id)
    for user in {creator.id: creator, other.id: other}.values():
        enter_channel(world, channel, user)
    data = {"creator_id": creator.id, "teammate_id": other.id}
    world.hub.publish(Event("direct_added", data, channel_id=channel.id))
    return channel


def group_channel(world: World, users: list[User]) -> Channel:
    """Return the group conversation of some people, opened if need be."""
    ids = sorted(user.id for user in users)
    name = hashlib.sha1("".join(ids).encode(), usedforsecurity=False).hexdigest()
    if found := world.channel_named("", name):
        return found
    title = ", ".join(sorted(user.username for user in users))
    channel = _talk(world, "G", name, title, "")
    for user in users:
        enter_channel(world, channel, user)
    data = {"teammate_ids": dump(ids)}
    if world.version.modern:
        for user_id in ids:
            event = Event("group_added", data, user_id=user_id, channel_id=channel.id)
            world.hub.publish(event)
    else:
        world.hub.publish(Event("group_added", data, channel_id=channel.id))
    return channel


def _talk(world: World, type: str, name: str, title: str, creator_id: str) -> Channel:
    now = world.clock()
    channel = Channel(new_id(), "", type, name, title, now, now, creator_id=creator_id)
    world.channels[channel.id] = channel
    return channel


def _tell_team(world: World, name: str, channel: Channel, data: dict[str, object]) -> None:
    if world.version.modern and channel.type == "P":
        world.hub.publish(Event(name, data, channel_id=channel.id))
    else:
        world.hub.publish(Event(name, data, team_id=channel.team_id))


def _change_text(username: str, field: str, before: str, after: str) -> str:
    if not after:
        return f"{username} removed the channel {field} (was: {before})"
    if not before:
        return f"{username} updated the channel {field} to: {after}"
    return f"{username} updated the channel {field} from: {before} to: {after}"
