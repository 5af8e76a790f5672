"""A way to the server that can be cut: it swallows what comes by a websocket, and aborts it."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """Passes everything on to the server at `url`; REST is never touched."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._sockets: list[asyncio.StreamWriter] = []
        self._all: list[asyncio.StreamWriter] = []
        self.swallows = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self._port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._all:
            writer.transport.abort()

    def abort(self) -> None:
        """Cut all websockets, as a network does: no close frame comes."""
        for writer in self._sockets:
            writer.transport.abort()
        self._sockets.clear()
        self.swallows = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            their_reader, their_writer = await asyncio.open_connection(*self._target)
            self._all += [writer, their_writer]
            their_writer.write(head)
            is_socket = b"/api/v4/websocket" in head.split(b"\r\n", 1)[0]
            if is_socket:
                self._sockets += [writer, their_writer]
            await asyncio.gather(
                self._pass(reader, their_writer), self._pass(their_reader, writer, may_swallow=is_socket)
            )

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, may_swallow: bool = False
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if not (may_swallow and self.swallows):
                    writer.write(data)
                    await writer.drain()
        writer.close()
