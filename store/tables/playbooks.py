"""Playbooks and their versions; a run keeps a copy of the version it started from."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from store.tables.base import id_field, json_field, time_field


class PlaybookRow(SQLModel, table=True):
    """A playbook: `key` is its short name, `teams` where it holds (none: in all).

    `version` is the number of the one in use; 0 as long as none was published. `source` tells where it is kept:
    `starter:` or `file:` and a name, or `made:` where people made it here. `held` is what of it is off until an admin
    has looked at it (`commands`, `webhooks`). `next_number` is what its next run is numbered with, as INC-0042.
    `revision` grows with each change of what it is or is to become (`PlaybookEdit`).
    """

    __tablename__ = "playbook"

    id: int = id_field()
    key: str = Field(unique=True)
    title: str
    version: int = 1
    source: str = ""
    teams: list[str] = json_field(default_factory=list)
    keywords: list[str] = json_field(default_factory=list)
    archived_at: datetime | None = time_field(default=None, nullable=True)
    held: list[str] = json_field(default_factory=list, sa_column_kwargs={"server_default": "[]"})
    prefix: str = Field(default="", sa_column_kwargs={"server_default": ""})
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_number: int = Field(default=1, sa_column_kwargs={"server_default": "1"})

    @property
    def is_made_here(self) -> bool:
        """Return whether people change it in chat and on pages; others are changed in their files."""
        return self.source.startswith("made:")


class PlaybookVersion(SQLModel, table=True):
    """One version of a playbook, whole, as JSON; `digest` tells whether a source has changed.

    `words` say what was changed in it, `by` is who published it; both are empty of one that was read from a file.
    """

    __tablename__ = "playbook_version"
    __table_args__ = (UniqueConstraint("playbook_id", "version"),)

    id: int = id_field()
    playbook_id: int = Field(foreign_key="playbook.id")
    version: int
    definition: dict[str, Any] = json_field()
    digest: str
    created_at: datetime = time_field()
    words: str = Field(default="", sa_column_kwargs={"server_default": ""})
    by: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PlaybookDraft(SQLModel, table=True):
    """What a playbook is to become, not published yet; there is one for all who edit it.

    It began as version `base` (0: as a new one). `revision` grows with each change of it, so that nobody writes over
    what somebody else has saved.
    """

    __tablename__ = "playbook_draft"

    playbook_id: int = Field(primary_key=True, foreign_key="playbook.id")
    definition: dict[str, Any] = json_field()
    base: int = 0
    revision: int = 1
    by: str
    at: datetime = time_field()


class PlaybookEdit(SQLModel, table=True):
    """What a playbook was to become at one `revision` of it, so that a change of that is put into what is there now.

    Revisions count on through drafts and versions; 0 is what nobody has changed yet.
    """

    __tablename__ = "playbook_edit"

    playbook_id: int = Field(primary_key=True, foreign_key="playbook.id")
    revision: int = Field(primary_key=True)
    definition: dict[str, Any] = json_field()
    by: str
    at: datetime = time_field()


class PlaybookCheck(SQLModel, table=True):
    """What the admins of a playbook were told last that is not right with it, by its keys, so that they hear it once."""

    __tablename__ = "playbook_check"

    playbook_id: int = Field(primary_key=True, foreign_key="playbook.id")
    told: list[str] = json_field(default_factory=list)
    at: datetime = time_field()
