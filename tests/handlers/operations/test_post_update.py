"""Status updates: posted, put off and asked for by whoever it is, and told as data."""

from datetime import timedelta
from typing import Any

import pytest
from desk import ALICE, BOB, Desk, all_of, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.operations.post_update import TEXT_LIMIT, Posted, PutOff, ask_for_update, post_update, put_off
from handlers.rules.next_update import Next
from store import Run

NEVER = Next(None, 0)


def test_an_update_is_told_with_its_number_and_the_next_ones_time() -> None:
    desk = Desk()
    started_run(desk)
    due = desk.now + timedelta(hours=2)
    found, told = desk.does(post_update, "Rolling back", BOB, Next(due, 7200))
    assert told == Posted(number=1, due_at=due, kept=())
    assert [post.place_id for post in all_of(found, do.Post)] == ["channel1", "town", "town"]
    assert all_of(found, do.Answer) == all_of(found, do.Tell) == []
    assert desk.does(post_update, "All is well", BOB, NEVER)[1] == Posted(number=2, due_at=None, kept=())


@pytest.mark.parametrize(("text", "why"), [("", "at least one sentence"), ("x" * (TEXT_LIMIT + 1), "at most")])
def test_an_update_says_something_and_not_too_much(text: str, why: str) -> None:
    desk = Desk()
    started_run(desk)
    with pytest.raises(do.Refused, match=why):
        desk.does(post_update, text, ALICE, NEVER)
    assert desk.run().updates == 0


def test_an_update_is_put_off_as_long_as_one_is_planned() -> None:
    desk = Desk()
    started_run(desk)
    until = desk.now + timedelta(hours=4)
    assert desk.does(put_off, until, BOB)[1] == PutOff(run_id=1, due_at=until)
    assert desk.run().update_due_at == until
    desk.does(post_update, "All is well", BOB, NEVER)
    with pytest.raises(do.Refused, match="No status update is planned"):
        desk.does(put_off, until, BOB)


def test_who_is_asked_for_an_update_is_asked_again() -> None:
    def ask(ctx: Context, run: Run) -> Any:
        jobs = [ctx.store.job(each) for each in ctx.store.due_jobs(desk.now, 9)]
        (job,) = [one for one in jobs if one is not None and one.kind == "update"]
        return ask_for_update(ctx, run, job)

    desk = Desk()
    started_run(desk)
    desk.later(minutes=30)
    found, _ = desk.does(ask)
    assert [post.content.text for post in all_of(found, do.Post)] == [
        "@alice ⏰ A status update is due for **Checkout is down**."
    ]
