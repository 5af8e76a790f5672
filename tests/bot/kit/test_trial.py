"""A test of somebody's playbook that should fail fails, and says what stands there."""

from pathlib import Path
from typing import Any

import pytest

BOOK = Path(__file__).parents[3] / "docs" / "example-tests" / "outage.playbook.yaml"


def test_a_promise_that_is_not_kept_is_told_with_what_stands_there(muster: Any) -> None:
    trial = muster(BOOK, people=["alex", "dana", "robin"], channels=["status"])
    run = trial.starts("alex", "shop-outage", "Payments")
    with pytest.raises(AssertionError, match="Payments") as failed:
        trial.within("1m", lambda: "robin" in run.people and run.says("no such words"), "the words")
    assert "the words within 1m" in str(failed.value)
    before = trial.now
    trial.pass_time("1h")
    assert (trial.now - before).total_seconds() >= 3600
    assert run.commands("alex", "check 1.2")
    assert [(one.number, one.state) for one in run.tasks] == [("1.1", "open"), ("1.2", "done")]
    assert not run.is_over
    assert repr(run) == "run 1 (Payments)"


def test_somebody_who_is_not_there_is_told(muster: Any) -> None:
    trial = muster(BOOK, people=["alex"])
    with pytest.raises(AssertionError, match="name everybody in people"):
        trial.says("mallory", "sev-1")


def test_a_file_that_is_not_there_is_told(muster: Any) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.yaml"):
        muster("nothing.yaml")
