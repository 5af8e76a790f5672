"""What is proposed to be changed in playbooks, line by line, and the text of the files that they are read from."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.tables.base import id_field, json_field, time_field


class PlaybookText(SQLModel, table=True):
    """The text of the file from which a playbook was read last, as it stands there."""

    __tablename__ = "playbook_text"

    playbook_id: int = Field(primary_key=True, foreign_key="playbook.id")
    text: str


class Proposal(SQLModel, table=True):
    """A proposal to change a playbook, told by the message `message_id` in a thread or to one person.

    `lines` are as `handlers/operations/propose_changes.py` writes them. `root_id` is the thread that it stands in.
    """

    __tablename__ = "proposal"

    id: int = id_field()
    playbook_id: int = Field(foreign_key="playbook.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    place_id: str = ""
    root_id: str = ""
    asked_by: str
    at: datetime = time_field()
    lines: list[dict[str, Any]] = json_field(default_factory=list)
    patched_at: datetime | None = time_field(default=None, nullable=True)
