"""What people changed in a run's tasks, kept so that it can be told and undone."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Field, SQLModel

from store.tables.base import id_field, json_field, time_field, word_field
from store.tables.words import ChangeKind

CHANGES_KEPT = timedelta(days=30)
"""For how long a change can be told and taken back."""


class Change(SQLModel, table=True):
    """One operation on a run's checklists and tasks; its `key` is its name within the run.

    `kind` names the operation, `label` says what it was about. `rows` are the rows that it changed, each with its
    table, id, and the values of the changed columns before and after. `tasks` are the tasks that it was about.
    """

    __tablename__ = "change"

    id: int = id_field()
    key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    run_id: int = Field(foreign_key="run.id", index=True)
    at: datetime = time_field()
    by: str
    kind: ChangeKind = word_field()
    label: str = ""
    rows: list[dict[str, Any]] = json_field(default_factory=list)
    tasks: list[int] = json_field(default_factory=list)
    undone_at: datetime | None = time_field(default=None, nullable=True)
    undone_by: str = ""


@dataclass
class NewChange:
    """A change as it is made, by the same names; a row of the mapper's takes many times as long to make."""

    run_id: int
    at: datetime
    by: str
    kind: ChangeKind
    label: str
    rows: list[dict[str, Any]]
    tasks: list[int]
    key: str = field(default_factory=lambda: secrets.token_hex(6))
