"""Playbooks and their versions; a run keeps a copy of the version it started from."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from store.tables.base import id_field, json_field, time_field


class PlaybookRow(SQLModel, table=True):
    """A playbook: `key` is its short name, `version` the newest one's number, `teams` where it holds (none: in all)."""

    __tablename__ = "playbook"

    id: int = id_field()
    key: str = Field(unique=True)
    title: str
    version: int = 1
    source: str = ""
    teams: list[str] = json_field(default_factory=list)
    keywords: list[str] = json_field(default_factory=list)
    archived_at: datetime | None = time_field(default=None, nullable=True)


class PlaybookVersion(SQLModel, table=True):
    """One version of a playbook, whole, as JSON; `digest` tells whether a source has changed."""

    __tablename__ = "playbook_version"
    __table_args__ = (UniqueConstraint("playbook_id", "version"),)

    id: int = id_field()
    playbook_id: int = Field(foreign_key="playbook.id")
    version: int
    definition: dict[str, Any] = json_field()
    digest: str
    created_at: datetime = time_field()
