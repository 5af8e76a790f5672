"""A database that goes away and comes back.

Somebody else holds SQLite's write lock, or PostgreSQL's tables; or PostgreSQL refuses and drops, or says nothing.
"""

import os
import secrets
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from stage import store_url

ON_POSTGRESQL = ("PostgreSQL", "PostgreSQL, locked", "PostgreSQL, silent")
KINDS = ("SQLite", *ON_POSTGRESQL) if os.environ.get("MUSTER_TEST_POSTGRESQL") else ("SQLite",)
BOTH = pytest.mark.parametrize("kind", KINDS)


def on_postgresql(test: Callable[..., object]) -> Callable[..., object] | None:
    """Have a test run on PostgreSQL where there is one; on SQLite, which has no connections, it means nothing."""
    return pytest.mark.parametrize("kind", ON_POSTGRESQL[:1])(test) if KINDS[1:] else None


class Outage(Protocol):
    """A database at `url` that is away between `begin` and `end`."""

    url: str

    def begin(self) -> None: ...

    def end(self) -> None: ...


def outage(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outage:
    """Return a database of a kind, still empty, that can be made to go away."""
    url = store_url(folder, secrets.token_hex(4))
    match kind:
        case "PostgreSQL":
            return Refusing(url)
        case "PostgreSQL, silent":
            monkeypatch.setattr("store.engine.SILENT_FOR", 0.2)
            # The driver waits no shorter.
            monkeypatch.setattr("store.engine.CONNECTED_WITHIN", 2)
            return Silent(url)
        case "PostgreSQL, locked":
            monkeypatch.setattr("store.engine.LOCKED_FOR", 0.02)
            return LockedTables(url)
    monkeypatch.setattr("store.engine.LOCKED_FOR", 0.02)
    return Locked(folder / "muster.sqlite")


class Locked:
    """A SQLite file whose write lock somebody else holds meanwhile."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._path = path
        self._other: sqlite3.Connection | None = None

    def begin(self) -> None:
        self._other = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        self._other.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        assert self._other is not None
        self._other.close()


class LockedTables:
    """PostgreSQL in which somebody else holds all tables meanwhile."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_engine(url)
        self._other: Connection | None = None

    def begin(self) -> None:
        self._other = self._engine.connect()
        named = self._other.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
        self._other.execute(text(f"LOCK TABLE {', '.join(named.scalars())} IN ACCESS EXCLUSIVE MODE"))

    def end(self) -> None:
        assert self._other is not None
        self._other.close()
        self._engine.dispose()


class Refusing:
    """PostgreSQL behind a relay that drops all connections and refuses new ones meanwhile."""

    def __init__(self, url: str) -> None:
        real = make_url(url)
        self._target = (real.host or "127.0.0.1", real.port or 5432)
        self._socket = self._listen(0)
        self._port = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self._passes = threading.Event()
        self._passes.set()
        self.url = real.set(host="127.0.0.1", port=self._port).render_as_string(hide_password=False)

    def begin(self) -> None:
        # To close it alone would not wake who waits for a connection.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.drop()

    def drop(self) -> None:
        """Drop all connections, and take new ones."""
        dropped, self._open = self._open, []
        for one in dropped:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self._socket = self._listen(self._port)

    def _listen(self, port: int) -> socket.socket:
        made = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(made,), daemon=True).start()
        return made

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_relay, args=(*ends, self._passes), daemon=True).start()


class Silent(Refusing):
    """PostgreSQL behind a relay that takes everything meanwhile and passes nothing on, as where the server hangs."""

    def begin(self) -> None:
        self._passes.clear()

    def end(self) -> None:
        # Of what was under way a part is lost.
        self.drop()
        self._passes.set()


def _relay(source: socket.socket, target: socket.socket, passes: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if passes.is_set():
                target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
