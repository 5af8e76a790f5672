"""The line to the server: frames come whole and in order, however they were sent; what breaks the protocol ends it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

from bot.directory.retry import Patience
from bot.listening.websocket import Line
from bot.wire.happenings import Posted
from bot.wire.incoming import AnyFrame, happening

IN_TIME = 10.0
HELLO = json.dumps({"event": "hello", "data": {}, "seq": 0})
SIZES = st.lists(st.sampled_from((0, 1, 125, 126, 65_535, 70_000, 300_000)), max_size=6)


def posted(number: int, size: int = 1) -> str:
    post = {"id": f"p{number}", "channel_id": "c", "message": "é" * size}
    return json.dumps({"event": "posted", "data": {"post": json.dumps(post)}, "seq": number}, separators=(",", ":"))


def raw(opcode: Opcode, data: str, fin: bool = True, mask: bool = False) -> bytes:
    return Frame(opcode, data.encode(), fin).serialize(mask=mask)


class Heard:
    """What came in by a line, and how often something may have been missed."""

    def __init__(self) -> None:
        self.frames: list[AnyFrame] = []
        self.lost = 0
        self.changed = asyncio.Event()

    def hear(self, frame: AnyFrame) -> None:
        self.frames.append(frame)
        self.changed.set()

    def lose(self) -> None:
        self.lost += 1

    def sizes(self) -> list[int]:
        return [len(what.post.message) for what in map(happening, self.frames) if isinstance(what, Posted)]

    async def until(self, ready: Callable[[], bool]) -> None:
        async with asyncio.timeout(IN_TIME):
            while not ready():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def line_to(handler: Callable[[ServerConnection], Awaitable[None]]) -> AsyncIterator[tuple[Line, Heard]]:
    heard = Heard()

    async def answered() -> None:
        return None

    async with serve(handler, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        patience = Patience(first_retry=0.01, longest_retry=0.01)
        line = Line(url, "token", hear=heard.hear, lost=heard.lose, check=answered, patience=patience)
        running = asyncio.create_task(line.run())
        try:
            yield line, heard
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@given(SIZES)
@settings(max_examples=20)
def test_messages_of_any_size_come_whole_and_in_order(sizes: list[int]) -> None:
    async def play() -> None:
        async def handler(server: ServerConnection) -> None:
            await server.send(HELLO)
            for number, size in enumerate(sizes, 1):
                await server.send(posted(number, size))
            await server.wait_closed()

        async with line_to(handler) as (_, heard):
            await heard.until(lambda: len(heard.frames) > len(sizes))
            assert (heard.sizes(), heard.lost) == (sizes, 1)

    asyncio.run(play())


async def test_fragments_binary_frames_and_pings_between_them_are_borne() -> None:
    answered = asyncio.Event()

    async def handler(server: ServerConnection) -> None:
        whole = posted(2)
        server.transport.write(
            raw(Opcode.TEXT, HELLO)
            + raw(Opcode.TEXT, posted(1))
            + raw(Opcode.TEXT, whole[:40], fin=False)
            + raw(Opcode.PING, "there?")
            + raw(Opcode.CONT, whole[40:])
            + raw(Opcode.BINARY, posted(3))
        )
        await (await server.ping())
        answered.set()
        await server.wait_closed()

    async with line_to(handler) as (_, heard):
        await heard.until(lambda: len(heard.frames) == 4)
        await asyncio.wait_for(answered.wait(), IN_TIME)
        assert [frame.seq for frame in heard.frames] == [0, 1, 2, 3]


async def test_a_masked_frame_ends_the_connection_and_another_one_follows() -> None:
    connections: list[int] = []

    async def handler(server: ServerConnection) -> None:
        connections.append(len(connections))
        await server.send(HELLO)
        await server.send(posted(1))
        if len(connections) == 1:
            server.transport.write(raw(Opcode.TEXT, posted(2), mask=True))
        await server.wait_closed()

    async with line_to(handler) as (line, heard):
        await heard.until(lambda: len(heard.frames) == 4)
        assert (heard.sizes(), heard.lost, line.connections) == ([1, 1], 2, 2)


async def test_a_server_that_refuses_the_handshake_is_told_of_and_asked_again() -> None:
    asked: list[bytes] = []
    enough = asyncio.Event()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nno!\n")
        await writer.drain()
        writer.close()
        if len(asked) == 3:
            enough.set()

    async def answered() -> None:
        return None

    heard = Heard()
    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    patience = Patience(first_retry=0.01, longest_retry=0.01)
    line = Line(url, "token", hear=heard.hear, lost=heard.lose, check=answered, patience=patience)
    with capture_logs() as logs:
        running = asyncio.create_task(line.run())
        await asyncio.wait_for(enough.wait(), IN_TIME)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    server.close()
    assert any(one["action"] == "socket_failed" and "403" in one["error"] for one in logs)
    assert heard.frames == []
