"""Who is signed in to the pages in which browser, and the passes by which people get in; no secret stands in them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlmodel import Field, SQLModel

from store.tables.base import json_field, time_field

UNUSED_FOR = timedelta(days=7)
"""After how long a session ends that nobody uses."""
SESSION_AT_MOST = timedelta(days=30)
"""After how long any session ends."""
PASS_FOR = timedelta(minutes=10)
NOTED_EVERY = timedelta(hours=1)
"""How exactly it is known when a session was used last, so that not every look at a page writes."""


def key_of(secret: str) -> str:
    """Return what is stored of a secret: nobody can find it by that."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Flash(msgspec.Struct, frozen=True, kw_only=True):
    """What the next page says: `text` is Markdown; where a form was wrong, which one, what of it, and all its words."""

    text: str = ""
    title: str = ""
    is_refusal: bool = False
    action: str = ""
    run_id: int = 0
    errors: dict[str, str] = {}
    values: dict[str, str] = {}


class PageSession(SQLModel, table=True):
    """A browser in which somebody is signed in; `key` is what is stored of the cookie."""

    __tablename__ = "page_session"

    key: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    made_at: datetime = time_field()
    used_at: datetime = time_field(index=True)
    flashes: list[dict[str, Any]] = json_field(default_factory=list)

    @property
    def told(self) -> list[Flash]:
        """What the next page says."""
        return msgspec.convert(self.flashes, list[Flash])

    def is_over(self, now: datetime) -> bool:
        return now >= min(self.made_at + SESSION_AT_MOST, self.used_at + UNUSED_FOR)


class PagePass(SQLModel, table=True):
    """A link that lets one person in, once: what is stored of the link and of the code that may be typed instead."""

    __tablename__ = "page_pass"

    key: str = Field(primary_key=True)
    code_key: str = Field(unique=True)
    person_id: str = Field(index=True)
    wanted: str = ""
    made_at: datetime = time_field(index=True)

    def is_over(self, now: datetime) -> bool:
        return now >= self.made_at + PASS_FOR
