"""Message attachments: how the server reads them, keeps them and shows them."""

from typing import Any

from .ids import new_id
from .model import Props

Attachment = dict[str, Any]
Action = dict[str, Any]

_TEXTS = ["fallback", "color", "pretext", "author_name", "author_link", "author_icon", "title", "title_link", "text"]
_LATE_TEXTS = ["image_url", "thumb_url", "footer", "footer_icon"]
_OPTIONAL = ["disabled", "style", "data_source", "options", "default_option"]


def read_props(props: Props, with_tooltips: bool) -> Props:
    """Return props as stored: attachments in full form, every action with an id."""
    if "attachments" not in props:
        return dict(props)
    rows = props["attachments"]
    if not isinstance(rows, list):
        return {**props, "attachments": None}
    read = [read_attachment(row, with_tooltips) for row in rows if isinstance(row, dict)]
    return {**props, "attachments": read}


def read_attachment(row: Attachment, with_tooltips: bool) -> Attachment:
    """Give one attachment all its keys, in the order in which servers show them."""
    found: Attachment = {"id": row.get("id") if isinstance(row.get("id"), int) else 0}
    found |= {key: _text(row.get(key)) for key in _TEXTS}
    found["fields"] = _fields(row.get("fields"))
    found |= {key: _text(row.get(key)) for key in _LATE_TEXTS}
    found["ts"] = row.get("ts")
    actions = row.get("actions")
    if isinstance(actions, list) and actions:
        read = [_action(item, with_tooltips) for item in actions if isinstance(item, dict)]
        found["actions"] = read
    return found


def actions_of(props: Props) -> list[Action]:
    """Return all buttons and menus of a post."""
    rows = props.get("attachments") or []
    return [action for row in rows for action in row.get("actions", [])]


def strip(props: Props, keep: bool = False) -> Props:
    """Return props as clients may see them: no integration, no context."""
    rows = props.get("attachments")
    if keep or not rows:
        return props
    return {**props, "attachments": [_stripped(row) for row in rows]}


def has_same_look(old: Props, new: Props) -> bool:
    """Say whether two sets of attachments are equal but for what their buttons call."""
    return strip(old).get("attachments") == strip(new).get("attachments")


def searchable_text(props: Props, newest: bool) -> list[str]:
    """Return the attachment texts in which a mention counts; the values of fields are among them since 11."""
    rows = props.get("attachments") or []
    fields = [field["value"] for row in rows for field in row.get("fields") or [] if newest]
    texts = [*(text for row in rows for text in (row["pretext"], row["text"])), *fields]
    return [text for text in texts if text and isinstance(text, str)]


def _stripped(row: Attachment) -> Attachment:
    if "actions" not in row:
        return row
    hidden = ("integration",)
    actions = [{k: v for k, v in action.items() if k not in hidden} for action in row["actions"]]
    return {**row, "actions": actions}


def _fields(rows: Any) -> list[dict[str, Any]] | None:
    if not isinstance(rows, list):
        return None
    return [
        {
            "title": _text(row.get("title")),
            "value": row.get("value"),
            "short": bool(row.get("short", False)),
        }
        for row in rows
        if isinstance(row, dict)
    ]


def _action(row: Action, with_tooltips: bool) -> Action:
    found: Action = {
        "id": _text(row.get("id")) or new_id(),
        "type": _text(row.get("type")),
        "name": _text(row.get("name")),
    }
    if with_tooltips and row.get("tooltip"):
        found["tooltip"] = row["tooltip"]
    found |= {key: row[key] for key in _OPTIONAL if row.get(key)}
    if isinstance(row.get("integration"), dict):
        found["integration"] = _integration(row["integration"])
    if row.get("cookie"):
        found["cookie"] = row["cookie"]
    return found


def _integration(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.get("url"):
        found["url"] = row["url"]
    if row.get("context"):
        found["context"] = row["context"]
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
