"""A process that plays the server: it pushes prepared frames as fast as they are read, and takes replies by REST.

So neither a real server nor the sandbox is what limits a bot that is measured. It is told what to push in lines of
JSON: `{"flood": 1000}` for messages that concern nobody and one that does, `{"commands": 100, "at_once": 10}` for
commands, at most so many unanswered at a time.
"""

import asyncio
import base64
import hashlib
import json
import re
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench import frames
from bench.rest import Rest
from bench.words import END

API = "/api/v4"
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ASKERS = 10
CHUNK = 100


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


class Feeder:
    """Serves one bot; `form` is how a command is written, with `{}` for its number."""

    def __init__(self, form: str, channels: Sequence[int]) -> None:
        self._form = form
        self._rest = Rest(channels)
        self._flood = frames.Flood()
        self._socket: asyncio.StreamWriter | None = None
        self._seq = 0
        self._number = 0
        self._ended = asyncio.Event()
        self._replies: list[tuple[str, int]] = []
        self._room = asyncio.Semaphore(0)

    async def run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**22)
        say(port=server.sockets[0].getsockname()[1])
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            told = json.loads(line)
            if "flood" in told:
                await self._push_flood(told["flood"])
            elif "commands" in told:
                await self._push_commands(told["commands"], told["at_once"])

    async def _push_flood(self, count: int) -> None:
        self._ended.clear()
        chunk = bytearray()
        for at, frame in enumerate(self._flood.frames(count, self._number, self._seq), 1):
            chunk += frame
            if at % CHUNK == 0:
                await self._write(chunk)
                chunk = bytearray()
        self._number += count
        self._seq += count
        await self._write(bytes(chunk) + self._posted(END, 0, 0))
        await self._ended.wait()
        say(done=count)

    async def _push_commands(self, count: int, at_once: int) -> None:
        self._replies = []
        self._room = asyncio.Semaphore(at_once)
        began = time.perf_counter()
        for n in range(count):
            await self._room.acquire()
            await self._write(self._posted(self._form.format(n), n % ASKERS, n % ASKERS))
        for _ in range(at_once):
            await self._room.acquire()
        say(
            done={
                "seconds": time.perf_counter() - began,
                "replies": len(self._replies),
                "in_order": self._is_in_order(),
            }
        )

    def _is_in_order(self) -> bool:
        heard: dict[str, int] = {}
        for channel_id, n in self._replies:
            if n < heard.get(channel_id, -1):
                return False
            heard[channel_id] = n
        return True

    def _posted(self, text: str, channel: int, person: int) -> bytes:
        frame = frames.framed(frames.posted(text, self._number, self._seq, channel, person))
        self._number += 1
        self._seq += 1
        return frame

    async def _write(self, raw: bytes | bytearray) -> None:
        assert self._socket is not None
        self._socket.write(raw)
        await self._socket.drain()

    def _heard(self, method: str, path: str, body: bytes) -> None:
        if method == "POST" and path in ("/posts", "/posts/ephemeral"):
            self._ended.set()
            said = json.loads(body)
            said = said.get("post", said)
            if found := re.search(r"bench(\d+)", json.dumps(said)):
                self._replies.append((said["channel_id"], int(found[1])))
                self._room.release()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split(" ", 2)
                path = path.removeprefix(API)
                headers = {k.lower(): v.strip() for k, _, v in (row.partition(":") for row in head.split("\r\n")[1:])}
                if "upgrade" in headers.get("connection", "").lower():
                    await self._websocket(headers["sec-websocket-key"], reader, writer)
                    return
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, answer = self._rest.answer(method, path, body)
                raw = json.dumps(answer).encode()
                kind = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nToken: bench\r\n"
                writer.write(f"{kind}Content-Length: {len(raw)}\r\n\r\n".encode() + raw)
                await writer.drain()
                self._heard(method, path, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _websocket(self, key: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accept = base64.b64encode(hashlib.sha1(key.encode() + MAGIC).digest()).decode()
        writer.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        self._socket, self._seq = writer, 1
        hello = {"connection_id": "connectionconnectionconnec", "server_version": "11.6.0.11.6.0..false"}
        await self._write(frames.framed(frames.event("hello", hello, 0)))
        say(connected=True)
        while True:
            kind, payload = await _frame(reader)
            if kind == 0x9:
                writer.write(bytes((0x8A, len(payload))) + payload)
            elif kind == 0x8:
                writer.close()
                return
            elif kind == 0x1:
                self._answer(json.loads(payload), writer)

    def _answer(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if said.get("action") == "done":
            self._ended.set()
        else:
            writer.write(frames.framed(json.dumps({"status": "OK", "seq_reply": said.get("seq", 1)}).encode()))


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read a client's frame, which is masked."""
    first, size = await reader.readexactly(2)
    size &= 0x7F
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    mask = await reader.readexactly(4)
    payload = await reader.readexactly(size)
    return first & 0xF, bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def main(form: str = "bench-say {}", first: str = "0", end: str = str(frames.CHANNELS)) -> None:
    """Serve a bot that is in the channels from the first number up to the end, which is not one."""
    asyncio.run(Feeder(form, range(int(first), int(end))).run())


if __name__ == "__main__":
    main(*sys.argv[1:])
