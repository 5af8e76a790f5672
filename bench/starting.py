"""Starting: how long it takes until Muster listens, and what memory it holds then."""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import bot.app  # noqa: F401 -- so that its libraries are loaded here too
from bench.child import ROOT, child
from bench.databases import fresh
from bench.imports import libraries
from bench.measure import Row, Size, at_most, resident_mb, summary
from bench.ours import SECRET, free_port
from store import Database

YARDSTICK = "a Python process that only imports the same libraries"
Both = tuple[float, float]


def rows(size: Size) -> list[Row]:
    """Return the rows of a start on a database that is there already."""
    modules = libraries(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        store = fresh(Path(folder), "start")
        _migrate(store)
        found = [(_ours(store, folder, size), _bare(modules, size)) for _ in range(size(7, 1) + 1)][1 - size.quick :]
    seconds, ours_s, bare_s = summary((ours[0], bare[0]) for ours, bare in found)
    memory, ours_mb, bare_mb = summary((ours[1], bare[1]) for ours, bare in found)
    return [
        at_most("time from start to listening", YARDSTICK, seconds, 2, f"{ours_s:.2f} s against {bare_s:.2f} s"),
        at_most("memory at rest", YARDSTICK, memory, 2, f"{ours_mb:.0f} MB against {bare_mb:.0f} MB"),
    ]


def _ours(store: str, folder: str, size: Size) -> Both:
    with ExitStack() as stack:
        feeder = stack.enter_context(child("bench.feeder"))
        port = free_port()
        options = {
            "MUSTER_TOKEN": "tokentokentokentokentoken1",
            "MUSTER_SERVER_URL": f"http://127.0.0.1:{feeder.expect('port')}",
            "MUSTER_CALLBACKS_URL": f"http://127.0.0.1:{port}/hooks",
            "MUSTER_CALLBACKS_LISTEN_HOST": "127.0.0.1",
            "MUSTER_CALLBACKS_LISTEN_PORT": str(port),
            "MUSTER_CALLBACKS_SECRET": SECRET,
            "MUSTER_STORE_URL": store,
            "MUSTER_LOG_FORMAT": "json",
            "MUSTER_PLAYBOOKS_FILES": f"{folder}/*.yaml",
        }
        began = time.perf_counter()
        process = stack.enter_context(child("bot", "run", log_too=True, **options))
        process.expect("action", 60, "ready")
        return time.perf_counter() - began, _at_rest(process.pid, size)


def _bare(modules: list[str], size: Size) -> Both:
    began = time.perf_counter()
    with child("bench.imports", *modules) as process:
        process.expect("action", 60, "ready")
        return time.perf_counter() - began, _at_rest(process.pid, size)


def _at_rest(pid: int, size: Size) -> float:
    time.sleep(size(20, 1) / 10)
    return resident_mb(pid)


def _migrate(store: str) -> None:
    database = Database(store)
    database.migrate()
    database.close()
