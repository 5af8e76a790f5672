"""Databases that are there for one measurement: SQLite files, or schemas of the PostgreSQL database that is named."""

import os
import secrets
from pathlib import Path

from sqlalchemy import create_engine, text

POSTGRESQL = os.environ.get("MUSTER_BENCH_POSTGRESQL", "")


def fresh(folder: Path, name: str) -> str:
    """Return the URL of a new SQLite database."""
    return f"sqlite:///{folder / name}.sqlite"


def fresh_postgresql() -> str:
    """Return the URL of a new schema on PostgreSQL."""
    schema = f"bench_{secrets.token_hex(4)}"
    _execute(f"CREATE SCHEMA {schema}")
    return f"{POSTGRESQL}?options=-csearch_path%3D{schema}"


def drop(url: str) -> None:
    """Drop a schema that was made here."""
    if "search_path%3D" in url:
        _execute(f"DROP SCHEMA {url.rpartition('%3D')[2]} CASCADE")


def _execute(statement: str) -> None:
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
