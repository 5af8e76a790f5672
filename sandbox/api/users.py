"""People: signing up, logging in and out, profiles and roles."""

from typing import Any

from aiohttp import web

from ..accounts import activate, add_user, change_profile, tell_profile
from ..errors import ApiError, bad_body
from ..gate import json_response
from ..hub import Event
from ..ids import new_id
from ..model import Session, User
from ..permissions import is_admin, may, require
from ..routing import OK, Call, Route, string
from ..shapes import user_shape
from ..world import World


async def create_user(call: Call) -> Any:
    """Sign somebody up; the first one on a server administers it."""
    world, body = call.world, call.object("user")
    if not world.users:
        return _shape(call, add_user(world, body, "system_admin system_user"), private=True)
    open_server = world.config["TeamSettings"]["EnableOpenServer"]
    if not open_server and not (call.caller and is_admin(world, call.caller)):
        raise ApiError("api.user.create_user.no_open_server", 403)
    return _shape(call, add_user(world, body, "system_user"), private=True)


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


def _shape(call: Call, user: User, private: bool = False) -> Any:
    caller = call.caller
    own = caller is not None and (caller.id == user.id or is_admin(call.world, caller))
    return user_shape(call.world.version, user, private=private or own)


def _keep_an_admin(world: World) -> None:
    admins = [row for row in world.users.values() if "system_admin" in row.roles.split()]
    if len([row for row in admins if not row.is_bot]) <= 1:
        raise ApiError("app.user.update.lastAdmin.app_error", 400)


ROUTES = [
    Route("POST", "/users", create_user, status=201, public=True),
    Route("POST", "/users/login", log_in, public=True),
    Route("POST", "/users/logout", log_out, public=True),
    Route("PUT", "/users/{user_id}/patch", patch_user),
    Route("PUT", "/users/{user_id}/roles", set_roles),
    Route("PUT", "/users/{user_id}/active", set_active),
    Route("GET", "/users/{user_id}", get_user),
    Route("DELETE", "/users/{user_id}", delete_user),
]
