"""Has pictures drawn by a process of its own: begun with the first one, ended when nobody asks for any more."""

import asyncio
import contextlib
import os
import sys
from typing import Literal

import msgspec
import structlog
from cachetools import LRUCache

from bot.charts.orders import Drawn, Order
from handlers.figures.picture import Picture

log = structlog.get_logger()

Form = Literal["png", "svg"]

PATIENCE = 60.0
"""Seconds for one picture; the first one takes some until all fonts are known."""
IDLE = 600.0
"""Seconds after which the process ends that nobody has asked for anything."""
MOST_WAITING = 8
REMEMBERED = 16
LONGEST = 16 << 20
"""Bytes of a picture as the process writes it."""
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "MPLCONFIGDIR", "XDG_CACHE_HOME")
"""What the process is told of the environment, in which secrets may stand."""


class NotDrawn(Exception):
    """There is no picture; the figures are as they were."""


class Charts:
    """Draws one picture after the other."""

    def __init__(self, *, patience: float = PATIENCE, idle: float = IDLE, command: tuple[str, ...] = ()) -> None:
        self.patience = patience
        self.idle = idle
        self.process: asyncio.subprocess.Process | None = None
        self._command = command or (sys.executable, "-m", "bot.charts.worker")
        self._one_by_one = asyncio.Lock()
        self._waiting = 0
        self._drawn: LRUCache[bytes, bytes] = LRUCache(REMEMBERED)
        self._end: asyncio.TimerHandle | None = None

    async def draw(self, picture: Picture, form: Form) -> bytes:
        """Return a picture as a file. Raises `NotDrawn`: nobody waits for long, or behind many others."""
        order = msgspec.json.encode(Order(picture, form))
        if order in self._drawn:
            return self._drawn[order]
        if self._waiting >= MOST_WAITING:
            raise NotDrawn("too many pictures at once")
        self._waiting += 1
        try:
            async with self._one_by_one:
                if order not in self._drawn:
                    self._drawn[order] = await self._ask(order)
                return self._drawn[order]
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the process; the next picture begins another one."""
        if self._end is not None:
            self._end.cancel()
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _ask(self, order: bytes) -> bytes:
        try:
            async with asyncio.timeout(self.patience):
                drawn = await self._answer(order)
        except (TimeoutError, OSError, ValueError, msgspec.DecodeError) as error:
            log.warning("not drawn", action="not_drawn", error=type(error).__name__)
            await self.close()
            raise NotDrawn("the process that draws did not answer") from error
        except asyncio.CancelledError:
            # What it answers later must not be taken for the next picture.
            await self.close()
            raise
        if drawn.trouble:
            log.warning("not drawn", action="not_drawn", error=drawn.trouble)
            raise NotDrawn(drawn.trouble)
        return drawn.content

    async def _answer(self, order: bytes) -> Drawn:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order + b"\n")
        await process.stdin.drain()
        answer = msgspec.json.decode(await process.stdout.readline(), type=Drawn)
        self._rest()
        return answer

    async def _running(self) -> asyncio.subprocess.Process:
        if self.process is not None and self.process.returncode is None:
            return self.process
        known = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self.process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**known, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            limit=LONGEST,
        )
        return self.process

    def _rest(self) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(self.idle, self._end_idle)

    def _end_idle(self) -> None:
        process, self.process = self.process, None
        # It ends by itself where nothing more can come.
        if process is not None and process.stdin is not None:
            process.stdin.close()
