"""Messages out of the bytes: however they are cut, each comes once, whole and in order."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from bot.listening.fast_frames import Stream

PIECES = st.lists(st.integers(1, 70_000), max_size=12)
TEXTS = st.lists(st.sampled_from(["", "a", "b" * 125, "c" * 126, "d" * 127, "é" * 5_000, "f" * 65_535, "g" * 70_000]))


@contextlib.asynccontextmanager
async def connected(handler) -> AsyncIterator[tuple[ClientConnection, list[str]]]:
    taken: list[str] = []
    async with serve(handler, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        factory = partial(Stream, take=lambda raw: taken.append(raw.decode()))
        async with connect(f"ws://127.0.0.1:{port}", compression=None, proxy=None, create_connection=factory) as one:
            yield one, taken


def raw(opcode: Opcode, data: str, fin: bool = True) -> bytes:
    return Frame(opcode, data.encode(), fin).serialize(mask=False)


@given(TEXTS, PIECES)
def test_messages_come_whole_and_in_order_wherever_the_bytes_are_cut(
    texts: Sequence[str], pieces: Sequence[int]
) -> None:
    taken: list[str] = []

    async def feed() -> None:
        protocol = ClientProtocol(parse_uri("ws://127.0.0.1/"))
        protocol.connect()
        stream = Stream(protocol, take=lambda one: taken.append(one.decode()))
        stream._read = stream._read_frames
        whole, at = b"".join(raw(Opcode.TEXT, text) for text in texts), 0
        for size in [*pieces, len(whole) + 1]:
            if at < len(whole):
                stream.data_received(whole[at : at + size])
                at += size

    asyncio.run(feed())
    assert taken == list(texts)


async def test_what_follows_the_handshake_at_once_is_taken() -> None:
    async def handler(server: ServerConnection) -> None:
        await server.send("hello")
        await server.send("x" * 200_000)
        await server.wait_closed()

    async with connected(handler) as (client, taken):
        await client.ping()
        await (await client.ping())
        assert taken == ["hello", "x" * 200_000]


async def test_fragments_pings_and_binary_frames_go_the_long_way() -> None:
    async def handler(server: ServerConnection) -> None:
        frames = [
            raw(Opcode.TEXT, "first"),
            raw(Opcode.TEXT, "in ", fin=False),
            raw(Opcode.PING, "there?"),
            raw(Opcode.CONT, "parts"),
            raw(Opcode.BINARY, "bytes"),
            raw(Opcode.TEXT, "last"),
        ]
        server.transport.write(b"".join(frames))
        await server.wait_closed()

    async with connected(handler) as (client, taken):
        assert [await client.recv(decode=False), await client.recv(decode=False)] == [b"in parts", b"bytes"]
        assert taken == ["first", "last"]


async def test_a_masked_frame_ends_the_connection() -> None:
    async def handler(server: ServerConnection) -> None:
        server.transport.write(raw(Opcode.TEXT, "well") + Frame(Opcode.TEXT, b"masked").serialize(mask=True))
        await server.wait_closed()

    async with connected(handler) as (client, taken):
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert taken == ["well"]
        assert client.protocol.close_sent is not None
        assert client.protocol.close_sent.code == 1002


async def test_a_server_that_refuses_the_handshake_is_heard() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nno!\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    factory = partial(Stream, take=lambda raw: None)
    with pytest.raises(Exception, match="403"):
        await connect(f"ws://127.0.0.1:{port}", proxy=None, create_connection=factory)
    server.close()
