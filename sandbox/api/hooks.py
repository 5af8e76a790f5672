"""Webhooks: those that post into channels, and the addresses for late command answers."""

import json
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from ..command_response import BadResponse, CommandResponse, Place, perform, read_response
from ..errors import ApiError, bad_body
from ..ids import new_id
from ..integration_shapes import incoming_hook_shape
from ..integrations import Command, IncomingHook, ResponseHook
from ..model import Channel
from ..permissions import may_in_team, may_read, require
from ..posting import new_post, publish_post
from ..routing import OK, Call, Route, string
from ..slack import from_slack
from ..world import World

_MAX_USES = 5
_LIFETIME_MS = 30 * 60 * 1000


async def create_incoming(call: Call) -> Any:
    """Make an incoming webhook for a channel."""
    world, body = call.world, call.object("incoming_webhook")
    channel = world.channel(string(body, "channel_id"))
    if not world.setting("ServiceSettings", "EnableIncomingWebhooks"):
        raise ApiError("api.incoming_webhook.disabled.app_error", 501)
    require(may_in_team(world, call.user, channel.team_id, "manage_incoming_webhooks"))
    require(may_read(world, call.user, channel))
    now = world.clock()
    hook = IncomingHook(new_id(), call.user.id, channel.id, channel.team_id, now, now)
    for name in ("display_name", "description", "username", "icon_url"):
        setattr(hook, name, string(body, name))
    hook.channel_locked = bool(body.get("channel_locked"))
    world.incoming_hooks[hook.id] = hook
    return incoming_hook_shape(hook)


async def list_incoming(call: Call) -> Any:
    """List incoming webhooks."""
    team_id = call.query("team_id")
    require(may_in_team(call.world, call.user, team_id, "manage_incoming_webhooks"))
    rows = [row for row in call.world.incoming_hooks.values() if row.team_id == team_id]
    return [incoming_hook_shape(row) for row in call.page(rows)]


async def delete_incoming(call: Call) -> Any:
    """Remove an incoming webhook."""
    hook = call.world.incoming_hooks.get(call.id("hook_id"))
    if hook is None:
        raise ApiError("app.webhooks.get_incoming.app_error", 404)
    require(may_in_team(call.world, call.user, hook.team_id, "manage_incoming_webhooks"))
    del call.world.incoming_hooks[hook.id]
    return OK


async def receive(call: Call) -> web.Response:
    """Post what somebody sends to an incoming webhook."""
    world = call.world
    hook = world.incoming_hooks.get(call.text("hook"))
    if hook is None:
        raise ApiError("web.incoming_webhook.invalid.app_error", 400)
    body = _payload(call)
    text, attachments = string(body, "text"), body.get("attachments")
    if not text and not attachments:
        raise ApiError("web.incoming_webhook.text.app_error", 400)
    channel = _channel(world, hook, string(body, "channel"))
    if channel.delete_at:
        raise ApiError("api.post.create_post.can_not_post_to_deleted.error", 400)
    post = new_post(world, channel.id, hook.user_id, from_slack(world, text))
    post.props = _props(world, hook, body)
    post.type = string(body, "type") or ("slack_attachment" if attachments else "")
    publish_post(world, post, world.users[hook.user_id])
    return web.Response(text="ok")


async def respond(call: Call) -> web.Response:
    """Post a late answer to a command."""
    world = call.world
    hook = _claim(world, call.text("hook"))
    response = _late_answer(call)
    command = world.commands.get(hook.command_id) or Command(hook.command_id, "", 0, 0, "", "", "", "", "")
    place = Place(world.users[hook.user_id], hook.channel_id, hook.root_id, command)
    try:
        perform(world, response, place)
    except BadResponse:
        raise ApiError("web.command_webhook.general.app_error", 500) from None
    return web.Response(text="ok")


def _claim(world: World, hook_id: str) -> ResponseHook:
    """Use up one of the answers that the address allows."""
    hook = world.response_hooks.get(hook_id)
    text = f"Failed to handle command webhook {hook_id}."
    if hook is None or world.clock() - hook.create_at >= _LIFETIME_MS:
        raise ApiError(world.version.hook_missing, 404, text)
    if hook.uses >= _MAX_USES:
        raise ApiError(world.version.hook_used_up, 400, text)
    hook.uses += 1
    return hook


def _late_answer(call: Call) -> CommandResponse:
    kind = call.request.headers.get("Content-Type", "").split(";")[0].strip()
    if kind == "text/plain":
        return CommandResponse(text=call.body.decode(errors="replace"))
    try:
        return read_response(json.loads(call.body))
    except (ValueError, BadResponse):
        raise ApiError("web.command_webhook.parse.app_error", 400) from None


def _payload(call: Call) -> dict[str, Any]:
    """Read JSON, or the same JSON in a form field."""
    kind = call.request.headers.get("Content-Type", "").split(";")[0].strip()
    text = call.body.decode(errors="replace")
    if kind == "application/x-www-form-urlencoded":
        text = parse_qs(text).get("payload", [""])[0]
    try:
        value = json.loads(text)
    except ValueError:
        raise ApiError("web.incoming_webhook.parse.app_error", 400) from None
    if not isinstance(value, dict):
        raise bad_body("payload")
    return value


def _channel(world: World, hook: IncomingHook, name: str) -> Channel:
    """Find the channel to post into: the hook's own unless the sender names another."""
    own = world.channel(hook.channel_id)
    if not name or hook.channel_locked:
        return own
    found = world.channels.get(name) or world.channel_named(hook.team_id, name.lstrip("#~"))
    if found is None:
        raise ApiError("web.incoming_webhook.channel.app_error", 404)
    require(may_read(world, world.users[hook.user_id], found))
    return found


def _props(world: World, hook: IncomingHook, body: dict[str, Any]) -> dict[str, Any]:
    given = body.get("props")
    props: dict[str, Any] = dict(given) if isinstance(given, dict) else {}
    props["from_webhook"] = "true"
    if hook.display_name:
        props["webhook_display_name"] = hook.display_name
    if world.setting("ServiceSettings", "EnablePostUsernameOverride"):
        props["override_username"] = string(body, "username") or hook.username or "webhook"
    if world.setting("ServiceSettings", "EnablePostIconOverride"):
        props["override_icon_url"] = string(body, "icon_url") or hook.icon_url
    if body.get("attachments"):
        props["attachments"] = body["attachments"]
    return props


ROUTES = [
    Route("POST", "/hooks/incoming", create_incoming, status=201),
    Route("GET", "/hooks/incoming", list_incoming),
    Route("DELETE", "/hooks/incoming/{hook_id}", delete_incoming),
]

OPEN_ROUTES = [
    Route("POST", "/hooks/commands/{hook}", respond, public=True),
    Route("POST", "/hooks/{hook}", receive, public=True),
]
"""Routes outside `/api/v4`, whose address is the only secret."""
