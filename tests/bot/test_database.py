"""Opening the database: what is logged of its schema, and what is only looked at stays as it is."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from bot.database import looking, open_database
from bot.logs.log import set_up


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up("info", "json", stream := io.StringIO())
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_migration_is_logged_only_when_one_runs(tmp_path: Path, logged: io.StringIO) -> None:
    url = f"sqlite:///{tmp_path}/muster.sqlite"
    with closing(sqlite3.connect(tmp_path / "muster.sqlite")) as bare:
        # The suite makes the tables of an empty file by copying them; this one is not quite empty.
        bare.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    open_database(url).close()
    (line,) = logged.getvalue().splitlines()
    assert '"action": "migrated"' in line
    logged.seek(0)
    logged.truncate()
    open_database(url).close()
    with looking(url) as database:
        assert database is not None
    assert logged.getvalue() == ""


def test_what_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/muster.sqlite", "sqlite://"):
        with looking(url) as database:
            assert database is None
    assert list(tmp_path.iterdir()) == []


def test_who_looks_makes_no_tables(tmp_path: Path) -> None:
    (tmp_path / "muster.sqlite").touch()
    with looking(f"sqlite:///{tmp_path}/muster.sqlite") as database:
        assert database is None
    with looking(f"sqlite:///{tmp_path}/muster.sqlite", any_schema=True) as database:
        assert database is not None
        assert database.schema()[0] is None
