"""What all tests share."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does; tests are not timed.
settings.register_profile("muster", deadline=None)
settings.load_profile("muster")

sys.path.insert(0, str(Path(__file__).parent))

from quick_schema import migrate_by_copy  # noqa: E402 -- found by the line above
from truth import is_warm_and_true  # noqa: E402 -- likewise

from store import Database  # noqa: E402 -- likewise
from store.kept import Kept  # noqa: E402 -- likewise

Database.migrate = migrate_by_copy  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def true_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test fail in which something is remembered of a run that is not so."""
    monkeypatch.setattr(Kept, "_is_warm", is_warm_and_true)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that was skipped has failed: nobody would notice that it never runs."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
