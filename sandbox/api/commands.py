"""Slash commands: registering, listing and changing them."""

import re
from typing import Any

from ..errors import ApiError, bad_body, forbidden
from ..ids import new_id
from ..integration_shapes import command_shape
from ..integrations import Command
from ..permissions import may_in_team, require
from ..routing import OK, Call, Route, string
from ..world import World
from .built_in import HINTS

_BUILT_IN_NAMES = """
away code collapse dnd echo expand groupmsg header help invite invite_people join kick leave
logout me msg mute offline online open purpose remove rename search settings share-channel
shortcuts shrug status
"""
BUILT_IN = frozenset(_BUILT_IN_NAMES.split())
"""Triggers that no custom command may have."""
_TRIGGER = re.compile(r"[A-Za-z0-9_./-]+")
_HINT_LIMIT = 1024
_OTHERS = "manage_others_slash_commands"


async def create(call: Call) -> Any:
    """Register a command in a team."""
    world, body = call.world, call.object("command")
    team_id = string(body, "team_id")
    _require_enabled(world)
    require(_may_manage(call, team_id))
    now = world.clock()
    command = Command(new_id(), new_id(), now, now, call.user.id, team_id, "", "", "")
    _fill(command, body)
    _check(world, command)
    world.commands[command.id] = command
    return command_shape(command)


async def list_commands(call: Call) -> Any:
    """List a team's commands; only managers see tokens and addresses."""
    team_id = call.query("team_id")
    require(may_in_team(call.world, call.user, team_id, "view_team"))
    rows = [row for row in call.world.commands.values() if row.team_id == team_id]
    if not call.flag("custom_only"):
        return [_built_in(team_id, name) for name in sorted(BUILT_IN)] + [
            command_shape(row, with_secret=False) for row in rows
        ]
    require(_may_manage(call, team_id))
    if call.world.version.newest and not may_in_team(call.world, call.user, team_id, _OTHERS):
        rows = [row for row in rows if row.creator_id == call.user.id]
    return [command_shape(row) for row in rows]


async def autocomplete(call: Call) -> Any:
    """List the commands that are offered while somebody types."""
    team_id = call.id("team_id")
    require(may_in_team(call.world, call.user, team_id, "view_team"))
    rows = [row for row in call.world.commands.values() if row.team_id == team_id]
    offered = [command_shape(row, with_secret=False) for row in rows if row.auto_complete]
    return [_built_in(team_id, name) for name in sorted(BUILT_IN)] + offered


async def get(call: Call) -> Any:
    """Show a command."""
    return command_shape(_managed(call))


async def update(call: Call) -> Any:
    """Replace a command; what is not given is emptied, token and creator stay."""
    body = call.object("command")
    command = _managed(call)
    if string(body, "id") != command.id:
        raise bad_body("command")
    if string(body, "team_id") != command.team_id:
        raise ApiError("api.command.team_mismatch.app_error", 400)
    wanted = Command(
        command.id, command.token, command.create_at, call.world.clock(),
        command.creator_id, command.team_id, "", "", "",
    )  # fmt: skip
    _fill(wanted, body)
    _check(call.world, wanted)
    call.world.commands[command.id] = wanted
    return command_shape(wanted)


async def regenerate_token(call: Call) -> Any:
    """Give a command another token."""
    command = _managed(call)
    command.token, command.update_at = new_id(), call.world.clock()
    return {"token": command.token}


async def delete(call: Call) -> Any:
    """Remove a command."""
    del call.world.commands[_managed(call).id]
    return OK


async def move(call: Call) -> Any:
    """Move a command to another team."""
    command = _managed(call)
    team_id = string(call.object("team_id"), "team_id")
    require(_may_manage(call, team_id))
    command.team_id, command.update_at = team_id, call.world.clock()
    return OK


def find_command(world: World, team_id: str, trigger: str) -> Command | None:
    """Find a team's command by its trigger."""
    rows = (row for row in world.commands.values() if row.team_id == team_id)
    return next((row for row in rows if row.trigger == trigger), None)


def _fill(command: Command, body: dict[str, Any]) -> None:
    texts = "url username icon_url auto_complete_desc auto_complete_hint display_name description"
    for name in texts.split():
        setattr(command, name, string(body, name))
    command.trigger = string(body, "trigger").lower()
    command.method = string(body, "method")
    command.auto_complete = bool(body.get("auto_complete"))


def _check(world: World, command: Command) -> None:
    trigger = command.trigger
    bad = not 1 <= len(trigger) <= 128 or trigger.startswith("/") or " " in trigger
    if bad or (world.version.newest and not _TRIGGER.fullmatch(trigger)):
        raise _invalid("trigger")
    if command.method not in ("P", "G"):
        raise _invalid("method")
    if not command.url or len(command.url) > 1024:
        raise _invalid("url")
    if not command.url.startswith(("http://", "https://")):
        raise _invalid("url_http")
    for name, limit in (("display_name", 64), ("description", 128)):
        if len(getattr(command, name)) > limit:
            raise _invalid(name)
    twin = find_command(world, command.team_id, trigger)
    if trigger in BUILT_IN or (twin is not None and twin.id != command.id):
        raise ApiError("api.command.duplicate_trigger.app_error", 400)
    if max(len(command.auto_complete_desc), len(command.auto_complete_hint)) > _HINT_LIMIT:
        raise ApiError("app.command.createcommand.internal_error", 500)


def _managed(call: Call) -> Command:
    _require_enabled(call.world)
    command = call.world.commands.get(call.id("command_id"))
    missing = ApiError("store.sql_command.save.get.app_error", 404)
    if command is None or not _may_manage(call, command.team_id):
        raise missing
    own = command.creator_id == call.user.id
    if not own and not may_in_team(call.world, call.user, command.team_id, _OTHERS):
        raise forbidden()
    return command


def _may_manage(call: Call, team_id: str) -> bool:
    name = "manage_own_slash_commands" if call.world.version.newest else "manage_slash_commands"
    return may_in_team(call.world, call.user, team_id, name)


def _require_enabled(world: World) -> None:
    if not world.setting("ServiceSettings", "EnableCommands"):
        raise ApiError("api.command.disabled.app_error", 501)


def _built_in(team_id: str, name: str) -> dict[str, Any]:
    hint, description = HINTS.get(name, ("", ""))
    command = Command("", "", 0, 0, "", "", name, "", "", auto_complete=True)
    command.auto_complete_hint, command.auto_complete_desc = hint, description
    return command_shape(command, with_secret=False)


def _invalid(field: str) -> ApiError:
    return ApiError(f"model.command.is_valid.{field}.app_error", 400)


ROUTES = [
    Route("POST", "/commands", create, status=201),
    Route("GET", "/commands", list_commands),
    Route("GET", "/commands/{command_id}", get),
    Route("PUT", "/commands/{command_id}", update),
    Route("DELETE", "/commands/{command_id}", delete),
    Route("PUT", "/commands/{command_id}/move", move),
    Route("PUT", "/commands/{command_id}/regen_token", regenerate_token),
    Route("GET", "/teams/{team_id}/commands/autocomplete", autocomplete),
]
