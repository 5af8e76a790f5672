"""Reads a dialog the way servers do: known fields only, wrong types refused, nothing else."""

from typing import Any, TypeVar

from .errors import bad_body
from .versions import Version

T = TypeVar("T")

_TEXTS = ["callback_id", "title", "introduction_text", "icon_url"]
_ELEMENT_TEXTS = ["display_name", "name", "type", "subtype", "default", "placeholder", "help_text"]
_NEW_TEXTS = ["data_source_url", "min_date", "max_date"]


def read_dialog(version: Version, row: dict[str, Any]) -> dict[str, Any]:
    """Return a dialog with all its keys, as it is shown to clients."""
    found: dict[str, Any] = {key: _text(row, key) for key in _TEXTS}
    elements = row.get("elements")
    if elements is not None and not _is_objects(elements):
        raise bad_body("dialog")
    found["elements"] = [_element(version, item) for item in elements] if elements else elements
    found["submit_label"] = _text(row, "submit_label")
    found["notify_on_cancel"] = _flag(row, "notify_on_cancel")
    found["state"] = _text(row, "state")
    if version.newest and row.get("source_url"):
        found["source_url"] = _text(row, "source_url")
    return found


def _element(version: Version, row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {key: _text(row, key) for key in _ELEMENT_TEXTS}
    found["optional"] = _flag(row, "optional")
    found |= {key: _number(row, key) for key in ("min_length", "max_length")}
    found["data_source"] = _text(row, "data_source")
    options = row.get("options")
    if options is not None and not _is_objects(options):
        raise bad_body("dialog")
    found["options"] = options and [{"text": _text(item, "text"), "value": _text(item, "value")} for item in options]
    if version.newest:
        found["multiselect"] = _flag(row, "multiselect")
        found |= {key: _text(row, key) for key in _NEW_TEXTS if row.get(key)}
        if row.get("refresh"):
            found["refresh"] = _flag(row, "refresh")
        if row.get("time_interval"):
            found["time_interval"] = _number(row, "time_interval")
        if isinstance(row.get("datetime_config"), dict):
            found["datetime_config"] = row["datetime_config"]
    return found


def _text(row: dict[str, Any], key: str) -> str:
    return _typed(row, key, str, "")


def _flag(row: dict[str, Any], key: str) -> bool:
    return _typed(row, key, bool, False)


def _number(row: dict[str, Any], key: str) -> int:
    return _typed(row, key, int, 0)


def _typed(row: dict[str, Any], key: str, kind: type[T], default: T) -> T:
    value = row.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise bad_body("dialog")
    return value


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)
