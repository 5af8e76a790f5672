"""Who belongs where: joining, adding, leaving and removing, in teams and in channels."""

from .errors import ApiError
from .hub import Event
from .jsontext import dump
from .model import Channel, ChannelMember, Team, TeamMember, User
from .posting import system_post
from .shapes import member_shape, team_member_shape
from .world import World

DEFAULT_CHANNELS = ("town-square", "off-topic")


def enter_channel(world: World, channel: Channel, user: User, admin: bool = False) -> ChannelMember:
    """Make somebody a member without telling anybody; the channel's last visit is now."""
    member = ChannelMember(channel.id, user.id, world.clock(), scheme_admin=admin)
    world.channel_members[channel.id][user.id] = member
    world.hub.moved(user.id)
    return member


def add_to_channel(world: World, channel: Channel, user: User, by: User) -> ChannelMember:
    """Add somebody to a channel, or let them join by themselves; twice changes nothing."""
    if member := world.member(channel.id, user.id):
        return member
    if channel.is_talk:
        raise ApiError("api.channel.add_user_to_channel.type.app_error", 400)
    if world.team_member(channel.team_id, user.id) is None:
        raise ApiError("app.team.get_member.missing.app_error", 404)
    member = enter_channel(world, channel, user)
    _tell_added(world, channel, user)
    if user.id == by.id:
        _post_join(world, channel, user)
    else:
        props = {
            "addedUserId": user.id,
            "addedUsername": user.username,
            "userId": by.id,
            "username": by.username,
        }
        text = f"{user.username} added to the channel by {by.username}."
        system_post(world, channel, by, "system_add_to_channel", text, props=props)
    return member


def create_membership(world: World, channel: Channel, creator: User) -> None:
    """Make a channel's creator its first member and administrator."""
    enter_channel(world, channel, creator, admin=True)
    _post_join(world, channel, creator)
    data = {"channel_id": channel.id, "team_id": channel.team_id}
    world.hub.publish(Event("channel_created", data, user_id=creator.id))


def remove_from_channel(world: World, channel: Channel, user: User, by: User) -> None:
    """Remove somebody from a channel, or let them leave."""
    if world.member(channel.id, user.id) is None:
        raise ApiError("app.channel.get_member.missing.app_error", 404)
    if channel.name == DEFAULT_CHANNELS[0]:
        raise ApiError("api.channel.remove.default.app_error", 400)
    if channel.is_talk:
        raise ApiError("api.channel.remove_channel_member.type.app_error", 400)
    del world.channel_members[channel.id][user.id]
    world.hub.moved(user.id)
    to_channel = {"remover_id": by.id, "user_id": user.id}
    to_user = {"channel_id": channel.id, "remover_id": by.id}
    world.hub.publish(Event("user_removed", to_channel, channel_id=channel.id))
    world.hub.publish(Event("user_removed", to_user, user_id=user.id))
    if user.id == by.id:
        text, props = f"@{user.username} left the channel.", {"username": user.username}
        system_post(world, channel, user, "system_leave_channel", text, props=props)
    else:
        text = f"@{user.username} removed from the channel."
        props = {"removedUserId": user.id, "removedUsername": user.username}
        system_post(world, channel, by, "system_remove_from_channel", text, props=props)


def set_channel_roles(world: World, member: ChannelMember, user: bool, admin: bool) -> None:
    """Make somebody an ordinary member or an administrator of a channel."""
    member.scheme_user, member.scheme_admin = user, admin
    member.last_update_at = world.clock()
    shape = member_shape(world.version, member, member.user_id)
    data = {"channelMember": dump(shape)}
    world.hub.publish(Event("channel_member_updated", data, user_id=member.user_id))


def add_to_team(world: World, team: Team, user: User, admin: bool = False) -> TeamMember:
    """Add somebody to a team and to the channels that everybody is in."""
    if member := world.team_member(team.id, user.id):
        return member
    present = [row for row in world.team_members[team.id].values() if not row.delete_at]
    if len(present) >= int(str(world.setting("TeamSettings", "MaxUsersPerTeam"))):
        raise ApiError("app.team.join_user_to_team.max_accounts.app_error", 400)
    member = TeamMember(team.id, user.id, scheme_admin=admin)
    world.team_members[team.id][user.id] = member
    for name in DEFAULT_CHANNELS:
        channel = world.channel_named(team.id, name)
        if channel is not None and not channel.delete_at:
            _enter_default(world, team, channel, user)
    # Servers send this one twice.
    for _ in range(2):
        data = {"team_id": team.id, "user_id": user.id}
        world.hub.publish(Event("added_to_team", data, user_id=user.id))
    return member


def remove_from_team(world: World, team: Team, user: User) -> None:
    """Remove somebody from a team and all its channels."""
    member = world.team_member(team.id, user.id)
    if member is None:
        raise ApiError("app.team.get_member.missing.app_error", 404)
    square = world.channel_named(team.id, DEFAULT_CHANNELS[0])
    if square is not None:
        text, props = f"{user.username} removed from the team.", {"username": user.username}
        system_post(world, square, user, "system_remove_from_team", text, props=props)
    for channel in [row for row in world.channels_of(user.id) if row.team_id == team.id]:
        del world.channel_members[channel.id][user.id]
    world.hub.moved(user.id)
    data = {"team_id": team.id, "user_id": user.id}
    if world.version.modern:
        world.hub.publish(Event("leave_team", data, user_id=user.id))
        world.hub.publish(Event("leave_team", data, team_id=team.id, omit=(user.id,)))
    else:
        world.hub.publish(Event("leave_team", data, team_id=team.id))
    member.delete_at = world.clock()


def set_team_roles(world: World, member: TeamMember, user: bool, admin: bool) -> None:
    """Make somebody an ordinary member or an administrator of a team."""
    member.scheme_user, member.scheme_admin = user, admin
    data = {"member": dump(team_member_shape(member))}
    world.hub.publish(Event("memberrole_updated", data, user_id=member.user_id))


def _enter_default(world: World, team: Team, channel: Channel, user: User) -> None:
    enter_channel(world, channel, user)
    if channel.name == DEFAULT_CHANNELS[0]:
        text, props = f"{user.username} joined the team.", {"username": user.username}
        system_post(world, channel, user, "system_join_team", text, props=props)
    else:
        _post_join(world, channel, user)
    data = {"team_id": team.id, "user_id": user.id}
    world.hub.publish(Event("user_added", data, channel_id=channel.id))


def _tell_added(world: World, channel: Channel, user: User) -> None:
    data = {"team_id": channel.team_id, "user_id": user.id}
    if world.version.modern:
        world.hub.publish(Event("user_added", data, user_id=user.id, channel_id=channel.id))
        world.hub.publish(Event("user_added", data, channel_id=channel.id, omit=(user.id,)))
    else:
        world.hub.publish(Event("user_added", data, channel_id=channel.id))


def _post_join(world: World, channel: Channel, user: User) -> None:
    text, props = f"{user.username} joined the channel.", {"username": user.username}
    system_post(world, channel, user, "system_join_channel", text, props=props)
