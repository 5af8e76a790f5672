"""Dialogs: opening them for somebody, and handing what was typed to the integration."""

import json
from typing import Any

from ..dialog import read_dialog
from ..errors import ApiError, bad_body
from ..hub import Event
from ..jsontext import dump
from ..outgoing import Answer, CallFailed
from ..permissions import may_in_team, may_read, require
from ..routing import OK, Call, Route, string
from ..triggers import decode_trigger

_SUBMISSION, _REFRESH, _LOOKUP = "dialog_submission", "refresh", "dialog_lookup"
_PLAIN_TYPES = ("", "ok", "navigate")


async def open_dialog(call: Call) -> Any:
    """Show a dialog to the person whose action made the trigger id; no login is needed."""
    body = call.object("dialog")
    url, inner = string(body, "url"), body.get("dialog")
    if not url:
        raise bad_body("url")
    if not isinstance(inner, dict):
        raise bad_body("dialog")
    client, user_id = decode_trigger(call.world, string(body, "trigger_id"))
    shown = {"trigger_id": client, "url": url, "dialog": read_dialog(call.world.version, inner)}
    event = Event("open_dialog", {"dialog": dump(shown)}, user_id=user_id)
    call.world.hub.publish(event)
    return OK


async def submit(call: Call) -> Any:
    """Hand a filled-in or cancelled dialog to the integration and its verdict to the client."""
    body = call.object("dialog")
    kind = _SUBMISSION
    if call.world.version.newest and body.get("type") == _REFRESH:
        kind = _REFRESH
    answer = await _ask(call, body, kind)
    return _verdict(call, answer)


async def lookup(call: Call) -> Any:
    """Ask the integration for the options of a menu while somebody types."""
    answer = await _ask(call, call.object("dialog"), _LOOKUP)
    found = _object(answer)
    return {"items": (found or {}).get("items") or []}


async def _ask(call: Call, body: dict[str, Any], kind: str) -> Answer:
    url = string(body, "url")
    if not url:
        raise bad_body("url")
    _check_place(call, string(body, "channel_id"), string(body, "team_id"))
    submission = body.get("submission")
    if submission is not None and not isinstance(submission, dict):
        raise bad_body("dialog")
    request = {
        "type": kind,
        "callback_id": string(body, "callback_id"),
        "state": string(body, "state"),
        # Whoever the client claims to be, the integration hears who is logged in.
        "user_id": call.user.id,
        "channel_id": string(body, "channel_id"),
        "team_id": string(body, "team_id"),
        "submission": dict(sorted(submission.items())) if submission is not None else None,
        "cancelled": bool(body.get("cancelled")),
    } | call.world.dialog_place
    limited = call.world.version.newest
    try:
        answer = await call.world.outgoing.post_json(url, request, limited=limited)
    except CallFailed as error:
        if "too large" in str(error):
            raise _undecodable() from None
        raise _failed() from None
    if answer.status != 200:
        raise _failed()
    return answer


def _check_place(call: Call, channel_id: str, team_id: str) -> None:
    require(call.world.version.modern or channel_id in call.world.channels)
    require(may_read(call.world, call.user, call.world.channel(channel_id)))
    require(may_in_team(call.world, call.user, team_id, "view_team"))


def _verdict(call: Call, answer: Answer) -> dict[str, Any]:
    """Return what the client is told: errors, and on 11.6 also the next form."""
    if not answer.body.strip():
        return {}
    found, newest = _object(answer), call.world.version.newest
    if found is None:
        if newest:
            raise _undecodable()
        return {}
    verdict: dict[str, Any] = {}
    errors = found.get("errors")
    if isinstance(errors, dict) and errors:
        if newest and not all(isinstance(text, str) for text in errors.values()):
            raise _undecodable()
        verdict["errors"] = {k: v if isinstance(v, str) else "" for k, v in errors.items()}
    if isinstance(found.get("error"), str) and found["error"]:
        verdict["error"] = found["error"]
    return verdict | (_next_step(call, found) if newest else {})


def _next_step(call: Call, found: dict[str, Any]) -> dict[str, Any]:
    kind, form = found.get("type") or "", found.get("form")
    if kind == "form" and isinstance(form, dict):
        return {"type": "form", "form": read_dialog(call.world.version, form)}
    if form is not None or kind not in _PLAIN_TYPES:
        raise ApiError("app.submit_interactive_dialog.invalid_response", 400)
    return {"type": kind} if kind else {}


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        value = json.loads(answer.body)
    except ValueError:
        return None
    if value is None:
        return {}
    return value if isinstance(value, dict) else None


def _failed() -> ApiError:
    return ApiError("api.post.do_action.action_integration.app_error", 400)


def _undecodable() -> ApiError:
    return ApiError("app.submit_interactive_dialog.decode_json_error", 500)


ROUTES = [
    Route("POST", "/actions/dialogs/open", open_dialog, public=True),
    Route("POST", "/actions/dialogs/submit", submit),
    Route("POST", "/actions/dialogs/lookup", lookup, since=11),
]
