"""A `muster run` in a process of its own, which is killed, paused, and started again like by a supervisor."""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp

CHILD = Path(__file__).with_name("child.py")
ROOT = CHILD.parent.parent.parent
START_AGAIN = 0.3
"""Seconds after which a process that ended by itself is started again."""
STOPS_WITHIN = 20.0
ANSWERS_WITHIN = aiohttp.ClientTimeout(total=2)


class Process:
    """One process after the other by the same name; `log` has the lines of all, `ends` how they ended unasked."""

    def __init__(self, name: str, port: int, environment: Mapping[str, str]) -> None:
        self.name = name
        self.port = port
        self.log: list[str] = []
        self.ends: list[int] = []
        self._environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        self._life: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._is_wanted = False

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def start(self) -> None:
        """Let it run, and start it again whenever it ends by itself; nothing is done where it does run."""
        if not self._is_wanted:
            self._is_wanted = True
            self._life = asyncio.create_task(self._live())

    async def kill(self) -> None:
        """End it at once (SIGKILL), also where it is paused."""
        self._is_wanted = False
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        if self._life is not None:
            await self._life

    async def stop(self) -> int | None:
        """Ask it to end (SIGTERM); return its exit code, None if it does not end."""
        self._is_wanted = False
        process = self._process
        if process is None or self._life is None:
            return None
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(self._life), STOPS_WITHIN)
        except TimeoutError:
            await self.kill()
            return None
        return process.returncode

    def pause(self) -> None:
        """Stop its time (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let its time go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def limit_files(self, size: int) -> None:
        """Let each write into a file beyond `size` bytes fail, as where a disk or a quota is full; -1 for no limit."""
        if self.is_running and self._process is not None:
            with suppress(ProcessLookupError):
                resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    async def is_well(self) -> bool:
        """Return whether it says of itself that it hears and delivers."""
        status, _ = await self._look("healthz")
        return status == 200

    async def unheard(self) -> float:
        """Return how much it has heard and not dealt with yet, by its own figures; something where it does not say."""
        _, figures = await self._look("metrics")
        lines = [line for line in figures.splitlines() if line.startswith("muster_messages_waiting ")]
        return float(lines[0].split()[1]) if lines else 1.0

    async def _look(self, page: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}/hooks/{page}"
        try:
            async with aiohttp.ClientSession(timeout=ANSWERS_WITHIN) as session, session.get(url) as answer:
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, ""

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _live(self) -> None:
        while self._is_wanted:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(CHILD),
                env=self._environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                limit=2**22,
            )
            if not self._is_wanted:
                self._process.kill()
            assert self._process.stderr is not None
            async for line in self._process.stderr:
                self.log.append(line.decode(errors="replace").rstrip())
            code = await self._process.wait()
            if self._is_wanted:
                self.ends.append(code)
                await asyncio.sleep(START_AGAIN)
