"""Databases of one episode each, and how they fail."""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from chaos.passage import Passage
from chaos.plan import Storage

SERVER = os.environ.get("MUSTER_TEST_POSTGRESQL", "")
LOCK: dict[Storage, str] = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE outbox, run, heard IN ACCESS EXCLUSIVE MODE",
}
TRIES_FOR = 5.0
"""Seconds for which it is tried to get hold of the lock."""


@dataclass
class Ground:
    """An episode's database: the URL by which the bot knows it, and the one past all that fails."""

    storage: Storage
    bots_url: str
    url: str
    way: Passage | None = None
    name: str = ""

    async def lock(self, seconds: float) -> None:
        """Let nobody else write for some seconds."""
        await asyncio.to_thread(self._lock, seconds)

    async def restart(self, seconds: float) -> None:
        """Do as a database server that restarts: end all connections, and take no new ones for some seconds."""
        assert self.way is not None
        self.way.is_shut = True
        await asyncio.to_thread(self._end_connections)
        self.way.cut()
        await asyncio.sleep(seconds)
        self.way.is_shut = False

    def _lock(self, seconds: float) -> None:
        began = time.monotonic()
        while time.monotonic() < began + TRIES_FOR:
            with suppress(OperationalError), connected(self.url) as connection:
                connection.execute(text(LOCK[self.storage]))
                time.sleep(seconds)
                return

    def _end_connections(self) -> None:
        with connected(self.url) as connection:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"
            connection.execute(text(query), {"name": self.name})


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Give a connection of its own, for one transaction."""
    options = {"connect_args": {"timeout": 0.1}} if url.startswith("sqlite") else {}
    engine = create_engine(url, **options)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@asynccontextmanager
async def ground(storage: Storage, folder: Path) -> AsyncIterator[Ground]:
    """Give an empty SQLite file, or a schema of its own that is gone afterwards on the PostgreSQL that is named."""
    if storage == "sqlite":
        url = f"sqlite:///{folder / 'muster.sqlite'}"
        yield Ground(storage, url, url)
        return
    server, name = make_url(SERVER), f"chaos_{secrets.token_hex(4)}"
    _execute(f"CREATE SCHEMA {name}")
    options = {"options": f"-csearch_path={name}"}
    try:
        async with Passage(lambda: (server.host or "127.0.0.1", server.port or 5432)) as way:
            through = server.set(host="127.0.0.1", port=way.port).update_query_dict(
                options | {"application_name": name}
            )
            past = server.update_query_dict(options)
            urls = [one.render_as_string(hide_password=False) for one in (through, past)]
            yield Ground(storage, urls[0], urls[1], way, name)
    finally:
        _execute(f"DROP SCHEMA {name} CASCADE")


def _execute(statement: str) -> None:
    with connected(SERVER) as connection:
        connection.execute(text(statement))
