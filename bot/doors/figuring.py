"""Keeps the figures of runs, now and then and a little at a time: of those in progress, and of those from before."""

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog

from bot.transaction.dispatcher import Dispatcher
from handlers.context import Context
from handlers.figures.keep import keep_some
from store import Store

log = structlog.get_logger()

EVERY = 60.0
"""Seconds from one round to the next."""
PAUSE = 0.05
"""Seconds between two steps, in which others can decide."""
MOST = 20
"""Of how many runs one step keeps the figures: it takes some hundredths of a second."""


class Figuring:
    """Runs until it is cancelled; several may run on one database, and then do the same twice now and then."""

    def __init__(self, desk: Dispatcher, *, every: float = EVERY, pause: float = PAUSE) -> None:
        self.desk = desk
        self.every = every
        self.pause = pause
        self._before: int | None = None
        self._is_caught_up = False

    async def run(self) -> None:
        """Keep figures once a minute."""
        while True:
            try:
                await self.round()
            except Exception as error:
                log.warning("figures could not be kept", action="figures_failed", error=str(error))
            await asyncio.sleep(self.every)

    async def round(self) -> int:
        """Keep the figures that are missing or have changed; return of how many runs."""
        kept = 0
        while not self._is_caught_up:
            # Whoever starts a run keeps its figures, so that this is done once: the newest first.
            some = await self.desk.ask(partial(self._missing, before=self._before))
            self._before = some[-1] if some else self._before
            self._is_caught_up = len(some) < MOST
            kept += len(some)
            await asyncio.sleep(self.pause)
        after = 0
        while some := await self.desk.ask(partial(self._stale, after=after)):
            after, kept = some[-1], kept + len(some)
            await asyncio.sleep(self.pause)
        return kept

    def _missing(self, store: Store, before: int | None) -> Sequence[int]:
        return self._kept(store, store.runs_without_figures(before, MOST))

    def _stale(self, store: Store, after: int) -> Sequence[int]:
        return self._kept(store, store.stale_figures(after, MOST))

    def _kept(self, store: Store, run_ids: Sequence[int]) -> Sequence[int]:
        ctx = Context(self.desk.clock(), store, self.desk.here)
        for run_id in run_ids:
            try:
                keep_some(ctx, [run_id])
            except ValueError as error:
                # What no program can read any more keeps nobody else's figures from being kept.
                log.warning("a run's figures cannot be kept", action="figures_failed", run=run_id, error=str(error))
        return run_ids
