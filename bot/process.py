"""A life of the bot: it runs until it is told to stop, and can be stopped while it still waits to begin."""

import asyncio
import os
import signal
import threading
from contextlib import suppress
from typing import Any

import structlog

from bot.app import leave_alone_what_is_there, running
from bot.listening.websocket import TokenRefused
from bot.settings.config import Config
from bot.trouble import Trouble

log = structlog.get_logger()

AT_ONCE = 0.5
"""How many seconds a process that is to end at once has to leave what it uses in order."""


def run(config: Config) -> None:
    """Run until the process is told to stop. Raises `Trouble` for what the operator has to put right."""
    try:
        asyncio.run(_until_stopped(config))
    except* TokenRefused as group:
        raise Trouble(str(group.exceptions[0])) from None


async def _until_stopped(config: Config) -> None:
    life = Life()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, life.stop)
    loop.set_exception_handler(_lost)
    await life.live(config)


def _lost(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error that nobody waits for; the loop's own words would show the values that it concerns."""
    log.error(context["message"].partition("\n")[0], action="lost_error", exc_info=context.get("exception"))


class Life:
    """One run of the bot; `stop` ends it."""

    def __init__(self) -> None:
        self._stopped = asyncio.Event()
        self._starting: asyncio.Task[None] | None = None

    async def live(self, config: Config) -> None:
        """Run until `stop`."""
        self._starting = asyncio.create_task(self._live(config))
        with suppress(asyncio.CancelledError):
            await self._starting

    def stop(self) -> None:
        """Let what is under way come to its end; a start, or who is told twice, ends at once."""
        log.info("stopping", action="stopping")
        if self._starting is not None:
            self._starting.cancel()
        if self._starting is not None or self._stopped.is_set():
            # A thread that waits for the database cannot be told to stop; what it has not committed never happened.
            end = threading.Timer(AT_ONCE, os._exit, [0])
            end.daemon = True
            end.start()
        self._stopped.set()

    async def _live(self, config: Config) -> None:
        async with running(config):
            self._starting = None
            leave_alone_what_is_there()
            await self._stopped.wait()
