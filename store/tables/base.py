"""What all tables share: times that are always UTC, JSON columns, and short random keys."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, inspect, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import AutoString, Field, SQLModel

UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_KEY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class UtcTime(TypeDecorator[datetime]):
    """A point in time: refused without a zone, kept and given back in UTC (SQLite keeps no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def time_field(**options: Any) -> Any:
    """Return a column for a UTC time; options as for `Field`."""
    return Field(sa_type=UtcTime, **options)


def id_field() -> Any:
    """Return a column for the number that the database gives to a row; it is known as soon as the row is added."""
    return Field(default=None, primary_key=True)


def word_field(**options: Any) -> Any:
    """Return a column for one of the words of a `Literal`; options as for `Field`."""
    return Field(sa_type=AutoString, **options)


def only_where(condition: str) -> dict[str, Any]:
    """Return the options of an index that has only the rows that fulfil a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def json_field(**options: Any) -> Any:
    """Return a column for JSON; options as for `Field`."""
    return Field(sa_type=JSON, **options)


def new_key(length: int = 10) -> str:
    """Return a random word of letters and digits that are hard to confuse."""
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(length))


@cache
def _columns(kind: type[SQLModel]) -> tuple[str, ...]:
    return tuple(inspect(kind).columns.keys())


def values_of(row: SQLModel) -> dict[str, Any]:
    """Return what a row that was read, or written, holds now, by the names of its columns."""
    return {name: getattr(row, name) for name in _columns(type(row))}


def changes_of(row: SQLModel, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a row holds now, as far as it differs from its attributes `before`; None for a row that is new."""
    now = values_of(row)
    return now if before is None else {name: value for name, value in now.items() if before[name] != value}
