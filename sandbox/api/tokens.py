"""Personal access tokens: making, listing, switching and revoking them."""

from typing import Any

from ..errors import ApiError, forbidden
from ..ids import is_id, new_id
from ..integration_shapes import access_token_shape
from ..model import AccessToken
from ..permissions import may, require
from ..routing import OK, Call, Route, string
from ..world import World


async def create_token(call: Call) -> Any:
    """Make a token; its secret is shown this once."""
    world, user = call.world, call.world.user(call.id("user_id"))
    require(may(world, call.user, "create_user_access_token"))
    own = user.id == call.user.id
    require(own or may(world, call.user, "manage_others_bots" if user.is_bot else "edit_other_users"))
    if not user.is_bot and not world.setting("ServiceSettings", "EnableUserAccessTokens"):
        raise ApiError("app.user_access_token.disabled", 501)
    description = string(call.object("user_access_token"), "description")
    if not description:
        raise ApiError("model.user_access_token.is_valid.description.app_error", 400)
    token = AccessToken(new_id(), new_id(), user.id, description)
    world.access_tokens[token.id] = token
    return access_token_shape(token, with_secret=True)


async def list_tokens(call: Call) -> Any:
    """List somebody's tokens without their secrets."""
    user_id = call.id("user_id")
    require(may(call.world, call.user, "read_user_access_token"))
    require(user_id == call.user.id or may(call.world, call.user, "edit_other_users"))
    rows = [row for row in call.world.access_tokens.values() if row.user_id == user_id]
    return [access_token_shape(row) for row in call.page(rows)]


async def get_token(call: Call) -> Any:
    """Show one token without its secret."""
    return access_token_shape(_owned(call, call.id("token_id"), "read_user_access_token"))


async def revoke(call: Call) -> Any:
    """Take a token away for good."""
    token = _named(call, "revoke_user_access_token")
    del call.world.access_tokens[token.id]
    _silence(call.world, token)
    return OK


async def disable(call: Call) -> Any:
    """Switch a token off."""
    token = _named(call, "revoke_user_access_token")
    token.is_active = False
    _silence(call.world, token)
    return OK


async def enable(call: Call) -> Any:
    """Switch a token on again."""
    _named(call, "create_user_access_token").is_active = True
    return OK


def _named(call: Call, permission: str) -> AccessToken:
    token_id = string(call.object("token_id"), "token_id")
    return _owned(call, token_id, permission)


def _owned(call: Call, token_id: str, permission: str) -> AccessToken:
    token = call.world.access_tokens.get(token_id) if is_id(token_id) else None
    if token is None:
        raise ApiError("app.user_access_token.get_by_user.app_error", 404)
    require(may(call.world, call.user, permission))
    if token.user_id != call.user.id and not may(call.world, call.user, "edit_other_users"):
        raise forbidden()
    return token


def _silence(world: World, token: AccessToken) -> None:
    # A 5.37 server goes on delivering events to sockets whose token is gone.
    if world.version.modern:
        world.hub.silence_token(token.token)


ROUTES = [
    Route("POST", "/users/tokens/revoke", revoke),
    Route("POST", "/users/tokens/disable", disable),
    Route("POST", "/users/tokens/enable", enable),
    Route("GET", "/users/tokens/{token_id}", get_token),
    Route("POST", "/users/{user_id}/tokens", create_token),
    Route("GET", "/users/{user_id}/tokens", list_tokens),
]
