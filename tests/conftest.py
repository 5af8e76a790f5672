"""What all tests share."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

# How long an example takes depends on what else the machine does; tests are not timed.
# How fast a busy machine makes examples up says nothing about what is tried.
settings.register_profile("muster", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("muster")

sys.path.insert(0, str(Path(__file__).parent))

# Each of the many processes of the tests would compile the program and the tests anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from browser import installed  # noqa: E402 -- found by the line above
from one_dialect import share_statements  # noqa: E402 -- likewise
from quick_schema import migrate_by_copy  # noqa: E402 -- likewise
from truth import is_warm_and_true  # noqa: E402 -- likewise

from bot.logs.veil import veil  # noqa: E402 -- likewise
from store import Database  # noqa: E402 -- likewise
from store.session.kept import Kept  # noqa: E402 -- likewise

share_statements()
Database.migrate = migrate_by_copy  # type: ignore[method-assign]

IN_A_BROWSER = [
    "sandbox/test_page_in_a_browser.py",
    "bot/pages/test_in_a_browser.py",
    "bot/pages/test_pages_in_a_browser.py",
]
collect_ignore = [] if installed() else IN_A_BROWSER

LONG = ("tests/test_crash.py", "tests/chaos/", "tests/upgrading/", "tests/bot/logs/", "tests/bot/delivery/test_two")
"""The tests, by the beginnings of their names, that take long."""


@pytest.fixture(autouse=True)
def true_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test fail in which something is remembered of a run that is not so."""
    monkeypatch.setattr(Kept, "_is_warm", is_warm_and_true)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Let every test have secrets and a log of its own, whatever the one before has set up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    veil.forget()
    root.handlers[:], root.level = handlers, level
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    structlog.reset_defaults()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that at the end nobody waits for it."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that was skipped has failed: nobody would notice that it never runs."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
