"""A process that runs the bot ends when it is told to, also while it waits for the server or the database."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from installing import Place, environment, place, server
from stage import free_port

__all__ = ["place"]

SOON = 5.0
"""Seconds within which a process has to end; it takes some tenths."""
SIGNALS = [signal.SIGINT, signal.SIGTERM]


@dataclass
class Muster:
    """A `muster run`, and what it has said so far."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    async def says(self, *parts: str) -> str:
        """Return the next line in which all parts stand."""
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            while line := (await self.process.stdout.readline()).decode():
                self.said.append(line)
                if all(part in line for part in parts):
                    return line
        raise AssertionError("".join(self.said))

    async def ends(self, number: signal.Signals) -> int:
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        assert self.process.stdout is not None
        async with asyncio.timeout(SOON):
            self.said.append((await self.process.stdout.read()).decode())
            return await self.process.wait()


@asynccontextmanager
async def muster(folder: Path, **settings: str) -> AsyncIterator[Muster]:
    usual = {
        "MUSTER_TOKEN": "t" * 26,
        "MUSTER_CALLBACKS_LISTEN_HOST": "127.0.0.1",
        "MUSTER_CALLBACKS_LISTEN_PORT": str(free_port()),
        "MUSTER_STORE_URL": f"sqlite:///{folder}/muster.sqlite",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env=environment(**usual | settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Muster(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def silence() -> AsyncIterator[tuple[int, asyncio.Event]]:
    """Give a port where connections are taken, and nothing is ever said; and whether one came."""
    came = asyncio.Event()
    leave = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await leave.wait()
        writer.close()

    taking = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield int(taking.sockets[0].getsockname()[1]), came
    finally:
        leave.set()
        taking.close()


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_server_that_is_not_there_is_warned_of_and_waited_for_until_the_end(
    number: signal.Signals, tmp_path: Path
) -> None:
    async with muster(tmp_path, MUSTER_SERVER_URL=f"http://127.0.0.1:{free_port()}") as one:
        line = await one.says("[warning", "server not reachable, trying again in", " s ")
        assert "Cannot connect" in line
        assert await one.ends(number) == 0
        assert "Traceback" not in "".join(one.said)


async def test_a_server_that_never_answers_does_not_keep_the_process(tmp_path: Path) -> None:
    async with silence() as (port, came), muster(tmp_path, MUSTER_SERVER_URL=f"http://127.0.0.1:{port}") as one:
        await came.wait()
        assert await one.ends(signal.SIGTERM) == 0
        assert "Traceback" not in "".join(one.said)


async def test_a_database_server_that_never_answers_does_not_keep_the_process(tmp_path: Path) -> None:
    async with silence() as (port, came):
        url = f"postgresql+psycopg://muster:x@127.0.0.1:{port}/muster"
        async with muster(tmp_path, MUSTER_SERVER_URL="http://127.0.0.1:1", MUSTER_STORE_URL=url) as one:
            await came.wait()
            assert await one.ends(signal.SIGTERM) == 0
            assert "Traceback" not in "".join(one.said)


async def test_a_database_that_another_program_locks_does_not_keep_the_process(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "muster.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    async with muster(tmp_path, MUSTER_SERVER_URL="http://127.0.0.1:1") as one:
        await one.says("starting")
        assert await one.ends(signal.SIGTERM) == 0
        assert "Traceback" not in "".join(one.said)
    other.close()


async def test_a_server_that_hangs_while_the_bot_catches_up_does_not_keep_the_process(place: Place) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url)
        # At the start they are listed once before.
        mm.faults.delay(60, "GET /users/{user_id}/teams/{team_id}/channels", times=None, after=1)
        async with muster(place.folder, **installed(place)) as one:
            await one.says("connected")
            assert await one.ends(signal.SIGTERM) == 0
            assert "action=ready" not in "".join(one.said)
            assert "Traceback" not in "".join(one.said)
        mm.faults.clear()


async def test_a_running_bot_whose_server_went_away_ends_as_usual(place: Place) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url)
        async with muster(place.folder, **installed(place)) as one:
            await one.says("listening", "ready")
            await mm.stop()
            await one.says("[warning", "no connection")
            assert await one.ends(signal.SIGTERM) == 0
            assert "Traceback" not in "".join(one.said)
        await mm.start()


def installed(place: Place) -> dict[str, str]:
    """Return the settings of an installation that a file beside `bot.toml` or the file itself holds."""
    return {"MUSTER_CONFIG": str(place.toml), **place.kept()}
