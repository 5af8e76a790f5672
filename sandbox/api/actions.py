"""Clicks on buttons and choices from menus: calling the integration and doing what it says."""

import json
from typing import Any

from ..attachments import actions_of
from ..errors import ApiError, forbidden
from ..integrations import Cookie
from ..model import Post, User
from ..outgoing import Answer, CallFailed
from ..permissions import may_read, require
from ..post_changes import change_post
from ..posting import new_post, send_ephemeral
from ..routing import Call, Route, string
from ..slack import from_slack
from ..triggers import new_trigger
from ..world import World

_KEPT_PROPS = ("from_webhook", "override_username", "override_icon_url")


async def do_action(call: Call) -> Any:
    """Click a button or choose from a menu."""
    post_id, body = call.id("post_id"), call.object("action") if call.body else {}
    cookie = _target(call, post_id, string(body, "cookie"))
    trigger = new_trigger(call.world, call.user.id)
    request = _request(call.world, cookie, call.user, trigger.full, string(body, "selected_option"))
    answer = await _ask(call.world, cookie, request)
    await _apply(call.world, cookie, call.user, answer)
    return {"status": "OK", "trigger_id": trigger.client}


def _target(call: Call, post_id: str, key: str) -> Cookie:
    """Find what is clicked: by the post, or for a post that is not stored by the cookie."""
    world, user = call.world, call.user
    if key:
        cookie = world.cookies.get(key)
        if cookie is None or cookie.post_id != post_id:
            raise _failed()
        require(may_read(world, user, world.channel(cookie.channel_id)))
        return cookie
    post = world.posts.get(post_id)
    if post is None:
        raise forbidden()
    require(may_read(world, user, world.channel(post.channel_id)))
    if post.delete_at:
        raise ApiError("app.post.get.app_error", 404)
    name = call.text("action_id")
    action = next((row for row in actions_of(post.props) if row["id"] == name), None)
    if action is None or "integration" not in action:
        raise ApiError("api.post.do_action.action_id.app_error", 404)
    root_id = post.root_id or post.id
    source, integration = action.get("data_source", ""), action["integration"]
    return Cookie(post.id, post.channel_id, root_id, action["type"], source, integration)


def _request(world: World, cookie: Cookie, user: User, trigger_id: str, selected: str) -> dict[str, Any]:
    channel = world.channel(cookie.channel_id)
    team = world.teams.get(channel.team_id)
    context = dict(cookie.integration.get("context") or {})
    if selected and cookie.type == "select":
        context["selected_option"] = selected
    return {
        "user_id": user.id,
        "user_name": user.username,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "team_id": channel.team_id,
        "team_domain": team.name if team else "",
        "post_id": cookie.post_id,
        "trigger_id": trigger_id,
        "type": cookie.type,
        "data_source": cookie.data_source,
        "context": context,
    }


async def _ask(world: World, cookie: Cookie, request: dict[str, Any]) -> dict[str, Any]:
    url = str(cookie.integration.get("url", ""))
    try:
        answer = await world.outgoing.post_json(url, request, limited=world.version.newest)
    except CallFailed:
        raise _failed() from None
    if answer.status != 200:
        raise _failed()
    return _decode(world, answer)


def _decode(world: World, answer: Answer) -> dict[str, Any]:
    if not answer.body.strip() and world.version.modern:
        return {}
    try:
        value = json.loads(answer.body)
    except ValueError:
        raise _failed() from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _failed()
    return value


async def _apply(world: World, cookie: Cookie, user: User, answer: dict[str, Any]) -> None:
    if isinstance(answer.get("update"), dict):
        _update(world, world.post(cookie.post_id), answer["update"])
    if text := answer.get("ephemeral_text"):
        if not answer.get("skip_slack_parsing"):
            text = from_slack(world, str(text))
        note = new_post(world, cookie.channel_id, user.id, str(text))
        # The note goes into the thread even if the click was on its root.
        note.root_id = cookie.root_id or cookie.post_id
        send_ephemeral(world, note, user.id)


def _update(world: World, post: Post, update: dict[str, Any]) -> None:
    """Replace a post's message and props; without props the old ones stay."""
    props = update.get("props")
    if props is not None and not isinstance(props, dict):
        raise _failed()
    if props is not None:
        kept = {key: post.props[key] for key in _KEPT_PROPS if key in post.props}
        props = {key: value for key, value in props.items() if key not in _KEPT_PROPS} | kept
    files = update.get("file_ids")
    change_post(
        world,
        post,
        message=string(update, "message"),
        props=props,
        file_ids=files if isinstance(files, list) else [],
    )


def _failed() -> ApiError:
    return ApiError("api.post.do_action.action_integration.app_error", 400)


ROUTES = [Route("POST", "/posts/{post_id}/actions/{action_id}", do_action)]
