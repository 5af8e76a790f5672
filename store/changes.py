"""What people changed in a run's tasks, kept so that it can be told and undone."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.base import json_field, time_field


class Change(SQLModel, table=True):
    """One operation on a run's checklists and tasks.

    `kind` names the operation, `label` says what it was about. `rows` are the rows that it changed, each with its
    table, id, and the values of the changed columns before and after. `tasks` are the tasks that it was about.
    """

    __tablename__ = "change"

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    at: datetime = time_field()
    by: str
    kind: str
    label: str = ""
    rows: list[dict[str, Any]] = json_field(default_factory=list)
    tasks: list[int] = json_field(default_factory=list)
    undone_at: datetime | None = time_field(default=None, nullable=True)
    undone_by: str = ""
