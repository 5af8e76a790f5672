"""Databases that are there for one measurement: SQLite files, or schemas of the PostgreSQL database that is named."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

POSTGRESQL = os.environ.get("MUSTER_BENCH_POSTGRESQL", "")
KINDS = ("SQLite", "PostgreSQL") if POSTGRESQL else ("SQLite",)


@contextmanager
def two(kind: str) -> Iterator[tuple[str, str]]:
    """Give the URLs of two empty databases of a kind, which are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        lasting = kind == "PostgreSQL"
        urls = [_schema() if lasting else fresh(Path(folder), name) for name in ("one", "two")]
        try:
            yield urls[0], urls[1]
        finally:
            for url in urls if lasting else ():
                _execute(f"DROP SCHEMA {url.rpartition('%3D')[2]} CASCADE")


def fresh(folder: Path, name: str) -> str:
    """Return the URL of a new SQLite database."""
    return f"sqlite:///{folder / name}.sqlite"


def caveat(kind: str) -> str:
    """Say it where the named PostgreSQL does not wait for its disk: a commit there costs next to nothing."""
    if kind != "PostgreSQL":
        return ""
    engine = create_engine(POSTGRESQL)
    with engine.connect() as connection:
        settings = [str(connection.execute(text(f"SHOW {name}")).scalar()) for name in ("fsync", "synchronous_commit")]
    engine.dispose()
    return ", on a server whose commits do not wait for the disk" if "off" in settings else ""


def _schema() -> str:
    schema = f"bench_{secrets.token_hex(4)}"
    _execute(f"CREATE SCHEMA {schema}")
    return f"{POSTGRESQL}?options=-csearch_path%3D{schema}"


def _execute(statement: str) -> None:
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
