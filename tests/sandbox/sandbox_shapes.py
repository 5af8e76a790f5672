"""Compares what the sandbox sends with excerpts of what real servers sent."""

import json
from pathlib import Path
from typing import Any

CAPTURES = Path(__file__).with_name("captures")
_BY_ID = {"posts", "omit_users", "channel_times"}
_JSON_TEXT = {"post", "channel", "reaction", "member", "channelMember", "dialog", "mentions", "teammate_ids"}
_FREE = {"props"}


def capture(version: str, kind: str) -> dict[str, Any]:
    """Return the excerpts of a version; none were taken of 10.0, which is close to 11.6."""
    found: dict[str, Any] = json.loads((CAPTURES / f"{version}-{kind}.json").read_text())
    return found


def shape(value: Any, key: str = "") -> Any:
    """Return the keys of a value, in their order, and the types of what they hold."""
    if isinstance(value, str) and key in _JSON_TEXT and value[:1] in ("{", "["):
        return ["json", shape(json.loads(value))]
    if isinstance(value, dict):
        if key in _FREE:
            return "object"
        if key in _BY_ID:
            return {"by id": shape(next(iter(value.values()), None))}
        return [(name, shape(inner, name)) for name, inner in value.items()]
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def error_of(body: Any) -> Any:
    """Return what a client may rely on in an error."""
    return {name: text for name, text in body.items() if name != "request_id"}
