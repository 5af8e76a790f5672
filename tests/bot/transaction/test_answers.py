"""What comes of the answer to a dialog, whose closing says already that it was done."""

import pytest
from desk import ALICE, INCIDENT, START, Desk, started_run

from bot.transaction.dispatcher import Dispatcher
from handlers.events import DialogSubmitted
from store import Store

HISTORY = {"title": "Acknowledge the alert", "number": "1.1", "also": "history"}


@pytest.mark.parametrize(
    ("action", "arg", "values", "is_told"),
    [("task.save", "1:1", HISTORY, True), ("note.save", "1", {"note": "found it"}, False)],
    ids=["what was asked for to be read", "that it was done"],
)
async def test_what_is_to_be_read_comes_by_direct_message_where_it_cannot_be_whispered(
    action: str, arg: str, values: dict[str, str | bool], is_told: bool
) -> None:
    desk = Desk(INCIDENT)
    place = started_run(desk)
    dispatcher = Dispatcher(desk.database, desk.here, clock=lambda: START)
    filled = DialogSubmitted(at=START, action=action, arg=arg, once="o", values=values, asker=ALICE, place=place)
    await dispatcher.dispatch(filled)

    def told(store: Store) -> list[bool]:
        effects = [row.effect for row in store.outbox.take("w", START, START - START, 99)]
        return [not one["only_whispered"] for one in effects if one["type"] == "Tell"]

    assert await dispatcher.ask(told) == [is_told]
