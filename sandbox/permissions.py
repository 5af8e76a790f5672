"""Who may do what: the roles of a person on the server, in a team and in a channel."""

from .errors import forbidden
from .model import Channel, User
from .world import World


def may(world: World, user: User, permission: str) -> bool:
    """Say whether a person's roles on the whole server allow something."""
    return _grants(world, user.roles, permission)


def may_in_team(world: World, user: User, team_id: str, permission: str) -> bool:
    """Say whether a person may do something in a team."""
    member = world.team_member(team_id, user.id)
    if member and _grants(world, member.roles, permission):
        return True
    return may(world, user, permission)


def may_in_channel(world: World, user: User, channel: Channel | None, permission: str) -> bool:
    """Say whether a person may do something in a channel; an unknown one allows nothing new."""
    if channel is None:
        return may(world, user, permission)
    member = world.member(channel.id, user.id)
    if member and _grants(world, member.roles, permission):
        return True
    if channel.team_id:
        return may_in_team(world, user, channel.team_id, permission)
    return may(world, user, permission)


def may_read(world: World, user: User, channel: Channel) -> bool:
    """Say whether somebody may read a channel's posts.

    Only newer servers let a team member read public channels without joining.
    """
    if may_in_channel(world, user, channel, "read_channel"):
        return True
    return world.version.modern and may_see_public(world, user, channel)


def may_see_public(world: World, user: User, channel: Channel) -> bool:
    """Say whether a channel is public and visible to somebody outside it."""
    if channel.type != "O":
        return False
    return may_in_team(world, user, channel.team_id, "read_public_channel")


def may_post(world: World, user: User, channel: Channel | None) -> bool:
    """Say whether somebody may post into a channel."""
    if may_in_channel(world, user, channel, "create_post"):
        return True
    if channel is None or channel.type != "O":
        return False
    return may_in_channel(world, user, channel, "create_post_public")


def require(allowed: bool) -> None:
    """Raise 403 unless allowed."""
    if not allowed:
        raise forbidden()


def public_or_private(channel: Channel, template: str) -> str:
    """Name the permission that fits a channel, `template` having a gap for its kind."""
    return template.format("public" if channel.type == "O" else "private")


def is_admin(world: World, user: User) -> bool:
    """Say whether somebody administers the server."""
    return may(world, user, "manage_system")


def _grants(world: World, roles: str, permission: str) -> bool:
    known = (world.roles.get(name) for name in roles.split())
    return any(permission in role.permissions for role in known if role)
