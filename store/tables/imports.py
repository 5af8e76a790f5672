"""Imports of playbooks that somebody has begun: what the files hold, until it is decided whether they are imported."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.tables.base import id_field, json_field, time_field


class Import(SQLModel, table=True):
    """Playbooks that somebody (`by`) wants to import, told with their plan by the message `message_id` or on a page.

    `documents` are as `handlers/operations/keep_import.py` writes them. `team`, `on_conflict` and `leave_unknown` are
    what was decided by now; `agreed` is the digest of the plan that was shown last.
    """

    __tablename__ = "import"

    id: int = id_field()
    by: str = Field(index=True)
    at: datetime = time_field()
    documents: list[dict[str, Any]] = json_field()
    team: str = ""
    on_conflict: str = "fail"
    leave_unknown: bool = False
    agreed: str = ""
    message_id: int | None = Field(default=None, foreign_key="message.id")
