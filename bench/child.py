"""Processes of their own, which speak with the bench in lines of JSON."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class Died(RuntimeError):
    """A process ended, or said nothing in time; the text has its last words."""


class Child:
    """A running process; what it prints that is no JSON is passed over."""

    def __init__(self, command: list[str], env: dict[str, str], *, log_too: bool = False) -> None:
        self._words = tempfile.TemporaryFile(mode="w+")  # noqa: SIM115 -- as long as the process lives
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if log_too else self._words,
        )
        self.pid = self._process.pid
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def tell(self, **words: Any) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def expect(self, key: str, within: float = 60.0, value: Any = None) -> Any:
        """Return the value of the next line that has `key`, or that has this `value` there. Raises `Died`."""
        while True:
            try:
                said = self._lines.get(timeout=within)
            except queue.Empty:
                raise Died(f"no {key!r} within {within:g} s: {self._last_words()}") from None
            if said is None:
                raise Died(f"ended before {key!r}: {self._last_words()}")
            if key in said and value in (None, said[key]):
                return said[key]

    def end(self) -> None:
        """Stop the process and wait for its end."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._words.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._lines.put(json.loads(line))
        self._lines.put(None)

    def _last_words(self) -> str:
        self._words.seek(0)
        return self._words.read()[-2000:].strip()


@contextmanager
def child(*command: str, python: str = sys.executable, log_too: bool = False, **env: str) -> Iterator[Child]:
    """Run a Python module with its arguments as long as the context lasts; `log_too` reads what it logs as well."""
    one = Child([python, "-m", *command], env, log_too=log_too)
    try:
        yield one
    finally:
        one.end()
