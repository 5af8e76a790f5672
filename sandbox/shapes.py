"""The JSON shapes of users, teams, channels and memberships, per version."""

from typing import Any

from .model import Channel, ChannelMember, Team, TeamMember, User
from .versions import Version

Shape = dict[str, Any]


def user_shape(version: Version, user: User, private: bool = False) -> Shape:
    """Show a user; `private` is the form for the person and for administrators."""
    found: Shape = {
        "id": user.id,
        "create_at": user.create_at,
        "update_at": user.update_at,
        "delete_at": user.delete_at,
        "username": user.username,
    }
    if not private or not version.modern:
        found["auth_data"] = ""
    found |= {
        "auth_service": "",
        "email": user.email,
        "nickname": user.nickname,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "position": user.position,
        "roles": user.roles,
    }
    if private:
        found["notify_props"] = _notify_props(version)
        found["last_password_update"] = user.create_at
    found |= {"locale": user.locale, "timezone": user.timezone}
    if user.is_bot:
        found["is_bot"] = True
        if version.modern:
            found["bot_description"] = user.description
    elif version.modern:
        found["remote_id"] = ""
    return found | {"disable_welcome_email": False}


def team_shape(version: Version, team: Team) -> Shape:
    """Show a team."""
    found: Shape = {
        "id": team.id,
        "create_at": team.create_at,
        "update_at": team.update_at,
        "delete_at": team.delete_at,
        "display_name": team.display_name,
        "name": team.name,
        "description": team.description,
        "email": team.email,
        "type": team.type,
        "company_name": "",
        "allowed_domains": "",
        "invite_id": team.invite_id,
        "allow_open_invite": team.allow_open_invite,
        "scheme_id": None,
        "group_constrained": None,
        "policy_id": None,
    }
    return found | ({"cloud_limits_archived": False} if version.modern else {})


def team_member_shape(member: TeamMember) -> Shape:
    """Show a membership of a team."""
    return {
        "team_id": member.team_id,
        "user_id": member.user_id,
        "roles": member.roles,
        "delete_at": member.delete_at,
        "scheme_guest": False,
        "scheme_user": member.scheme_user,
        "scheme_admin": member.scheme_admin,
        "explicit_roles": member.explicit_roles,
    }


def channel_shape(version: Version, channel: Channel) -> Shape:
    """Show a channel."""
    found: Shape = {
        "id": channel.id,
        "create_at": channel.create_at,
        "update_at": channel.update_at,
        "delete_at": channel.delete_at,
        "team_id": channel.team_id,
        "type": channel.type,
        "display_name": channel.display_name,
        "name": channel.name,
        "header": channel.header,
        "purpose": channel.purpose,
        "last_post_at": channel.last_post_at,
        "total_msg_count": channel.total_msg_count,
        "extra_update_at": 0,
        "creator_id": channel.creator_id,
        "scheme_id": None,
        "props": None,
        "group_constrained": None,
    }
    if version.newest:
        found["autotranslation"] = False
    found |= {
        "shared": False if channel.is_talk else None,
        "total_msg_count_root": channel.total_msg_count_root,
        "policy_id": None,
    }
    if version.modern:
        found["last_root_post_at"] = channel.last_root_post_at
    if version.newest:
        found |= {
            "banner_info": None,
            "policy_enforced": False,
            "policy_is_active": False,
            "default_category_name": channel.default_category_name,
        }
    return found


def member_shape(version: Version, member: ChannelMember, viewer_id: str) -> Shape:
    """Show a membership of a channel; 11.6 hides from others when it was last used."""
    hidden = version.newest and viewer_id != member.user_id
    found: Shape = {
        "channel_id": member.channel_id,
        "user_id": member.user_id,
        "roles": member.roles,
        "last_viewed_at": -1 if hidden else member.last_viewed_at,
        "msg_count": member.msg_count,
        "mention_count": member.mention_count,
        "mention_count_root": member.mention_count_root,
    }
    if version.modern:
        found["urgent_mention_count"] = 0
    found["msg_count_root"] = member.msg_count_root
    notify = {"channel_auto_follow_threads": "off"} if version.modern else {}
    notify |= dict.fromkeys(("desktop", "email", "ignore_channel_mentions"), "default")
    found |= {
        "notify_props": notify | {"mark_unread": "all", "push": "default"},
        "last_update_at": -1 if hidden else member.last_update_at,
        "scheme_guest": False,
        "scheme_user": member.scheme_user,
        "scheme_admin": member.scheme_admin,
        "explicit_roles": member.explicit_roles,
    }
    return found | ({"autotranslation_disabled": False} if version.newest else {})


def _notify_props(version: Version) -> Shape:
    found: Shape = {
        "channel": "true",
        "comments": "never",
        "desktop": "mention",
        "desktop_sound": "true",
        "email": "true",
        "first_name": "false",
        "mention_keys": "",
        "push": "mention",
        "push_status": "online" if version.modern else "away",
    }
    if version.modern:
        found |= dict.fromkeys(("desktop_threads", "email_threads", "push_threads"), "all")
    return dict(sorted(found.items()))
