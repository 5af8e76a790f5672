"""The yardstick of the callback door: an aiohttp handler that commits one row to the same kind of database."""

import asyncio
import json
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web

TABLE = "CREATE TABLE IF NOT EXISTS bench_commit (id INTEGER PRIMARY KEY, said TEXT NOT NULL)"
SERIAL = "CREATE TABLE IF NOT EXISTS bench_commit (id SERIAL PRIMARY KEY, said TEXT NOT NULL)"


def committer(url: str) -> tuple[Callable[[str], None], int]:
    """Return what commits a row, and how many threads may do so at once."""
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(TABLE)

        def commit(said: str) -> None:
            connection.execute("INSERT INTO bench_commit (said) VALUES (?)", (said,))

        return commit, 1
    return _on_postgresql(url), 4


def _on_postgresql(url: str) -> Callable[[str], None]:
    import psycopg  # noqa: PLC0415 -- not needed with SQLite

    address = url.replace("+psycopg", "")
    local = threading.local()
    with psycopg.connect(address, autocommit=True) as first:
        first.execute(SERIAL)

    def commit(said: str) -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(address, autocommit=True)
        local.connection.execute("INSERT INTO bench_commit (said) VALUES (%s)", (said,))

    return commit


async def serve(url: str) -> None:
    commit, width = committer(url)
    threads = ThreadPoolExecutor(width)
    loop = asyncio.get_running_loop()

    async def answer(request: web.Request) -> web.Response:
        said = (await request.read()).decode()
        await loop.run_in_executor(threads, commit, said)
        return web.json_response({"text": "done"})

    app = web.Application()
    app.router.add_post("/hooks/{what}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    ready: dict[str, Any] = {"ready": runner.addresses[0][1]}
    print(json.dumps(ready), flush=True)
    await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
