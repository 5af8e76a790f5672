"""A way that can be shut, cut, and made to lose answers: to the server, to the database, or to the bot's door."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Address = tuple[str, int]


class Passage:
    """Passes everything on to the address that `target` names for each new connection; None is nobody."""

    def __init__(self, target: Callable[[], Address | None], port: int = 0) -> None:
        self._target = target
        self._wanted_port = port
        self._ends: set[asyncio.StreamWriter] = set()
        self.is_shut = False
        self.answers_to_lose = 0

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._wanted_port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_shut = True
        self.cut()
        self._server.close()

    def cut(self) -> None:
        """Reset all connections that there are."""
        for writer in self._ends:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = None if self.is_shut else self._target()
        if address is None:
            writer.transport.abort()
            return
        with suppress(OSError):
            their_reader, their_writer = await asyncio.open_connection(*address)
            self._ends |= {writer, their_writer}
            try:
                await asyncio.gather(self._pass(reader, their_writer), self._pass(their_reader, writer, answers=True))
            finally:
                self._ends -= {writer, their_writer}
                their_writer.transport.abort()
        writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool = False) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if answers and self.answers_to_lose > 0:
                    self.answers_to_lose -= 1
                    writer.transport.abort()
                    return
                writer.write(data)
                await writer.drain()
        with suppress(OSError):
            writer.close()
