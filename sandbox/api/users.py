"""People: signing up, logging in and out, profiles, roles and status."""

import re
from typing import Any

from aiohttp import web

from ..errors import ApiError, bad_body, forbidden
from ..gate import json_response
from ..hub import Event
from ..ids import new_id
from ..model import Session, User
from ..permissions import is_admin, may, require
from ..routing import OK, Call, Route, string
from ..shapes import user_shape
from ..world import World

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{0,63}")


async def create_user(call: Call) -> Any:
    """Sign somebody up; the first one on a server administers it."""
    world, body = call.world, call.object("user")
    if not world.users:
        return _shape(call, add_user(world, body, "system_admin system_user"), private=True)
    open_server = world.config["TeamSettings"]["EnableOpenServer"]
    if not open_server and not (call.caller and is_admin(world, call.caller)):
        raise ApiError("api.user.create_user.no_open_server", 403)
    return _shape(call, add_user(world, body, "system_user"), private=True)


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


async def log_in(call: Call) -> Any:
    """Check a password; the session's token comes in a header and in a cookie."""
    world, body = call.world, call.object("user")
    login_id = string(body, "login_id").lower()
    user = next((u for u in world.users.values() if login_id in (u.username, u.email)), None)
    if user is not None and user.is_bot:
        raise ApiError("api.user.login.bot_login_forbidden.app_error", 401)
    if user is None or user.password != string(body, "password"):
        raise ApiError("api.user.login.invalid_credentials_email_username", 401)
    if user.delete_at:
        raise ApiError("api.user.login.inactive.app_error", 401)
    session = Session(new_id(), user.id)
    world.sessions[session.token] = session
    response = json_response(user_shape(world.version, user, private=True))
    response.headers["Token"] = session.token
    response.set_cookie("MMAUTHTOKEN", session.token, httponly=True, samesite="Lax")
    response.set_cookie("MMUSERID", user.id, samesite="Lax")
    return response


async def log_out(call: Call) -> web.Response:
    """End the session."""
    call.world.sessions.pop(call.token, None)
    call.world.hub.silence_token(call.token)
    response = json_response(OK)
    response.del_cookie("MMAUTHTOKEN")
    response.del_cookie("MMUSERID")
    return response


async def get_user(call: Call) -> Any:
    """Show a user."""
    return _shape(call, call.world.user(call.id("user_id")))


async def patch_user(call: Call) -> Any:
    """Change some fields of a profile."""
    world, user = call.world, call.world.user(call.id("user_id"))
    own = user.id == call.user.id and not (user.is_bot and world.version.modern)
    require(own or may(world, call.user, "edit_other_users"))
    change_profile(user, call.object("user"))
    user.update_at = world.clock()
    tell_profile(world, user)
    return _shape(call, user)


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


async def set_roles(call: Call) -> Any:
    """Give somebody other roles on the whole server."""
    world, user = call.world, call.world.user(call.id("user_id"))
    require(may(world, call.user, "manage_roles"))
    wanted = string(call.object("roles"), "roles")
    if any(name not in world.roles for name in wanted.split()):
        raise bad_body("roles")
    if "system_admin" in user.roles.split() and "system_admin" not in wanted.split():
        _keep_an_admin(world)
    user.roles, user.update_at = wanted, world.clock()
    data = {"roles": wanted, "user_id": user.id}
    world.hub.publish(Event("user_role_updated", data, user_id=user.id))
    return OK


async def set_active(call: Call) -> Any:
    """Deactivate somebody, or bring somebody back."""
    user = call.world.user(call.id("user_id"))
    active = call.object("active").get("active")
    if not isinstance(active, bool):
        raise bad_body("active")
    require(is_admin(call.world, call.user))
    activate(call.world, user, active)
    return OK


async def delete_user(call: Call) -> Any:
    """Deactivate somebody; people may do it to themselves."""
    user = call.world.user(call.id("user_id"))
    require(user.id == call.user.id or is_admin(call.world, call.user))
    activate(call.world, user, False)
    return OK


def activate(world: World, user: User, active: bool) -> None:
    """Switch an account; the bots of somebody who goes are switched off too."""
    now = world.clock()
    user.delete_at, user.update_at = 0 if active else now, now
    if active:
        return
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


def _shape(call: Call, user: User, private: bool = False) -> Any:
    caller = call.caller
    own = caller is not None and (caller.id == user.id or is_admin(call.world, caller))
    return user_shape(call.world.version, user, private=private or own)


def _status(world: World, user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "status": user.status if world.hub.online(user.id) or user.status == "dnd" else "offline",
        "manual": False,
        "last_activity_at": user.update_at,
    }


def _keep_an_admin(world: World) -> None:
    admins = [row for row in world.users.values() if "system_admin" in row.roles.split()]
    if len([row for row in admins if not row.is_bot]) <= 1:
        raise ApiError("app.user.update.lastAdmin.app_error", 400)


ROUTES = [
    Route("POST", "/users", create_user, status=201, public=True),
    Route("POST", "/users/login", log_in, public=True),
    Route("POST", "/users/logout", log_out, public=True),
    Route("POST", "/users/status/ids", get_statuses),
    Route("GET", "/users/{user_id}/status", get_status),
    Route("PUT", "/users/{user_id}/status", set_status),
    Route("PUT", "/users/{user_id}/patch", patch_user),
    Route("PUT", "/users/{user_id}/roles", set_roles),
    Route("PUT", "/users/{user_id}/active", set_active),
    Route("POST", "/users/{user_id}/typing", type_in_channel),
    Route("GET", "/users/{user_id}", get_user),
    Route("DELETE", "/users/{user_id}", delete_user),
]
