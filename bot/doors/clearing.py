"""Clears away, now and then and a little at a time, what was needed for a while only."""

import asyncio

import structlog

from bot.transaction.dispatcher import Dispatcher
from store.clearing import KINDS, MOST, clear

log = structlog.get_logger()

EVERY = 60.0
"""Seconds from one round to the next."""
PAUSE = 0.1
"""Seconds between two steps, in which others can decide."""
STEPS = 40
"""How many steps a round has at most for each kind, so that what has gathered over months goes within days."""


class Clearing:
    """Runs until it is cancelled; several may run on one database."""

    def __init__(self, desk: Dispatcher, *, every: float = EVERY, pause: float = PAUSE) -> None:
        self.desk = desk
        self.every = every
        self.pause = pause

    async def run(self) -> None:
        """Clear away what is needed no more, once a minute."""
        while True:
            await asyncio.sleep(self.every)
            try:
                await self.round()
            except Exception as error:
                log.warning("nothing could be cleared away", action="clearing_failed", error=str(error))

    async def round(self) -> dict[str, int]:
        """Clear away what is needed no more; return how much of each kind that was."""
        return {kind: await self._clear(kind) for kind in KINDS}

    async def _clear(self, kind: str) -> int:
        gone = 0
        for _ in range(STEPS):
            some = await self.desk.ask(lambda store: clear(store, kind, self.desk.clock()))
            gone += some
            if some < MOST:
                break
            await asyncio.sleep(self.pause)
        return gone
