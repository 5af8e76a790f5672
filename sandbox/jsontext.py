"""Writes JSON the way the server does: compact, characters as they are."""

import json
from typing import Any


def dump(value: Any) -> str:
    """Return compact JSON, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
