"""People in their parts: roles of a run, followers, handovers, and what each person wants to be told."""

from datetime import datetime
from typing import Literal

from sqlmodel import Field, SQLModel, UniqueConstraint

from store.tables.base import id_field, time_field, word_field
from store.tables.words import HandoverAnswer


class RoleHolder(SQLModel, table=True):
    """Who has a named role of a run, such as commander or scribe; nobody as long as `person_id` is empty.

    `by_hand` tells that people decided who has it, so that a rota does not pass it on.
    """

    __tablename__ = "role_holder"
    __table_args__ = (UniqueConstraint("run_id", "role"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    role: str
    person_id: str = ""
    by_hand: bool = False


class Follower(SQLModel, table=True):
    """Somebody who is told of a run's updates and its end by direct message."""

    __tablename__ = "follower"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id")
    person_id: str = Field(index=True)


class Handover(SQLModel, table=True):
    """An owner's wish to hand a run over; `answer` is empty as long as it is open."""

    __tablename__ = "handover"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    from_id: str
    to_id: str
    words: str = ""
    asked_at: datetime = time_field()
    answered_at: datetime | None = time_field(default=None, nullable=True)
    answer: HandoverAnswer | Literal[""] = word_field(default="")


class PersonSettings(SQLModel, table=True):
    """What a person wants to be told unasked; `digest_on` is the date (ISO, in their zone) of the last digest."""

    __tablename__ = "person_settings"

    person_id: str = Field(primary_key=True)
    daily: bool = True
    weekly: bool = True
    digest_on: str = ""
