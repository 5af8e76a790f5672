"""Variables: what they were and are is returned, and can be put back."""

from typing import Any

import pytest
from desk import ALICE, Desk, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.operations.set_variable import MOST, VALUE_LIMIT, set_variable, undo_variable, unset_variable
from store import Run


def undo(ctx: Context, run: Run, moment_id: int) -> Any:
    moment = ctx.store.moment(moment_id)
    assert moment is not None
    return undo_variable(ctx, run, moment, ALICE)


def test_a_variable_is_set_taken_away_and_put_back() -> None:
    desk = Desk()
    started_run(desk)
    desk.does(set_variable, "ticket", "OPS-1", ALICE)
    found, put = desk.does(set_variable, "ticket", "OPS-2", ALICE)
    assert (put.name, put.before, put.value) == ("ticket", "OPS-1", "OPS-2")
    assert {type(effect) for effect in found} == {do.Redraw}
    _, gone = desk.does(unset_variable, "ticket", ALICE)
    assert (gone.before, gone.value, desk.run().attributes) == ("OPS-2", "", {})
    with pytest.raises(do.Refused, match="another value since"):
        desk.does(undo, put.moment_id)
    _, back = desk.does(undo, gone.moment_id)
    assert (back.before, back.value, desk.run().attributes) == ("", "OPS-2", {"ticket": "OPS-2"})


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("tick-et", "a", "has a name of"),
        ("ticket", "a" * (VALUE_LIMIT + 1), "a value of"),
        ("ticket", "", "no variable"),
    ],
)
def test_what_is_no_variable_is_refused(name: str, value: str, why: str) -> None:
    desk = Desk()
    started_run(desk)
    with pytest.raises(do.Refused, match=why):
        desk.does(set_variable, name, value, ALICE)


def test_there_are_not_too_many() -> None:
    desk = Desk()
    started_run(desk)
    for number in range(MOST):
        desk.does(set_variable, f"v{number}", "a", ALICE)
    desk.does(set_variable, "v0", "b", ALICE)
    with pytest.raises(do.Refused, match="50 variables at most"):
        desk.does(set_variable, "more", "a", ALICE)
