"""Rows that tests of the store begin with."""

from datetime import UTC, datetime
from typing import Any

from store import Departing, Run

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def outgoing(lane: str, key: str, **more: Any) -> Departing:
    said = {"replaces": None, "needs_message": None, "effect": {}, "created_at": NOW, "next_at": NOW}
    return Departing(key=key, lane=lane, **said | more)


def a_run(key: str = "k") -> Run:
    return Run(key=key, team_id="t", definition={}, name="r", owner_id="a", creator_id="a", created_at=NOW)
