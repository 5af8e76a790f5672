"""The timeline: notes and messages are entered, taken out and put back, each with its number."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from desk import ALICE, BOB, Desk, started_run

from handlers.context import Context
from handlers.effects import Refused
from handlers.operations.enter_moment import (
    NOTE_LIMIT,
    Entered,
    note_moment,
    pin_message,
    remove_moment,
    restore_moment,
)
from store import Moment, Run


def turned(change: Callable[[Context, Run, Moment], Entered], moment_id: int) -> Callable[[Context, Run], Entered]:
    def operation(ctx: Context, run: Run) -> Entered:
        moment = ctx.store.moment(moment_id)
        assert moment is not None
        return change(ctx, run, moment)

    return operation


def test_an_entry_keeps_its_number_out_of_the_timeline_and_in_it_again() -> None:
    desk = Desk()
    started_run(desk)
    found, noted = desk.does(note_moment, "Rolled back", BOB)
    assert (found, noted.what) == ([], "noted")
    for change, what in ((remove_moment, "removed"), (remove_moment, "removed"), (restore_moment, "restored")):
        assert desk.does(turned(change, noted.moment_id)) == ([], Entered(what, noted.number, noted.moment_id))


@pytest.mark.parametrize("text", ["", "x" * (NOTE_LIMIT + 1)])
def test_a_note_says_something_and_not_too_much(text: str) -> None:
    desk = Desk()
    started_run(desk)
    with pytest.raises(Refused, match="1000 characters at most"):
        desk.does(note_moment, text, ALICE)


def test_a_message_is_entered_once_by_its_author_and_not_in_the_future() -> None:
    desk = Desk()
    started_run(desk)
    said = ("p1", "It is the cache", "bob", desk.now + timedelta(hours=1))
    _, pinned = desk.does(pin_message, *said, ALICE)
    assert pinned.what == "pinned"
    moment = desk.ask(lambda store: store.moment(pinned.moment_id))
    assert (moment.person_id, moment.at, moment.details) == ("bob", desk.now, {"by": "alice"})
    assert desk.does(pin_message, *said, BOB) == ([], None)
