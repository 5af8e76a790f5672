"""`muster insights`: what the runs tell, as lines, for spreadsheets and for programs."""

import json
from collections.abc import Callable

import pytest
from history import BOOK, a_history, keep_history, planned

from handlers.context import Installation
from handlers.events import Person
from store import Database

Muster = Callable[..., tuple[int, str, str]]
HERE = Installation(bot=Person(id="", username="muster"), site_url="", menus={})
PAST = planned(count=60)


@pytest.fixture
def history(database: Database) -> Database:
    a_history(database, PAST)
    keep_history(database, HERE)
    return database


def test_who_looks_at_the_host_sees_all_and_is_told_so(muster: Muster, history: Database) -> None:
    code, out, err = muster("insights", "outage", "--time", "all")
    over = [run for run in PAST if run.state == "finished" and not run.left_out]
    assert code == 0
    assert "all runs on this host" in err
    assert f"Runs: over: {len(over)}" in out
    removed = sum(run.left_out == "removed" for run in PAST)
    assert f"Runs: deleted (left out): {removed}" in out or not removed


def test_programs_get_whole_numbers_with_n(muster: Muster, history: Database) -> None:
    code, out, _ = muster("insights", "outage", "--time", "all", "--json", "--by", "service")
    said = json.loads(out)
    over = [run for run in PAST if run.state == "finished" and not run.left_out]
    assert (code, said["version"], said["playbook"], said["runs"]["over"]) == (0, 1, "outage", len(over))
    mitigate = next(one for one in said["measures"] if one["key"] == "mitigate")
    assert (
        mitigate["n"]
        == len(mitigate["values"])
        == len([run for run in over if run.figures()["mitigate_s"] is not None])
    )
    assert {one["value"] for one in said["splits"]} == {run.service for run in over}
    assert said["split_by"] == "service"
    assert [metric.title for metric in BOOK.retrospective.metrics] == [
        one["title"] for one in said["measures"] if one["title"]
    ]


def test_spreadsheets_get_lines(muster: Muster, history: Database) -> None:
    code, out, _ = muster("insights", "--csv", "--time", "2026")
    assert code == 0
    assert "Part,Figure,n,Value,Beside it" in out


def test_what_is_no_playbook_or_no_time_is_told(muster: Muster, history: Database) -> None:
    assert "there are: outage" in muster("insights", "nothing")[2]
    code, _, err = muster("insights", "--time", "soon")
    assert code == 2
    assert "'soon' is no time" in err


def test_without_a_database_there_is_nothing(muster: Muster) -> None:
    code, _, err = muster("insights")
    assert (code, "There are no runs yet." in err) == (2, True)
