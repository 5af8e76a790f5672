"""The command `muster demo`: a server, people and the bot in one process, with nothing to install or to set up."""

import asyncio
import signal
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from bot.demo.inked import inked
from bot.demo.tour import PASSES, SAID, play
from bot.demo.transcript import terminal
from bot.demo.world import Acme, acme
from sandbox.pages import set_hint

HINT = (
    f"**Start here:** write `{SAID}` in ~town-square, open *1 reply* below it, press **Start run**, fill in the "
    "dialog, and follow the link. `/playbook help` tells what else there is. At the top left (☰ on a phone) you "
    "become somebody else."
)
"""What to do first; the README says the same."""
WITHIN = 10.0
"""Seconds after which the tour gives a step up; each takes a fraction of one."""


def run(*, tour: bool, stay: bool, port: int, version: str) -> int:
    """Run until the tour is over or, if it stays up, until it is stopped; return the exit code."""
    return asyncio.run(_run(tour, stay, port, version))


async def show(world: Acme, console: Console, *, tour: bool, stay: bool, within: float = WITHIN) -> int:
    """Play the tour and stay up, as far as wanted; return the exit code."""
    if tour and not await play(world, console, within):
        return 1
    if stay:
        set_hint(world.sandbox.world, HINT)
        console.print(f"\n  [bold]{world.sandbox.url}[/]  ← open this in a browser. Ctrl+C ends the demo.\n")
        console.print(inked(f"  {HINT}\n"))
        await asyncio.Event().wait()
    return 0


async def _run(tour: bool, stay: bool, port: int, version: str) -> int:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    # A tour begins in the past by as much as its clock goes forward, and so ends at the real time.
    ahead = timedelta(minutes=-PASSES if tour else 0)
    with TemporaryDirectory(prefix="muster-demo-") as folder:
        async with acme(Path(folder), version=version, port=port, ahead=ahead) as world:
            return await _until(stopped, show(world, terminal(), tour=tour, stay=stay))


async def _until(stopped: asyncio.Event, work: Coroutine[Any, Any, int]) -> int:
    """Return what the work returns; 0 if it is stopped before."""
    tasks = working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else 0
    finally:
        working.cancel()
        stopping.cancel()
