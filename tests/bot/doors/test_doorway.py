"""Nobody holds the callback door open, however many stand in it; who comes to say something is heard meanwhile."""

import asyncio
import io
import json
import logging
import resource
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import structlog
from aiohttp import web
from installing import environment
from scenes import QUICK, started
from stage import free_port, stage

from bot.doors.doorway import BACKLOG, Limits, listening
from bot.logs.log import set_up
from bot.logs.repeating import EVERY, TIMES, Repeating

HALF = b"POST /hooks/actions HTTP/1.1\r\nHost: x\r\nX-Slow: "
WHOLE = b"POST /hooks/actions HTTP/1.1\r\nHost: x\r\nContent-Length: "


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def door(more: asyncio.Event | None = None, **limits: float) -> AsyncIterator[tuple[str, int]]:
    """Give a door that says how long the body was, and one that answers when there is `more`."""
    application = web.Application()

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def think(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await (more or asyncio.Event()).wait()
        await response.write(b"thought of")
        return response

    application.router.add_post("/hooks/actions", answer)
    application.router.add_get("/think", think)
    port = free_port()
    async with listening("127.0.0.1", port, application, Limits(**limits)):  # type: ignore[arg-type]
        yield "127.0.0.1", port


async def stands_in(address: tuple[str, int], said: bytes = HALF) -> asyncio.StreamReader:
    """Connect, and say no more than that."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(said)
    # The stream keeps the writer, and with it the connection, as long as it is read from.
    reader.writer = writer  # type: ignore[attr-defined]
    return reader


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Return what came until the other side closed the connection."""
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def posts(address: tuple[str, int], body: bytes = b"hello") -> str:
    url = "http://{}:{}/hooks/actions".format(*address)
    async with asyncio.timeout(10), aiohttp.ClientSession() as session, session.post(url, data=body) as answer:
        return await answer.text()


@pytest.mark.parametrize("said", [b"", b"P", HALF, b"\r\n"])
async def test_who_does_not_say_what_they_want_is_sent_away(said: bytes) -> None:
    async with door(head=0.2) as address:
        assert await ended(await stands_in(address, said)) == b""
        assert await posts(address) == "5"


async def test_a_body_that_does_not_come_in_time_is_told_so_and_ends() -> None:
    async with door(body=0.2) as address:
        said = await ended(await stands_in(address, WHOLE + b"1000\r\n\r\nhalf of it"))
        assert said.startswith(b"HTTP/1.1 408 ")
        assert await posts(address) == "5"


async def test_a_connection_is_kept_for_the_next_request_and_closed_after_a_while() -> None:
    async with door(head=0.2, idle=0.6) as address:
        reader = await stands_in(address, WHOLE + b"1\r\n\r\n.")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        reader.writer.write(WHOLE + b"2\r\n\r\n..")  # type: ignore[attr-defined]
        said = await ended(reader)
        assert said.count(b"HTTP/1.1 200 ") == 1
        assert said.endswith(b"\r\n\r\n2")


async def test_who_has_stood_there_longest_gives_way_to_who_comes() -> None:
    async with door(most=3) as address:
        standing = [await stands_in(address) for _ in range(3)]
        assert await posts(address) == "5"
        assert await ended(standing[0]) == b""
        assert not standing[2].at_eof()


async def test_half_a_body_keeps_nobody_out() -> None:
    async with door(most=3) as address:
        standing = [await stands_in(address, WHOLE + b"5\r\n\r\nhel") for _ in range(30)]
        assert await posts(address) == "5"
        assert await ended(standing[0]) == b""


async def test_who_is_being_answered_gives_way_to_nobody() -> None:
    more = asyncio.Event()
    async with door(more, most=2) as address:
        thinking = [await stands_in(address, b"GET /think HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(2)]
        for reader in thinking:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        assert await ended(await stands_in(address)) == b""
        more.set()
        for reader in thinking:
            await reader.readuntil(b"thought of")


@pytest.mark.usefixtures("many_files")
async def test_a_press_is_answered_while_a_thousand_connections_say_nothing(tmp_path: Path) -> None:
    stream = io.StringIO()
    async with stage(tmp_path, [QUICK]) as scene, AsyncExitStack() as stack:
        set_up("info", "json", stream)
        channel = await started(scene)
        address = ("127.0.0.1", scene.config.callbacks.listen_port)
        standing = [await stands_in(address) for _ in range(1100)]
        for reader in standing:
            stack.callback(reader.writer.close)  # type: ignore[attr-defined]
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await scene.alice.press(triage, "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel, within=10)
        sent_away = sum(reader.at_eof() or reader.exception() is not None for reader in standing)
    assert sent_away >= 1100 - Limits().most - BACKLOG
    assert len(stream.getvalue()) < 100_000


async def test_a_process_with_few_files_answers_while_connections_stand_there(tmp_path: Path) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", f'ulimit -n 200; exec "$0" -c "{FEW}" {port}', sys.executable,
        env=environment(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert await process.stdout.readline() == b"ready\n"
        standing = [await stands_in(("127.0.0.1", port)) for _ in range(600)]
        assert await posts(("127.0.0.1", port)) == "5"
        for reader in standing:
            reader.writer.close()  # type: ignore[attr-defined]
    finally:
        process.terminate()
        said = await process.stderr.read()
        await process.wait()
    assert len(said) < 20_000, said[:2000]


FEW = """
import asyncio, sys
from aiohttp import web
from bot.doors.doorway import listening
from bot.logs.log import set_up

async def answer(request):
    return web.Response(text=str(len(await request.read())))

async def main():
    application = web.Application()
    application.router.add_post('/hooks/actions', answer)
    async with listening('127.0.0.1', int(sys.argv[1]), application):
        print('ready', flush=True)
        await asyncio.Event().wait()

set_up('info', 'console')
asyncio.run(main())
"""


# The log


def test_a_line_that_repeats_is_logged_some_times_and_then_counted() -> None:
    now = [0.0]
    stream = io.StringIO()
    set_up("debug", "json", stream)
    (handler,) = logging.getLogger().handlers
    handler.filters[:] = [Repeating(lambda: now[0])]
    for number in range(10_000):
        structlog.get_logger().warning("no room", action="full", number=number)
        logging.getLogger("library").error("no room for %s", number)
        structlog.get_logger().debug("looked at", number=number)
    structlog.get_logger().warning("something else")
    now[0] += EVERY
    structlog.get_logger().warning("no room", action="full", number=-1)
    logging.getLogger("library").error("no room for %s", -1)
    rows = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert sum(row["event"] == "looked at" for row in rows) == 10_000
    rows = [row for row in rows if row["event"] != "looked at"]
    assert len(rows) == 2 * TIMES + 3
    assert rows[-3]["event"] == "something else"
    assert rows[-2] == rows[-2] | {"number": -1, "left_out": 10_000 - TIMES}
    assert rows[-1]["event"] == f"no room for -1 ({10_000 - TIMES} more were left out)"
