"""What the server sends to the callback door, read into typed values; the only place that knows these field names."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

import msgspec

_ID = re.compile(r"[a-z0-9]{26}")

MOST_FIELDS = 50
"""How many fields of a dialog are read; the largest has a dozen."""
MOST_CHOSEN = 5
"""How many people are looked up for one dialog; none asks for more than one."""


class BadRequest(ValueError):
    """A request that no Mattermost server sends."""


class CommandRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A slash command (server source: app/command.go, tryExecuteCustomCommand).

    The server has asked whether `user_id` may write in `channel_id`, and has put in that channel's team; only in direct
    messages the team is the client's choice among its own.
    """

    token: str
    team_id: str
    channel_id: str
    user_id: str
    text: str
    trigger_id: str
    root_id: str
    mentioned: tuple[str, ...]


class PressRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A press of a button or a choice from a menu (server source: model/integration_action.go).

    All but `choice` is the server's word: channel and team are those of the post, or of its sealed cookie.
    """

    token: str
    user_id: str
    channel_id: str
    post_id: str
    team_id: str
    trigger_id: str
    choice: str


class SubmitRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog that was filled in; all but `user_id` comes from the user's own client.

    Where it was opened is in the token. What clients say of it is not read: from 10.10 on they hand in a channel that
    was open before, or none, and phones the one that is open by then.
    """

    token: str
    user_id: str
    values: dict[str, str | bool]
    cancelled: bool

    def chosen_people(self) -> tuple[str, ...]:
        """Return what may be the ids of chosen users, no more than any dialog asks for."""
        ids = (value for value in self.values.values() if isinstance(value, str) and _ID.fullmatch(value))
        return tuple(islice(ids, MOST_CHOSEN))


def command(form: Mapping[str, Any], mentioned: list[str]) -> CommandRequest:
    """Read the form of a slash command. Raises `BadRequest`."""
    fields = ("token", "team_id", "channel_id", "user_id", "text", "trigger_id", "root_id")
    values = {name: form.get(name, "") for name in fields}
    if not all(isinstance(value, str) for value in values.values()):
        raise BadRequest("a field of the form is a file")
    _want_ids(values["user_id"], values["channel_id"])
    return CommandRequest(**{name: _storable(value) for name, value in values.items()}, mentioned=tuple(mentioned))


def press(body: bytes) -> PressRequest:
    """Read the JSON of a press. Raises `BadRequest`."""
    read = _json(body)
    context = read.get("context")
    context = context if isinstance(context, dict) else {}
    request = PressRequest(
        token=_text(context, "m"),
        user_id=_text(read, "user_id"),
        channel_id=_text(read, "channel_id"),
        post_id=_text(read, "post_id"),
        team_id=_text(read, "team_id"),
        trigger_id=_text(read, "trigger_id"),
        choice=_text(context, "selected_option"),
    )
    _want_ids(request.user_id, request.channel_id)
    return request


def submission(body: bytes) -> SubmitRequest:
    """Read the JSON of a dialog. Raises `BadRequest`."""
    read = _json(body)
    submitted = read.get("submission")
    values = dict(islice(submitted.items(), MOST_FIELDS)) if isinstance(submitted, dict) else {}
    request = SubmitRequest(
        token=_text(read, "state"),
        user_id=_text(read, "user_id"),
        values={str(name): _value(value) for name, value in values.items() if value is not None},
        cancelled=read.get("cancelled") is True,
    )
    _want_ids(request.user_id)
    return request


def _json(body: bytes) -> dict[str, Any]:
    try:
        read = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest("this is not JSON") from error
    if not isinstance(read, dict):
        raise BadRequest("this is no JSON object")
    return read


def _text(read: Mapping[str, Any], name: str) -> str:
    value = read.get(name)
    return _storable(value) if isinstance(value, str) else ""


def _value(value: object) -> str | bool:
    """Return what stands in a field; clients send text, and true or false."""
    if isinstance(value, bool):
        return value
    return _storable(value) if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _storable(text: str) -> str:
    # No server lets a NUL through in a message, but a client of one's own sends it in a dialog; PostgreSQL keeps none.
    return text.replace("\0", "")


def _want_ids(*ids: str) -> None:
    for one in ids:
        if not _ID.fullmatch(one):
            raise BadRequest("an id is missing or malformed")
