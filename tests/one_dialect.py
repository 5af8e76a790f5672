"""Lets all SQLite databases of a test process share the statements that were put together for one of them."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_statements: dict[Any, Any] = {}


class OneDialect(SQLiteDialect_pysqlite):
    """The library's own, but the same for every database: hundreds of statements are not put together in each test."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_statements)


def share_statements() -> None:
    """Have each SQLite database opened from now on share what the others have put together."""
    registry.register("sqlite", __name__, OneDialect.__name__)
