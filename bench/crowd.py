"""Readers of the same flood: each a process with a feeder of its own, measured by the CPU time that it uses."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.child import ROOT, Child, child
from bench.measure import cpu_seconds, rested
from bench.ours import free_port

PEERS = ROOT / ".bench"


class Reader:
    """A process that hears what its feeder says."""

    def __init__(self, feeder: Child, process: Child) -> None:
        self.feeder = feeder
        self.process = process

    def flood(self, count: int, within: float = 120.0) -> float:
        """Return the CPU seconds that a message takes, out of `count` that concern nobody."""
        began = rested(self.process.pid)
        self.feeder.tell(flood=count)
        self.feeder.expect("done", within)
        return (cpu_seconds(self.process.pid) - began) / count

    def commands(self, count: int, at_once: int, within: float = 120.0) -> dict[str, Any]:
        """Return the CPU seconds that a command with its reply takes, and whether the replies came in order."""
        began = rested(self.process.pid)
        self.feeder.tell(commands=count, at_once=at_once)
        done: dict[str, Any] = self.feeder.expect("done", within)
        return done | {"cpu": (cpu_seconds(self.process.pid) - began) / count}


def peer_python(name: str) -> Path:
    """Return the Python of a peer's environment, which `make bench-peers` makes."""
    return PEERS / name / "bin" / "python"


@contextmanager
def bare(module: str = "bench.bare_reader") -> Iterator[Reader]:
    """Run a process that does next to nothing."""
    with ExitStack() as stack:
        feeder = stack.enter_context(child("bench.feeder"))
        process = stack.enter_context(child(module, f"http://127.0.0.1:{feeder.expect('port')}"))
        feeder.expect("connected")
        yield Reader(feeder, process)


@contextmanager
def ours(folder: Path, playbooks: int, each: int, form: str = "@muster bench{}") -> Iterator[Reader]:
    """Run Muster with so many keywords for each of so many playbooks."""
    with ExitStack() as stack:
        feeder = stack.enter_context(child("bench.feeder", form))
        options = {
            "url": f"http://127.0.0.1:{feeder.expect('port')}",
            "store": f"sqlite:///{folder}/{playbooks}x{each}-{time.time_ns()}.sqlite",
            "port": free_port(),
            "playbooks": playbooks,
            "each": each,
        }
        process = stack.enter_context(child("bench.ours", json.dumps(options)))
        process.expect("ready")
        yield Reader(feeder, process)


@contextmanager
def peer(name: str, patterns: int) -> Iterator[Reader]:
    """Run another bot with so many patterns. Raises `Died` if it does not run."""
    with ExitStack() as stack:
        feeder = stack.enter_context(child("bench.feeder"))
        port = str(feeder.expect("port"))
        module = f"bench.peers.{name}"
        process = stack.enter_context(child(module, port, str(patterns), python=str(peer_python(name))))
        process.expect("ready", 30)
        feeder.expect("connected", 30)
        yield Reader(feeder, process)
