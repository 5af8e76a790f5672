"""Accounts: signing people up, changing profiles, switching people and bots on and off."""

import re
from typing import Any

from .errors import ApiError
from .hub import Event
from .ids import new_id
from .model import User
from .routing import string
from .shapes import user_shape
from .world import World

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{0,63}")


def add_user(world: World, body: dict[str, Any], roles: str) -> User:
    """Check and store a new person and tell everybody."""
    username, email = string(body, "username").lower(), string(body, "email").lower()
    if not _USERNAME.fullmatch(username):
        raise ApiError("model.user.is_valid.username.app_error", 400)
    if "@" not in email:
        raise ApiError("model.user.is_valid.email.app_error", 400)
    if world.user_named(username):
        raise ApiError("app.user.save.username_exists.app_error", 400)
    if any(user.email == email for user in world.users.values()):
        raise ApiError("app.user.save.email_exists.app_error", 400)
    now = world.clock()
    user = User(new_id(), username, email, now, now, password=string(body, "password"), roles=roles)
    for field in ("nickname", "first_name", "last_name", "position", "locale"):
        setattr(user, field, string(body, field, getattr(user, field)))
    world.users[user.id] = user
    world.hub.publish(Event("new_user", {"user_id": user.id}))
    return user


def change_profile(user: User, body: dict[str, Any]) -> None:
    """Write the given fields into a profile."""
    for field in ("username", "nickname", "first_name", "last_name", "position", "locale"):
        if body.get(field) is not None:
            setattr(user, field, string(body, field))
    timezone = body.get("timezone")
    if isinstance(timezone, dict):
        user.timezone = {**user.timezone, **{k: str(v) for k, v in timezone.items()}}


def tell_profile(world: World, user: User) -> None:
    """Tell everybody of a changed profile, the person itself in full."""
    full = {"user": user_shape(world.version, user, private=True)}
    world.hub.publish(Event("user_updated", full, user_id=user.id))
    short = {"user": user_shape(world.version, user)}
    event = Event("user_updated", short, omit=(user.id,), flag="contains_sanitized_data")
    world.hub.publish(event)


def activate(world: World, user: User, active: bool) -> None:
    """Switch an account, and tell everybody; the bots of somebody who goes are switched off too."""
    now = world.clock()
    user.delete_at, user.update_at = 0 if active else now, now
    if not active:
        _shut_out(world, user)
    tell_profile(world, user)


def _shut_out(world: World, user: User) -> None:
    for token in [t for t, session in world.sessions.items() if session.user_id == user.id]:
        del world.sessions[token]
        world.hub.silence_token(token)
    if world.config["ServiceSettings"]["DisableBotsWhenOwnerIsDeactivated"]:
        for bot in world.users.values():
            if bot.is_bot and bot.owner_id == user.id and not bot.delete_at:
                disable_bot(world, bot)


def disable_bot(world: World, bot: User) -> None:
    """Switch a bot off; on 11.6 its open sockets fall silent for good."""
    bot.delete_at = bot.update_at = bot.bot_update_at = world.clock()
    if world.version.newest:
        for row in world.access_tokens.values():
            if row.user_id == bot.id:
                world.hub.silence_token(row.token)
    tell_profile(world, bot)


def enable_bot(world: World, bot: User) -> None:
    """Switch a bot on again; its old tokens work."""
    bot.bot_update_at = bot.update_at = world.clock()
    bot.delete_at = 0
    tell_profile(world, bot)
