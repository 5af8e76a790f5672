"""One websocket connection: its numbering, its queue, and what it remembers for a resume."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .ids import new_id
from .jsontext import dump

DEAD_QUEUE = 128
"""How many sent events are kept for a resume."""
SEND_QUEUE = 256
"""How many events may wait; one more and the connection is given up."""


class Connection:
    """A client's connection, which on reliable servers outlives its socket."""

    def __init__(self, user_id: str, token: str, now: int, reliable: bool) -> None:
        self.id = new_id() if reliable else ""
        self.user_id = user_id
        self.token = token
        self.last_activity = now
        self.left_at = 0
        self.next_seq = 0
        self.logged_out = False
        self.silenced = False
        self.channels: frozenset[str] | None = None
        """Which channels the server believes its user to be in, as it was when it last had to look."""
        self.misfit = False
        """Treat the next resume as one whose number does not fit."""
        self.repeat = 0
        """How many old events the next resume sends again."""
        self.doubled = 0
        """How many of the next events are sent twice."""
        self.swapped = 0
        """How many of the next events come only after the one that follows."""
        self._kept_back: dict[str, Any] | None = None
        self._pending: deque[dict[str, Any]] = deque()
        self._sent: deque[tuple[int, str]] = deque(maxlen=DEAD_QUEUE)
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._socket: web.WebSocketResponse | None = None
        self._cut: Callable[[], None] = lambda: None

    @property
    def active(self) -> bool:
        """Whether a socket is attached."""
        return self._socket is not None

    def offer(self, frame: dict[str, Any], droppable: bool = False) -> bool:
        """Queue a frame; return True when the queue is so full that the connection must go."""
        if droppable and len(self._pending) >= SEND_QUEUE // 2:
            return False
        if len(self._pending) >= SEND_QUEUE:
            return True
        if self._kept_back is None and self.swapped > 0:
            self.swapped -= 1
            self._kept_back = frame
            return False
        self._queue(frame)
        self.release()
        return False

    def release(self) -> None:
        """Queue the event, if any, that was kept back to come after another."""
        if self._kept_back is not None:
            frame, self._kept_back = self._kept_back, None
            self._queue(frame)

    def attach(self, socket: web.WebSocketResponse, cut: Callable[[], None]) -> None:
        """Take a socket and the way to cut it; what is pending is sent by `pump`."""
        self._socket, self._cut, self.channels = socket, cut, None
        self._wake.set()

    def detach(self, now: int) -> None:
        """Lose the socket."""
        self._socket = None
        self.left_at = now

    def fits(self, seq: int) -> bool:
        """Say whether a client that expects `seq` next can be served without loss."""
        if self.misfit or seq < 0:
            return False
        known = [number for number, _ in self._sent]
        return seq == 0 or seq in known or seq == self.next_seq

    def rewind(self, seq: int) -> list[str]:
        """Return the frames to send again for a client that expects `seq` next."""
        if seq == 0:
            self.next_seq = 0
            self._sent.clear()
            return []
        first = seq - self.repeat
        self.repeat = 0
        return [text for number, text in self._sent if number >= first]

    def renew(self) -> None:
        """Begin anew under another id; what is pending follows the next hello."""
        self.id = new_id()
        self.next_seq = 0
        self.misfit = False
        self._sent.clear()

    def skip(self, count: int) -> None:
        """Lose numbers, as if events had been lost."""
        self.next_seq += count

    async def send_event(self, frame: dict[str, Any]) -> None:
        """Number a frame, remember it and send it."""
        numbered = frame | {"seq": self.next_seq}
        text = dump(numbered)
        self._sent.append((self.next_seq, text))
        self.next_seq += 1
        if self._socket is not None:
            await self._socket.send_str(text)

    async def pump(self) -> None:
        """Send what is pending, for as long as the socket lasts."""
        while True:
            while self._pending and self._socket is not None:
                await self.send_event(self._pending.popleft())
            self._idle.set()
            self._wake.clear()
            await self._wake.wait()

    async def flushed(self) -> None:
        """Wait until nothing is pending, if somebody is there to receive it."""
        if self.active:
            await self._idle.wait()

    def _queue(self, frame: dict[str, Any]) -> None:
        self._pending.append(frame)
        if self.doubled > 0:
            self.doubled -= 1
            self._pending.append(frame)
        self._idle.clear()
        self._wake.set()

    def drop(self) -> None:
        """Cut the TCP connection without a close frame."""
        if self._socket is not None:
            self._cut()

    def close(self) -> None:
        """Drop the socket, if any, and what is pending."""
        self.drop()
        self._pending.clear()
        self._idle.set()
