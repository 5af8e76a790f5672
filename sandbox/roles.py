"""The default roles of an unlicensed server and what each of them allows."""

from .versions import Version

_SYSTEM_USER = (
    "create_team list_public_teams join_public_teams create_direct_channel create_group_channel "
    "view_members create_emojis delete_emojis"
)
_TEAM_USER = (
    "list_team_channels join_public_channels read_public_channel view_team create_public_channel "
    "create_private_channel invite_user add_user_to_team"
)
_TEAM_ADMIN = (
    "manage_team manage_team_roles manage_channel_roles import_team remove_user_from_team "
    "manage_incoming_webhooks manage_outgoing_webhooks convert_public_channel_to_private "
    "convert_private_channel_to_public manage_public_channel_members "
    "manage_private_channel_members delete_others_posts create_post_public "
    "delete_public_channel delete_private_channel manage_others_slash_commands"
)
_CHANNEL_USER = (
    "read_channel create_post edit_post delete_post add_reaction remove_reaction upload_file "
    "get_public_link use_channel_mentions use_group_mentions manage_public_channel_members "
    "manage_private_channel_members manage_public_channel_properties "
    "manage_private_channel_properties delete_public_channel delete_private_channel"
)
_SYSTEM_ONLY = (
    "manage_system manage_roles create_bot read_bots read_others_bots manage_bots "
    "manage_others_bots create_post_ephemeral edit_others_posts create_user_access_token "
    "read_user_access_token revoke_user_access_token edit_other_users manage_others_slash_commands "
    "manage_others_incoming_webhooks list_private_teams join_private_teams"
)
_POST_ALL = "create_post use_channel_mentions use_group_mentions"
_TOKENS = "create_user_access_token read_user_access_token revoke_user_access_token"


def default_roles(version: Version) -> dict[str, set[str]]:
    """Return the built-in roles by name."""
    own = "manage_own_slash_commands" if version.newest else "manage_slash_commands"
    channel_extra = "read_channel_content" if version.newest else "use_slash_commands"
    roles = {
        "system_user": _SYSTEM_USER,
        "team_user": _TEAM_USER,
        "team_admin": f"{_TEAM_ADMIN} {own}",
        "channel_user": f"{_CHANNEL_USER} {channel_extra}",
        "channel_admin": "manage_channel_roles",
        "system_post_all": _POST_ALL + (" upload_file" if version.newest else ""),
        "system_post_all_public": "create_post_public use_channel_mentions use_group_mentions",
        "system_user_access_token": _TOKENS,
        "system_guest": "create_direct_channel create_group_channel",
        "team_guest": "view_team",
        "channel_guest": "read_channel add_reaction remove_reaction upload_file edit_post create_post",
        "team_post_all": _POST_ALL,
        "team_post_all_public": "create_post_public use_channel_mentions use_group_mentions",
    }
    found = {name: set(text.split()) for name, text in roles.items()}
    found["system_admin"] = set().union(*found.values()) | set(_SYSTEM_ONLY.split())
    return found
