"""What a file said that its conversion does not show is kept beside it, and given back until somebody changes that."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def kept_of(said: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """Return as JSON text what was `said` and is not `shown` as it was; empty where all of it is.

    `said` holds the values themselves, `for` a digest of what is shown in the place of each: only as long as that is
    shown, the value is given back.
    """
    differing = {key for key in {*said, *shown} if key not in said or key not in shown or not _same(said, shown, key)}
    if not differing:
        return ""
    rest = {
        "said": {key: said[key] for key in differing if key in said},
        "for": {key: digest(shown[key]) for key in differing if key in shown},
    }
    return json.dumps({key: value for key, value in rest.items() if value}, sort_keys=True, ensure_ascii=False)


def restored(shown: Mapping[str, Any], kept: str) -> dict[str, Any]:
    """Return what is shown with what was kept in its place, wherever that was not changed since."""
    rest = json.loads(kept) if kept else {}
    said, instead = rest.get("said", {}), rest.get("for", {})
    if not isinstance(said, dict) or not isinstance(instead, dict):
        return dict(shown)
    found = {key: value for key, value in shown.items() if digest(value) != instead.get(key)}
    return found | {
        key: value for key, value in said.items() if key not in found and (key in shown or key not in instead)
    }


def digest(value: object) -> str:
    """Return a short word that tells one JSON value from others."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _same(said: Mapping[str, Any], shown: Mapping[str, Any], key: str) -> bool:
    # Not by ==, for which 1 is true.
    return digest(said[key]) == digest(shown[key])
