"""Has pictures drawn by a process of its own, one after the other, and remembers the last ones."""

import asyncio
from typing import Literal

import msgspec
import structlog
from cachetools import LRUCache

from bot.charts.orders import Drawn, Order
from bot.worker import IDLE, NoAnswer, Worker
from handlers.figures.picture import Picture

log = structlog.get_logger()

Form = Literal["png", "svg"]

PATIENCE = 60.0
"""Seconds for one picture; the first one takes some until all fonts are known."""
MOST_WAITING = 8
REMEMBERED = 16


class NotDrawn(Exception):
    """There is no picture; the figures are as they were."""


class Charts:
    """Draws one picture after the other."""

    def __init__(self, *, patience: float = PATIENCE, idle: float = IDLE, command: tuple[str, ...] = ()) -> None:
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._worker = Worker("bot.charts.worker", patience=patience, idle=idle, command=command, more=one_thread)
        self._one_by_one = asyncio.Lock()
        self._waiting = 0
        self._drawn: LRUCache[bytes, bytes] = LRUCache(REMEMBERED)

    @property
    def process(self) -> asyncio.subprocess.Process | None:
        return self._worker.process

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
        await self._worker.close()

    async def _ask(self, order: bytes) -> bytes:
        try:
            drawn = msgspec.json.decode(await self._worker.ask(order), type=Drawn)
        except (NoAnswer, msgspec.DecodeError) as error:
            await self.close()
            log.warning("not drawn", action="not_drawn", error=str(error))
            raise NotDrawn("the process that draws did not answer") from error
        if drawn.trouble:
            log.warning("not drawn", action="not_drawn", error=drawn.trouble)
            raise NotDrawn(drawn.trouble)
        return drawn.content
