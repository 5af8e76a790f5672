"""Running slash commands: calling the integration and posting its answer."""

import re
from typing import Any

from ..command_response import BadResponse, Place, echo, perform, read_answer
from ..errors import ApiError, forbidden
from ..ids import new_id
from ..integrations import Command, ResponseHook
from ..mentions import channels_in, names_in
from ..model import Channel, User
from ..outgoing import CallFailed
from ..permissions import may_in_channel, may_in_team, may_post, require
from ..routing import Call, Route, string
from ..triggers import Trigger, new_trigger
from ..world import World
from . import built_in
from .commands import find_command


async def execute(call: Call) -> Any:
    """Run a command: call the integration, post its answer, echo it to the asker."""
    world, body = call.world, call.object("command_args")
    text = string(body, "command")
    if not text.startswith("/") or len(text) < 2:
        raise ApiError("api.command.execute_command.start.app_error", 400)
    channel = world.channels.get(string(body, "channel_id"))
    team_id = _check_place(call, channel, string(body, "team_id"))
    assert channel is not None
    trigger, rest = _split(text)
    command = find_command(world, team_id, trigger)
    if command is None and trigger in built_in.HINTS:
        return echo(built_in.run(world, call.user, channel, string(body, "root_id"), rest), "")
    if command is None:
        raise _not_found(trigger)
    place = Place(call.user, channel.id, string(body, "root_id"), command)
    ids = new_trigger(world, call.user.id)
    return await _run(world, place, channel, (text.split(maxsplit=1)[0], rest), ids)


async def _run(world: World, place: Place, channel: Channel, words: tuple[str, str], ids: Trigger) -> Any:
    command = place.command
    fields = _fields(world, place, channel, words, ids)
    try:
        answer = await world.outgoing.send_form(command.method, command.url, fields, command.token)
    except CallFailed:
        raise _failed(command, "failed") from None
    if answer.status != 200:
        message = f"Command with a trigger of '{command.trigger}' returned response {answer.status} {answer.reason}."
        raise ApiError("api.command.execute_command.failed_resp.app_error", 500, message)
    try:
        response = read_answer(answer)
        perform(world, response, place)
    except BadResponse:
        raise _failed(command, "failed") from None
    return echo(response, ids.client)


def _fields(
    world: World, place: Place, channel: Channel, words: tuple[str, str], ids: Trigger
) -> list[tuple[str, str]]:
    command, (typed, text) = place.command, words
    team = world.teams[command.team_id]
    hook = ResponseHook(new_id(), command.id, place.user.id, channel.id, place.root_id, world.clock())
    world.response_hooks[hook.id] = hook
    site = str(world.setting("ServiceSettings", "SiteURL"))
    fields = [
        ("token", command.token),
        ("team_id", team.id),
        ("team_domain", team.name),
        ("channel_id", channel.id),
        ("channel_name", channel.name),
        ("user_id", place.user.id),
        ("user_name", place.user.username),
        ("command", typed),
        ("text", text),
        ("trigger_id", ids.full),
        ("response_url", f"{site}/hooks/commands/{hook.id}"),
    ]
    if world.version.newest:
        fields.append(("root_id", place.root_id))
    return fields + _mentions(world, team.id, text)


def _mentions(world: World, team_id: str, text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in dict.fromkeys(names_in(text)):
        user: User | None = world.user_named(name) or world.user_named(name.rstrip("._-"))
        if user and world.team_member(team_id, user.id):
            found += [("user_mentions", user.username), ("user_mentions_ids", user.id)]
    for name in dict.fromkeys(channels_in(text)):
        channel = world.channel_named(team_id, name)
        if channel and channel.type == "O":
            found += [("channel_mentions", name), ("channel_mentions_ids", channel.id)]
    return found


def _check_place(call: Call, channel: Channel | None, team_id: str) -> str:
    """Check that the asker may run commands here and return the team whose commands count."""
    world, user = call.world, call.user
    if world.version.newest:
        require(may_post(world, user, channel))
    else:
        require(may_in_channel(world, user, channel, "use_slash_commands"))
    if channel is None:
        raise forbidden()
    if channel.delete_at and world.version.newest:
        raise ApiError("api.command.execute_command.deleted.error", 400)
    found = channel.team_id or team_id
    require(bool(found) and may_in_team(world, user, found, "view_team"))
    if world.version.newest and not world.setting("ServiceSettings", "SiteURL"):
        raise ApiError("api.command.execute_command.site_url_required.app_error", 400)
    return found


def _split(text: str) -> tuple[str, str]:
    """Return the trigger and everything after the first white space."""
    match = re.match(r"/(\S*)(?:\s([\s\S]*))?", text)
    assert match is not None
    return match[1].lower(), match[2] or ""


def _failed(command: Command, kind: str) -> ApiError:
    message = f"Command with a trigger of '{command.trigger}' failed."
    return ApiError(f"api.command.execute_command.{kind}.app_error", 500, message)


def _not_found(trigger: str) -> ApiError:
    message = (
        f"Command with a trigger of '{trigger}' not found. To send a message beginning "
        'with "/", try adding an empty space at the beginning of the message.'
    )
    return ApiError("api.command.execute_command.not_found.app_error", 404, message)


ROUTES = [Route("POST", "/commands/execute", execute)]
