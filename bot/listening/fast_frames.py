"""Whole messages straight out of the bytes: what a busy server sends is one unbroken text frame after the other.

The library's own way to a message, through its parser, a queue and a waiting task, costs more than everything that is
done with the message afterwards. All that is not a whole text frame (the handshake, control frames, fragments, what
breaks the protocol) still goes that way.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.protocol import State

TEXT = 0x81
"""The first byte of a frame with a whole text message (RFC 6455, 5.2)."""
MASKED = 0x80
LONGEST_HEAD = 65_536
ROOM = 65_536
"""Bytes that are read at a time, into the same place; to make 256 KB of room anew each time takes ten times as long."""


class Stream(ClientConnection, asyncio.BufferedProtocol):
    """A connection that gives each whole text message to `take` at once; `recv` gives the few others."""

    def __init__(self, *args: Any, take: Callable[[bytes], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._take = take
        self._room = memoryview(bytearray(ROOM))
        self._chunks: list[bytes] = []
        self._size = 0
        self._wanted = 0
        self._read: Callable[[bytes], int] = self._read_head

    def get_buffer(self, sizehint: int) -> memoryview:
        """Tell where to read to."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read."""
        self.data_received(bytes(self._room[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Take bytes from the network; what is not whole yet is kept until the rest of it comes."""
        self._chunks.append(data)
        self._size += len(data)
        if self._size >= self._wanted:
            whole = b"".join(self._chunks)
            rest = whole[self._read(whole) :]
            self._chunks, self._size = [rest] if rest else [], len(rest)

    def _read_head(self, data: bytes) -> int:
        """Let the library read the handshake; return how many bytes are dealt with."""
        end = data.find(b"\r\n\r\n") + 4
        if end < 4 and len(data) < LONGEST_HEAD:
            return 0
        head = data[:end] if end >= 4 else data
        super().data_received(head)
        self._read = self._read_frames if self.protocol.state is State.OPEN else self._read_nothing
        return len(head) + self._read(data[len(head) :])

    def _read_nothing(self, data: bytes) -> int:
        """Leave everything to the library."""
        super().data_received(data)
        return len(data)

    def _read_frames(self, data: bytes) -> int:
        """Take the whole frames; return how many bytes they are, and keep in mind how many the next one has."""
        at, end, take = 0, len(data), self._take
        self._wanted = 2
        while end - at >= 2:
            start, size = at + 2, data[at + 1]
            if size == 126 and start + 2 <= end:
                # What nearly all frames are like.
                start, size = start + 2, data[start] << 8 | data[start + 1]
            elif size >= MASKED:
                # No server may do this; the library knows what to say to it.
                self._read = self._read_nothing
                return at + self._read_nothing(data[at:])
            elif size >= 126:
                start += 2 if size == 126 else 8
                size = int.from_bytes(data[at + 2 : start], "big") if start <= end else 0
            stop = start + size
            if stop > end:
                self._wanted = stop - at
                break
            if data[at] == TEXT:
                take(data[start:stop])
            else:
                super().data_received(data[at:stop])
            at = stop
        return at
