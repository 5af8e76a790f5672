"""What an integration may answer to a slash command, and the posts that come of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError
from .integrations import Command
from .model import User
from .outgoing import Answer
from .permissions import may_post
from .posting import new_post, publish_post, refuse_system_type, send_ephemeral
from .slack import from_slack
from .world import World

_TEXTS = ["response_type", "text", "username", "channel_id", "icon_url", "type"]


class BadResponse(Exception):
    """The answer cannot be understood or cannot be posted."""


@dataclass(slots=True)
class CommandResponse:
    """One answer; `rest` keeps what the client is shown beside the texts."""

    response_type: str = ""
    text: str = ""
    username: str = ""
    channel_id: str = ""
    icon_url: str = ""
    type: str = ""
    props: dict[str, Any] | None = None
    goto_location: str = ""
    skip_slack_parsing: bool = False
    attachments: list[dict[str, Any]] | None = None
    extra: list["CommandResponse"] = field(default_factory=list)
    has_extra: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command was typed, and by whom."""

    user: User
    channel_id: str
    root_id: str
    command: Command


def read_answer(answer: Answer) -> CommandResponse:
    """Read an answer by its content type: JSON, or text for the asker alone."""
    if answer.content_type.split(";")[0].strip().lower() != "application/json":
        return CommandResponse(text=answer.body.decode(errors="replace"))
    try:
        value = json.loads(answer.body)
    except ValueError:
        raise BadResponse from None
    return read_response(value)


def read_response(value: Any) -> CommandResponse:
    """Read one response object."""
    if not isinstance(value, dict):
        raise BadResponse
    found = CommandResponse()
    for key in (*_TEXTS, "goto_location"):
        setattr(found, key, _typed(value, key, str, ""))
    found.props = _typed(value, "props", dict, None)
    found.skip_slack_parsing = _typed(value, "skip_slack_parsing", bool, False)
    found.attachments = _typed(value, "attachments", list, None)
    extra = _typed(value, "extra_responses", list, None)
    found.has_extra = extra is not None
    found.extra = [read_response(row) for row in extra or []]
    return found


def echo(response: CommandResponse, trigger_id: str) -> dict[str, Any]:
    """Return what the asker's client is told.

    For a response to the whole channel the buttons still hold what they call.
    """
    found: dict[str, Any] = {key: getattr(response, key) for key in _TEXTS}
    extra = [echo(row, "") for row in response.extra] if response.has_extra else None
    return found | {
        "props": response.props,
        "goto_location": response.goto_location,
        "trigger_id": trigger_id,
        "skip_slack_parsing": response.skip_slack_parsing,
        "attachments": response.attachments,
        "extra_responses": extra,
    }


def perform(world: World, response: CommandResponse, place: Place) -> None:
    """Post a response and those that come with it."""
    for row in (response, *response.extra):
        _post(world, row, place)


def _post(world: World, response: CommandResponse, place: Place) -> None:
    kind = response.response_type or "ephemeral"
    if kind not in ("ephemeral", "in_channel") or not (response.text or response.attachments):
        return
    channel_id = response.channel_id or place.channel_id
    if response.channel_id and world.member(channel_id, place.user.id) is None:
        raise BadResponse
    _parse(world, response)
    root_id = place.root_id if channel_id == place.channel_id else ""
    post = new_post(world, channel_id, place.user.id, response.text)
    post.root_id, post.type = root_id, response.type
    post.props = _props(world, response, place)
    if response.attachments and not response.type:
        post.type = "slack_attachment"
    if kind == "ephemeral":
        send_ephemeral(world, post, place.user.id)
        response.attachments = post.props.get("attachments", response.attachments)
        return
    _publish(world, post, place)


def _publish(world: World, post: Any, place: Place) -> None:
    try:
        refuse_system_type(post.type)
        if post.root_id and post.root_id not in world.posts:
            raise BadResponse
        if not may_post(world, place.user, world.channels.get(post.channel_id)):
            raise BadResponse
        publish_post(world, post, place.user)
    except ApiError:
        raise BadResponse from None


def _parse(world: World, response: CommandResponse) -> None:
    if response.skip_slack_parsing:
        return
    response.text = from_slack(world, response.text)
    for row in response.attachments or []:
        for key in ("text", "pretext", "title"):
            if isinstance(row.get(key), str):
                row[key] = from_slack(world, row[key])


def _props(world: World, response: CommandResponse, place: Place) -> dict[str, Any]:
    props: dict[str, Any] = dict(response.props or {}) | {"from_webhook": "true"}
    username = place.command.username or response.username
    if username and world.setting("ServiceSettings", "EnablePostUsernameOverride"):
        props["override_username"] = username
    if world.setting("ServiceSettings", "EnablePostIconOverride"):
        props["override_icon_url"] = place.command.icon_url or response.icon_url
    if response.attachments:
        props["attachments"] = response.attachments
    return dict(sorted(props.items()))


def _typed(row: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    value = row.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise BadResponse
    return value
