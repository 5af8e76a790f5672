"""A real browser without a window, spoken to over its debugging port; its tests are collected where there is one."""

import asyncio
import itertools
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
SEEN = """(async () => {
  const end = performance.now() + 8000;
  for (;;) {
    const found = (() => %s)();
    if (found || performance.now() > end) return found instanceof Node || (found ?? null);
    await new Promise(requestAnimationFrame);
  }
})()"""
"""Looks before each frame until something is there, for 8 s."""


class Tab:
    """A page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser for something, and return its answer."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while (said := await self._socket.receive_json()).get("id") != number:
            pass
        assert "error" not in said, said
        return dict(said["result"])

    async def run(self, script: str) -> Any:
        """Return what a script gives, or what its promise does."""
        said = await self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    async def sees(self, expression: str) -> Any:
        """Return what an expression gives as soon as it gives something."""
        found = await self.run(SEEN % expression)
        assert found, f"not seen: {expression}"
        return found

    async def open(self, url: str, width: int, height: int) -> None:
        """Open an address in a window of some size, anew even if it is the one that is open."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.ask("Emulation.setDeviceMetricsOverride", **size)
        address, _, place = url.partition("#")
        await self.ask("Page.enable")
        await self.ask("Page.navigate", url=f"{address}?{next(self._numbers)}#{place}")
        while (await self._socket.receive_json()).get("method") != "Page.loadEventFired":
            pass
        await self.ask("Page.disable")

    async def click(self, element: str) -> None:
        """Click where an element is, on its first line, as a mouse does: on whatever lies uppermost there."""
        await self.sees(f"({element})?.getClientRects()[0]?.width")
        x, y = await self.run(
            f"(box => [box.x + box.width / 2, box.y + box.height / 2])(({element}).getClientRects()[0])"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def write(self, text: str) -> None:
        """Write into what has the focus."""
        await self.ask("Input.insertText", text=text)

    async def enter(self) -> None:
        """Press Enter."""
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await self.ask("Input.dispatchKeyEvent", type="keyDown", text="\r", **key)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", **key)


def installed() -> str | None:
    """Return the path of a browser on this machine; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Tab]:
    """Give a page of a browser of its own, whose files go into a folder."""
    command = installed()
    assert command is not None, f"there is no browser: none of {', '.join(NAMES)}"
    # As root, which containers often are, it does not start with its sandbox.
    caged = ["--no-sandbox"] if os.geteuid() == 0 else []
    process = await asyncio.create_subprocess_exec(
        command, *QUIETLY, *caged, f"--user-data-dir={folder}", stderr=asyncio.subprocess.PIPE
    )
    try:
        async with aiohttp.ClientSession() as session:
            where = await _where(process)
            async with session.put(f"http://{where}/json/new?about:blank") as answer:
                address = json.loads(await answer.text())["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                yield Tab(socket)
    finally:
        process.kill()
        await process.wait()


async def _where(process: asyncio.subprocess.Process) -> str:
    """Return where the browser listens, which it says when it does."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while line := (await process.stderr.readline()).decode():
            if found := re.search(r"DevTools listening on ws://([^/]+)/", line):
                return found[1]
    raise AssertionError("the browser ended at once")
