"""The JSON shapes of bots, tokens, commands, webhooks and roles."""

from typing import Any

from .integrations import Command, IncomingHook
from .model import AccessToken, Role, User

Shape = dict[str, Any]


def bot_shape(user: User) -> Shape:
    """Show a user as the bot it is; an empty description is left out."""
    found: Shape = {
        "user_id": user.id,
        "username": user.username,
        "display_name": user.first_name,
    }
    if user.description:
        found["description"] = user.description
    return found | {
        "owner_id": user.owner_id,
        "create_at": user.create_at,
        "update_at": user.bot_update_at,
        "delete_at": user.delete_at,
    }


def access_token_shape(token: AccessToken, with_secret: bool = False) -> Shape:
    """Show a token; the secret itself only once, when it is made."""
    found: Shape = {"id": token.id}
    if with_secret:
        found["token"] = token.token
    return found | {
        "user_id": token.user_id,
        "description": token.description,
        "is_active": token.is_active,
    }


def command_shape(command: Command, with_secret: bool = True) -> Shape:
    """Show a slash command; those without the right see neither token nor address."""
    return {
        "id": command.id,
        "token": command.token if with_secret else "",
        "create_at": command.create_at,
        "update_at": command.update_at,
        "delete_at": 0,
        "creator_id": command.creator_id,
        "team_id": command.team_id,
        "trigger": command.trigger,
        "method": command.method if with_secret else "",
        "username": command.username,
        "icon_url": command.icon_url,
        "auto_complete": command.auto_complete,
        "auto_complete_desc": command.auto_complete_desc,
        "auto_complete_hint": command.auto_complete_hint,
        "display_name": command.display_name,
        "description": command.description,
        "url": command.url if with_secret else "",
        "plugin_id": "",
    }


def incoming_hook_shape(hook: IncomingHook) -> Shape:
    """Show an incoming webhook."""
    return {
        "id": hook.id,
        "create_at": hook.create_at,
        "update_at": hook.update_at,
        "delete_at": 0,
        "user_id": hook.user_id,
        "channel_id": hook.channel_id,
        "team_id": hook.team_id,
        "display_name": hook.display_name,
        "description": hook.description,
        "username": hook.username,
        "icon_url": hook.icon_url,
        "channel_locked": hook.channel_locked,
    }


def role_shape(role: Role) -> Shape:
    """Show a role."""
    return {
        "id": role.id,
        "name": role.name,
        "display_name": f"authentication.roles.{role.name}.name",
        "description": f"authentication.roles.{role.name}.description",
        "create_at": role.create_at,
        "update_at": role.update_at,
        "delete_at": 0,
        "permissions": sorted(role.permissions),
        "scheme_managed": role.name.endswith(("_user", "_admin", "_guest")),
        "built_in": True,
        "scheme_id": None,
    }
