"""Bots: making, reading, changing and switching them."""

import re
from typing import Any

from ..accounts import disable_bot, enable_bot
from ..channel_changes import direct_channel
from ..errors import ApiError
from ..ids import new_id
from ..integration_shapes import bot_shape
from ..model import User
from ..permissions import may, require
from ..posting import new_post, publish_post
from ..routing import Call, Route, string

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DESCRIPTION_LIMIT = 1024


async def create_bot(call: Call) -> Any:
    """Make a bot; only people can, and only where the server allows it."""
    world, owner = call.world, call.user
    body = call.object("bot")
    require(may(world, owner, "create_bot") and not owner.is_bot)
    if not world.setting("ServiceSettings", "EnableBotAccountCreation"):
        raise ApiError("api.bot.create_disabled", 403)
    username, now = string(body, "username"), world.clock()
    bot = User(new_id(), username, f"{username}@localhost", now, now, is_bot=True)
    bot.first_name = string(body, "display_name")
    bot.description = string(body, "description")
    bot.owner_id, bot.bot_update_at = owner.id, now
    _check(bot)
    if world.user_named(username):
        raise ApiError("app.user.save.username_exists.app_error", 400)
    world.users[bot.id] = bot
    _greet(call, bot, owner)
    return bot_shape(bot)


async def get_bot(call: Call) -> Any:
    """Show a bot; to those who may not read bots it does not exist."""
    bot = _bot(call)
    if bot.delete_at and not call.flag("include_deleted"):
        raise _missing()
    return bot_shape(bot)


async def list_bots(call: Call) -> Any:
    """List the bots that the caller may read."""
    others = may(call.world, call.user, "read_others_bots")
    require(others or may(call.world, call.user, "read_bots"))
    deleted = call.flag("include_deleted")
    rows = [row for row in call.world.users.values() if row.is_bot and (deleted or not row.delete_at)]
    rows = [row for row in rows if others or row.owner_id == call.user.id]
    return [bot_shape(row) for row in call.page(rows)]


async def patch_bot(call: Call) -> Any:
    """Change a bot's names and description."""
    bot, body = _bot(call), call.object("bot")
    require(may(call.world, call.user, "manage_others_bots"))
    bot.username = string(body, "username", bot.username)
    bot.first_name = string(body, "display_name", bot.first_name)
    bot.description = string(body, "description", bot.description)
    _check(bot)
    bot.update_at = bot.bot_update_at = call.world.clock()
    return bot_shape(bot)


async def disable(call: Call) -> Any:
    """Switch a bot off."""
    bot = _bot(call)
    require(may(call.world, call.user, "manage_others_bots"))
    disable_bot(call.world, bot)
    return bot_shape(bot)


async def enable(call: Call) -> Any:
    """Switch a bot on; its old tokens work again."""
    bot = _bot(call)
    require(may(call.world, call.user, "manage_others_bots"))
    enable_bot(call.world, bot)
    return bot_shape(bot)


def _bot(call: Call) -> User:
    bot = call.world.users.get(call.id("bot_id"))
    if bot is None or not bot.is_bot:
        raise _missing()
    own = bot.owner_id == call.user.id and may(call.world, call.user, "read_bots")
    if not own and not may(call.world, call.user, "read_others_bots"):
        raise _missing()
    return bot


def _check(bot: User) -> None:
    if not _USERNAME.fullmatch(bot.username):
        raise ApiError("model.bot.is_valid.username.app_error", 400)
    if len(bot.description) > _DESCRIPTION_LIMIT:
        raise ApiError("model.bot.is_valid.description.app_error", 400)


def _missing() -> ApiError:
    return ApiError("store.sql_bot.get.missing.app_error", 404)


def _greet(call: Call, bot: User, owner: User) -> None:
    """Open the direct conversation in which a new bot tells its owner what to do next."""
    channel = direct_channel(call.world, owner, bot)
    text = "Please add me to teams and channels you want me to interact in."
    post = new_post(call.world, channel.id, bot.id, text)
    post.type = "add_bot_teams_channels"
    publish_post(call.world, post, bot, session_bot=True)


ROUTES = [
    Route("POST", "/bots", create_bot, status=201),
    Route("GET", "/bots", list_bots),
    Route("GET", "/bots/{bot_id}", get_bot),
    Route("PUT", "/bots/{bot_id}", patch_bot),
    Route("POST", "/bots/{bot_id}/disable", disable),
    Route("POST", "/bots/{bot_id}/enable", enable),
]
