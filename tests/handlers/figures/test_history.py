"""The figures of 500 runs, compared with what their plan says without the program, and with some by hand."""

from collections.abc import Mapping, Sequence

import pytest
from desk import Desk
from history import COUNT, Past, a_history, keep_history

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
