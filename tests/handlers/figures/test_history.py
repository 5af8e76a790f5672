"""The figures of 500 runs, compared with what their plan says without the program, and with some by hand."""

from collections.abc import Mapping, Sequence

import pytest
from desk import Desk
from history import COUNT, KEPT_AS, Past, a_history, keep_history

from store import RunFigures

Kept = tuple[Sequence[Past], Mapping[int, RunFigures]]


@pytest.fixture(scope="module")
def kept() -> Kept:
    desk = Desk()
    runs = a_history(desk.database)
    keep_history(desk.database, desk.here)
    rows = desk.ask(lambda store: store.run_figures())
    return runs, {row.run_id: row for row in rows}


def test_each_figure_of_each_run_is_what_its_plan_says(kept: Kept) -> None:
    runs, rows = kept
    assert len(rows) == len(runs) == COUNT
    for past in runs:
        expected, row = past.figures(), rows[past.number]
        assert {name: getattr(row, name) for name in expected} == expected, past


def test_the_history_has_everything_that_figures_depend_on(kept: Kept) -> None:
    runs, rows = kept
    assert {one.left_out for one in runs} == {"", "removed", "mistaken"}
    assert {len(one.spells) for one in runs} == {1, 2}
    assert {one.state for one in runs} == {"active", "finished"}
    flags = {flag for row in rows.values() for flag in row.flags}
    assert {"unacknowledged", "negative:mitigate", "negative:time-to-mitigate"} <= flags
    assert any(row.tasks["late"] for row in rows.values())


def test_two_runs_have_the_figures_that_were_worked_out_by_hand(kept: Kept) -> None:
    _, rows = kept
    plain, again = rows[2], rows[11]
    # The second run began on 2 January at 01:03 UTC, with its keyword; Bob, whom the playbook made its owner, first did
    # something at 01:16, it was mitigated at 01:38 and ended at 07:26. The update that was promised for 01:33 came at
    # 01:41, support was told 14 minutes late, one task was skipped, and it failed over at 01:13.
    assert (plain.acknowledge_s, plain.mitigate_s, plain.finish_s, plain.took_s) == (780, 2100, 22_980, 22_980)
    assert (plain.promises_made, plain.promises_kept) == (1, 0)
    assert (plain.tasks["late"], plain.tasks["skipped"]) == (["Tell support"], ["Write it down"])
    assert (plain.metrics[KEPT_AS["fail-over"]], plain.metrics[KEPT_AS["users-reached"]]) == (600, 9222)
    # The eleventh was said to be down at 22:32, started at 22:37, ended at 04:21, taken up again at 05:00 and ended at
    # 05:29: 412 minutes from start to end, of which it was open for 344 and 29. Nobody who owned it did anything.
    assert (again.finish_s, again.took_s, again.open_s, again.reopened) == (25_020, 24_720, 22_380, 1)
    assert (again.acknowledge_s, again.flags) == (None, ["unacknowledged"])
