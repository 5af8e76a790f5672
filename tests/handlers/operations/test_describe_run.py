"""A run's name and summary: what changes of them is returned, and can be put back."""

from typing import Any

import pytest
from desk import ALICE, Desk, all_of, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.operations.describe_run import SUMMARY_LIMIT, Described, describe_run, undo_description
from store import Run


def undo(ctx: Context, run: Run, moment_id: int) -> Any:
    moment = ctx.store.moment(moment_id)
    assert moment is not None
    return undo_description(ctx, run, moment, ALICE)


def test_only_what_changed_is_told_and_it_is_put_back() -> None:
    desk = Desk()
    started_run(desk)
    summary = desk.run().summary
    found, told = desk.does(describe_run, ALICE, name="Payments are down", summary=summary)
    assert (told.before, told.after) == ({"name": "Checkout is down"}, {"name": "Payments are down"})
    assert [effect.title for effect in all_of(found, do.ChangeChannel)] == ["Payments are down"]
    assert {type(effect) for effect in found} == {do.ChangeChannel, do.Redraw}
    _, back = desk.does(undo, told.moment_id)
    assert (back.before, back.after) == (told.after, told.before)
    with pytest.raises(do.Refused, match="changed this again"):
        desk.does(undo, told.moment_id)


def test_what_it_says_already_changes_nothing() -> None:
    desk = Desk()
    started_run(desk)
    assert desk.does(describe_run, ALICE, name="Checkout is down") == ([], Described({}, {}))


@pytest.mark.parametrize("wanted", [{"name": ""}, {"name": "x" * 151}, {"name": "A", "summary": "x" * 3001}])
def test_what_is_too_long_or_nothing_is_refused_before_anything_is_changed(wanted: dict[str, str]) -> None:
    assert SUMMARY_LIMIT == 3000
    desk = Desk()
    started_run(desk)
    with pytest.raises(do.Refused, match="characters at most"):
        desk.does(describe_run, ALICE, **wanted)
    assert desk.run().name == "Checkout is down"
