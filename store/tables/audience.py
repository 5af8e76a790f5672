"""Whom playbooks name to look at their runs: each saying once, so that one question finds all that it opens."""

import hashlib
from collections.abc import Mapping
from typing import Any, Self

import msgspec
from sqlmodel import Field, SQLModel

from store.tables.base import json_field

KEY_LENGTH = 16


class Audience(SQLModel, table=True):
    """What a playbook says of who sees its runs; its `key` is made of just that.

    `names` are its admins and members, as "@name". A `closed` one is seen by them alone, whatever the channel is.
    `to_team` tells whether the team sees a run that has no channel yet.
    """

    __tablename__ = "audience"

    key: str = Field(primary_key=True)
    names: list[str] = json_field(default_factory=list)
    closed: bool = False
    to_team: bool = False

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Self:
        """Return what a playbook's definition says."""
        members = definition.get("members", ())
        names = sorted({*definition.get("admins", ()), *members})
        to_team = not members and definition.get("channel", {}).get("visibility") == "public"
        said = msgspec.json.encode((names, bool(members), to_team))
        key = hashlib.sha256(said).hexdigest()[:KEY_LENGTH]
        return cls(key=key, names=names, closed=bool(members), to_team=to_team)
