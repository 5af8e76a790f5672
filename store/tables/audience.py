"""Whom playbooks name to look at their runs: each saying once, so that one question finds all that it opens."""

import hashlib
from collections.abc import Mapping
from typing import Any, Self

import msgspec
from sqlmodel import Field, SQLModel

from store.tables.base import json_field

KEY_LENGTH = 16


def is_private(definition: Mapping[str, Any]) -> bool:
    """Return whether a playbook's members and admins alone see and start it."""
    visibility = definition.get("visibility") or ""
    return bool(visibility == "private" or (visibility == "" and definition.get("members")))


def is_closed(definition: Mapping[str, Any]) -> bool:
    """Return whether runs of a playbook are not the team's to see, whatever their channel is."""
    return is_private(definition) or bool(definition.get("see_runs"))


class Audience(SQLModel, table=True):
    """What a playbook says of who sees its runs; its `key` is made of just that.

    `names` are its admins and members, as "@name" and "group:name". A `closed` one is seen by them alone, whatever the
    channel is. `to_team` tells whether the team sees a run that has no channel yet.
    """

    __tablename__ = "audience"

    key: str = Field(primary_key=True)
    names: list[str] = json_field(default_factory=list)
    closed: bool = False
    to_team: bool = False

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Self:
        """Return what a playbook's definition says."""
        members = () if definition.get("see_runs") == "participants" else definition.get("members", ())
        names, closed = sorted({*definition.get("admins", ()), *members}), is_closed(definition)
        to_team = not closed and definition.get("channel", {}).get("visibility") == "public"
        said = msgspec.json.encode((names, closed, to_team))
        key = hashlib.sha256(said).hexdigest()[:KEY_LENGTH]
        return cls(key=key, names=names, closed=closed, to_team=to_team)
