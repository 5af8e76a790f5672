"""The websocket: one connection after the other, each continuing the last one where the server lets it.

It gives every frame to `hear` and calls `lost` whenever events may have been missed; nothing here waits for what
is done with them. Signs of life are the protocol's own `ping`: a revoked token leaves a socket open and silent, with
websocket pings still answered, and a resumption with nothing missed sends nothing (server source: app/web_conn.go).
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bot.directory.retry import Patience
from bot.driver import ServerRefused, ServerUnreachable
from bot.wire.happenings import Hello
from bot.wire.incoming import AnyFrame, Frame, PostedFrame, happening, read_frame
from bot.wire.reading import BadFrame

log = structlog.get_logger()


class TokenRefused(Exception):
    """The server does not accept the bot's token; the text says to the operator what to do."""

    def __init__(self) -> None:
        super().__init__(
            "The server refuses the bot's access token. It was revoked, or the bot account was disabled (also "
            "when its owner's account is deactivated). Enable the bot or make a new token in the System Console, "
            "put it into MUSTER_TOKEN, and start Muster again."
        )


@dataclass(eq=False, repr=False)
class Line:
    """The line to the server; `check` asks it a question by REST and raises `ServerRefused` (401) for a bad token."""

    url: str
    token: str
    _: KW_ONLY
    hear: Callable[[AnyFrame], None]
    lost: Callable[[], None]
    check: Callable[[], Awaitable[object]]
    patience: Patience
    verify: bool = True

    def __post_init__(self) -> None:
        self._socket: ClientConnection | None = None
        self._connection_id = ""
        self._next_seq = 0
        self._proven = asyncio.Event()
        self._ping = 0
        self._pong = asyncio.Event()
        self.is_up = False
        self.connections = 0
        """How many connections gave a sign of life so far."""

    async def run(self) -> None:
        """Listen until cancelled. Raises `TokenRefused`."""
        attempt = 0
        while True:
            self._proven.clear()
            try:
                await self._listen()
            except (OSError, InvalidHandshake, TimeoutError) as error:
                log.warning("no connection", action="socket_failed", error=f"{type(error).__name__}: {error}")
            else:
                await self._after()
            attempt = 0 if self._proven.is_set() else attempt + 1
            wait = self.patience.delay(attempt)
            log.info("reconnecting", action="socket_retry", attempt=attempt, seconds=round(wait, 2))
            await self.patience.sleep(wait)

    def renew(self) -> None:
        """Connect anew and continue nothing, so that the server looks up anew what the bot is to hear."""
        self._connection_id = ""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _after(self) -> None:
        """Draw conclusions from a connection that ended."""
        if not self._proven.is_set():
            # Not a word: a bad token, or parameters that this server cannot resume by.
            self._connection_id = ""
        if not self._proven.is_set() or not self._pong.is_set():
            await self._check_token()

    async def _check_token(self) -> None:
        try:
            await self.check()
        except ServerRefused as error:
            if error.status == 401:
                raise TokenRefused from None
        except ServerUnreachable:
            pass

    async def _listen(self) -> None:
        async with connect(
            _address(self.url, self._connection_id, self._next_seq),
            additional_headers={"Authorization": f"Bearer {self.token}"},
            user_agent_header="Muster",
            ssl=_ssl(self.url, self.verify),
            compression=None,
            proxy=None,
            max_size=None,
            # One reading of a busy socket has more frames than the library's own 16, and would be stopped each time.
            max_queue=1024,
            ping_interval=None,
            open_timeout=10,
            close_timeout=1,
        ) as socket:
            self._socket = socket
            self._pong.set()
            watch = asyncio.create_task(self._watch(socket))
            try:
                await self._read(socket)
            except ConnectionClosed as closed:
                log.warning("connection lost", action="socket_closed", error=str(closed))
            finally:
                self.is_up = False
                watch.cancel()

    async def _read(self, socket: ClientConnection) -> None:
        """Read until the connection ends."""
        while True:
            self._take(await socket.recv(decode=False))

    def _take(self, raw: bytes) -> None:
        # A busy server sends thousands of frames a second, so nothing is looked up here that need not be.
        try:
            frame = read_frame(raw)
        except BadFrame as error:
            # Its number is missing from the count, so the next one shows a gap, which is caught up.
            log.warning("unreadable frame", action="bad_frame", error=str(error), size=len(raw))
            return
        if not self.is_up:
            self._prove()
        if frame.seq == self._next_seq and type(frame) is PostedFrame:
            self._next_seq += 1
            self.hear(frame)
        elif frame.event:
            self._count(frame)
            self.hear(frame)
        elif isinstance(frame, Frame):
            self._reply(frame)

    def _prove(self) -> None:
        self._proven.set()
        self.is_up = True
        self.connections += 1

    def _count(self, frame: AnyFrame) -> None:
        """Keep the count of events, each one more than the last; a repeated one is heard, and changes nothing."""
        if frame.event == "hello":
            self._greeted(frame)
        elif frame.seq == self._next_seq:
            self._next_seq += 1
        elif frame.seq > self._next_seq:
            log.warning("events lost", action="socket_gap", expected=self._next_seq, got=frame.seq)
            self._next_seq = frame.seq + 1
            self.lost()

    def _greeted(self, frame: AnyFrame) -> None:
        try:
            hello = happening(frame)
        except BadFrame:
            hello = None
        known = hello.connection_id if isinstance(hello, Hello) else ""
        log.info("connected", action="socket_up", can_resume=bool(known))
        self._connection_id, self._next_seq = known, frame.seq + 1
        self.lost()

    def _reply(self, frame: Frame) -> None:
        if frame.status == "OK":
            self._pong.set()
        else:
            log.warning("refused on the socket", action="socket_refused", error=frame.error.id)
            if self._socket is not None:
                self._socket.transport.abort()

    async def _watch(self, socket: ClientConnection) -> None:
        """End a connection that is silent at its beginning, or does not answer a ping."""
        with suppress(ConnectionClosed):
            if self._connection_id:
                # A resumption with nothing missed is silent.
                await self._send_ping(socket)
            if await _in_time(self._proven.wait(), self.patience.hello):
                await self._keep_asking(socket)
            else:
                log.warning("silent connection", action="socket_silent")
        socket.transport.abort()

    async def _keep_asking(self, socket: ClientConnection) -> None:
        while await _in_time(self._pong.wait(), self.patience.pong_within):
            await self.patience.sleep(self.patience.ping_every)
            await self._send_ping(socket)
        log.warning("no sign of life", action="socket_dead")

    async def _send_ping(self, socket: ClientConnection) -> None:
        self._ping += 1
        self._pong.clear()
        await socket.send(msgspec.json.encode({"action": "ping", "seq": self._ping}), text=True)


async def _in_time(waiting: Awaitable[object], seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        return False
    return True


def _address(url: str, connection_id: str, next_seq: int) -> str:
    parts = urlsplit(url)
    resume = urlencode({"connection_id": connection_id, "sequence_number": next_seq}) if connection_id else ""
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + "/api/v4/websocket", resume, ""))


def _ssl(url: str, verify: bool) -> ssl.SSLContext | None:
    if urlsplit(url).scheme != "https":
        return None
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
