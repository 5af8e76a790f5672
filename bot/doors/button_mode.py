"""Decides whether messages have buttons: as the configuration says, or as far as presses arrive."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import structlog

from bot.directory.retry import Patience
from bot.driver import ServerRefused, ServerUnreachable
from bot.transaction.dispatcher import Dispatcher
from handlers.events import ButtonsSwitched

log = structlog.get_logger()

TRY_EVERY = timedelta(minutes=3)
"""How often the way is tried while it does not work."""
CHECK_EVERY = timedelta(minutes=15)
"""How often it is tried whether the way still works."""
MISSES = 2
"""How many presses in a row must fail to arrive before the buttons go; one may fail while the server restarts."""

AT_ONCE = 10
"""How many runs' messages are looked at in one go, while whoever presses waits."""


class Buttons:
    """Keeps the desk's choice up to date; `works` tries the way back, None where there is none to be tried."""

    def __init__(
        self,
        desk: Dispatcher,
        mode: Literal["auto", "on", "off"],
        works: Callable[[], Awaitable[bool]] | None,
        *,
        try_every: timedelta = TRY_EVERY,
        check_every: timedelta = CHECK_EVERY,
        patience: Patience | None = None,
    ) -> None:
        self._desk = desk
        self._works = works if mode == "auto" else None
        self._try_every = try_every
        self._check_every = check_every
        self._patience = patience or Patience()
        self._misses = 0
        self._known = False
        self._woken = asyncio.Event()
        desk.here = replace(desk.here, buttons=mode == "on")

    @property
    def are_on(self) -> bool:
        return self._desk.here.buttons

    def look(self) -> None:
        """Try the way now."""
        self._woken.set()

    async def run(self) -> None:
        """Keep the choice up to date until cancelled; messages of an earlier choice are drawn anew at the start."""
        if self._works is None:
            await self._announce()
        while self._works is not None:
            await self._try(self._works)
            await self._wait()

    async def _wait(self) -> None:
        # What looks broken is looked at again soon, whichever way it was until now.
        soon = not self.are_on or self._misses > 0
        self._woken.clear()
        try:
            async with asyncio.timeout((self._try_every if soon else self._check_every).total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _try(self, way: Callable[[], Awaitable[bool]]) -> None:
        try:
            works = await way()
        except (ServerRefused, ServerUnreachable) as error:
            log.info("the way back could not be tried", action="way_back_unknown", error=str(error))
            return
        self._misses = 0 if works else self._misses + 1
        is_new = works != self.are_on and (works or self._misses >= MISSES)
        if self._known and not is_new:
            return
        self._known = True
        self._desk.here = replace(self._desk.here, buttons=works)
        said = "presses arrive: buttons from now on" if works else "presses do not arrive: reactions from now on"
        log.info(said, action="buttons", on=works)
        await self._announce()

    async def _announce(self) -> None:
        await self._draw_anew(())
        try:
            run_ids = await self._patience.insist(lambda: self._desk.ask(lambda store: store.unfinished_run_ids()))
        except Exception:
            log.exception("runs not found", action="buttons_failed")
            return
        for at in range(0, len(run_ids), AT_ONCE):
            await self._draw_anew(tuple(run_ids[at : at + AT_ONCE]))

    async def _draw_anew(self, run_ids: tuple[int, ...]) -> None:
        try:
            event = ButtonsSwitched(at=self._desk.clock(), run_ids=run_ids)
            await self._patience.insist(lambda: self._desk.dispatch(event))
        except Exception:
            log.exception("messages not drawn anew", action="buttons_failed", runs=run_ids)
