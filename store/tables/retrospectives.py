"""What is written of a run when it is over: a retrospective, its sections with their versions, and who reads along."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from store.tables.base import id_field, time_field, word_field
from store.tables.words import RetroState, SectionKind


class Retrospective(SQLModel, table=True):
    """The one of a run: `wanted` is what people decided for this run, None where the playbook says.

    `drafted_at` is None until the run is over for the first time. `lead` is the sentence that it was told with. What
    was published stays so when the run is taken up again; `has_more` then tells that an addendum is to be published.
    """

    __tablename__ = "retrospective"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", unique=True)
    wanted: bool | None = Field(default=None, nullable=True)
    state: RetroState = word_field(default="draft")
    has_more: bool = False
    drafted_at: datetime | None = time_field(default=None, nullable=True)
    published_at: datetime | None = time_field(default=None, nullable=True)
    published_by: str = ""
    lead: str = ""
    skipped_at: datetime | None = time_field(default=None, nullable=True)
    skipped_by: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Return whether there is something to publish or to skip."""
        return self.drafted_at is not None and (self.state == "draft" or (self.state == "published" and self.has_more))


class RetroSection(SQLModel, table=True):
    """A part of a retrospective; `position` counts from 1, `part` names which facts it has.

    Facts are made anew whenever they are read, until somebody writes over them (`by_hand`), or they are published and
    kept as `text`. Those of an addendum tell what happened `since` a time. `version` counts what it was made to say.
    """

    __tablename__ = "retro_section"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    position: int
    kind: SectionKind = word_field()
    part: str = ""
    title: str
    hint: str = ""
    text: str = ""
    by_hand: bool = False
    version: int = 0
    written_by: str = ""
    written_at: datetime | None = time_field(default=None, nullable=True)
    since: datetime | None = time_field(default=None, nullable=True)
    published_at: datetime | None = time_field(default=None, nullable=True)

    @property
    def is_generated(self) -> bool:
        """Return whether it says what the bot has recorded, in the bot's words."""
        return self.kind == "facts" and not self.by_hand


class RetroVersion(SQLModel, table=True):
    """What a section was made to say by somebody, or by the bot where nobody is named."""

    __tablename__ = "retro_version"
    __table_args__ = (UniqueConstraint("section_id", "version"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    section_id: int = Field(foreign_key="retro_section.id")
    version: int
    text: str
    by: str = ""
    at: datetime = time_field()


class RetroComment(SQLModel, table=True):
    """What somebody says to a section, or to all of it (`section_id` None), before it is published."""

    __tablename__ = "retro_comment"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    section_id: int | None = Field(default=None, foreign_key="retro_section.id")
    text: str
    by: str
    at: datetime = time_field()
    settled_by: str = ""
    settled_at: datetime | None = time_field(default=None, nullable=True)


class RetroReader(SQLModel, table=True):
    """Somebody who was asked to read a draft, and when they answered that they have."""

    __tablename__ = "retro_reader"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id")
    person_id: str
    asked_by: str
    asked_at: datetime = time_field()
    answered_at: datetime | None = time_field(default=None, nullable=True)


class RetroWriter(SQLModel, table=True):
    """Somebody who is writing a section, as of when that was last noticed."""

    __tablename__ = "retro_writer"
    __table_args__ = (UniqueConstraint("section_id", "person_id"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    section_id: int = Field(foreign_key="retro_section.id")
    person_id: str
    at: datetime = time_field()
