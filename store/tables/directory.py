"""What the bot knows of the server's people, teams and channels, and up to when it has heard each channel."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel

from store.tables.base import json_field, time_field, word_field
from store.tables.words import PlaceKind


class KnownPerson(SQLModel, table=True):
    """A user: `timezone` is an IANA name or empty, `locale` and `roles` are the server's words that count here."""

    __tablename__ = "known_person"

    id: str = Field(primary_key=True)
    username: str = Field(index=True)
    timezone: str = ""
    locale: str = ""
    roles: str = ""
    is_bot: bool = False
    is_active: bool = True
    seen_at: datetime = time_field()


class KnownTeam(SQLModel, table=True):
    """A team that the bot is in."""

    __tablename__ = "known_team"

    id: str = Field(primary_key=True)
    name: str
    title: str = ""
    seen_at: datetime = time_field()


class TeamMember(SQLModel, table=True):
    """Whether somebody is in a team, as the server said at `seen_at`; `key_of` makes the `id` of both."""

    __tablename__ = "team_member"

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    person_id: str
    is_member: bool
    seen_at: datetime = time_field()

    @staticmethod
    def key_of(team_id: str, person_id: str) -> str:
        """Return the id of what is known of a person and a team."""
        return f"{team_id}:{person_id}"


class KnownPlace(SQLModel, table=True):
    """A channel as the server says it is now: nothing else that is stored repeats its kind, name or title.

    `kind` is empty as long as it is in doubt; all this was so `as_of` a time of the
    server's (ms). `heard_until` is the server's time (ms) of the last message that was heard and dealt with.
    """

    __tablename__ = "known_place"
    __table_args__ = (Index("place_open", "kind", "left_by_hand", "id"),)

    id: str = Field(primary_key=True)
    team_id: str = Field(default="", index=True)
    kind: PlaceKind | Literal[""] = word_field(default="O")
    name: str = Field(default="", index=True)
    title: str = ""
    is_member: bool = False
    left_by_hand: bool = False
    as_of: int = Field(default=0, sa_type=BigInteger)
    heard_until: int = Field(default=0, sa_type=BigInteger)
    seen_at: datetime = time_field()


class FormerName(SQLModel, table=True):
    """A name that a channel of a team had before, so that playbooks that still say it find the channel."""

    __tablename__ = "former_name"

    team_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    place_id: str


class KnownGroup(SQLModel, table=True):
    """Who is in a group of the server's, which is known by its `name`, as the server said at `seen_at`.

    `is_there` is False where there is none of that name, or the server has none at all, or tells the bot of none.
    """

    __tablename__ = "known_group"

    name: str = Field(primary_key=True)
    person_ids: list[str] = json_field(default_factory=list)
    is_there: bool = True
    seen_at: datetime = time_field()
