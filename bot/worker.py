"""A process of its own that answers one line with another: begun with the first, ended when nobody asks any more."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping

IDLE = 600.0
"""Seconds after which the process ends that nobody has asked for anything."""
LONGEST = 16 << 20
"""Bytes of an answer."""
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "MPLCONFIGDIR", "XDG_CACHE_HOME")
"""What the process is told of the environment, in which secrets may stand."""


class NoAnswer(Exception):
    """The process did not answer in time, or is gone; it was ended, and the next question begins another one."""


class Worker:
    """Has a module answer, or another `command`, within `patience` seconds; whoever asks lets nobody ask meanwhile."""

    def __init__(
        self,
        module: str,
        *,
        patience: float,
        idle: float = IDLE,
        command: tuple[str, ...] = (),
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.process: asyncio.subprocess.Process | None = None
        self._command = command or (sys.executable, "-m", module)
        self._patience, self._idle, self._more = patience, idle, dict(more or {})
        self._end: asyncio.TimerHandle | None = None

    async def ask(self, line: bytes) -> bytes:
        """Return what is answered to a line. Raises `NoAnswer`."""
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._answer(line)
        except (TimeoutError, OSError, ValueError) as error:
            await self.close()
            raise NoAnswer(type(error).__name__) from error
        except asyncio.CancelledError:
            # What it answers later must not be taken for the next answer.
            await self.close()
            raise
        if not answer.endswith(b"\n"):
            await self.close()
            raise NoAnswer("ended")
        return answer

    async def close(self) -> None:
        """End the process; the next question begins another one."""
        if self._end is not None:
            self._end.cancel()
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _answer(self, line: bytes) -> bytes:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line + b"\n")
        await process.stdin.drain()
        answer = await process.stdout.readline()
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
            env={**known, **self._more},
            limit=LONGEST,
        )
        return self.process

    def _rest(self) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(self._idle, self._end_idle)

    def _end_idle(self) -> None:
        process, self.process = self.process, None
        # It ends by itself where nothing more can come.
        if process is not None and process.stdin is not None:
            process.stdin.close()
