"""Ending a run, taking it up again and deleting it: what these tell who asks, wherever that is."""

import pytest
from desk import ALICE, BOB, INCIDENT, Desk, all_of, started_run

from handlers import effects as do
from handlers.operations.end_run import Deleted, Finished, Restarted, delete_run, finish_run, restart_run

TO_WHO_ASKED = do.Answer | do.Ask | do.Refuse | do.Tell


def test_a_finished_run_is_told_everywhere_and_its_asker_gets_data() -> None:
    desk = Desk()
    started_run(desk)
    found, told = desk.does(finish_run, BOB)
    assert told == Finished(run_id=1, at=desk.now, kept=())
    assert [post.place_id for post in all_of(found, do.Post)] == ["channel1", "town", "town"]
    assert not any(isinstance(effect, TO_WHO_ASKED) for effect in found)
    assert desk.run().finished_by == "bob"


def test_channels_that_a_private_run_keeps_from_are_returned_and_in_chat_told() -> None:
    book = INCIDENT.model_copy(update={"updates": INCIDENT.updates.model_copy(update={"broadcast_private": False})})
    desk = Desk(book)
    place = started_run(desk)
    found, told = desk.does(finish_run, ALICE)
    assert told.kept == ("~town-square",)
    assert all_of(found, do.Tell) == []
    desk.does(restart_run, ALICE)
    told = all_of(desk.commands("finish now", place=place), do.Answer)
    assert ["did not go to ~town-square" in one.content.text for one in told] == [True, False]


def test_what_has_ended_ends_once_and_goes_on_once() -> None:
    desk = Desk()
    started_run(desk)
    desk.does(finish_run, BOB)
    with pytest.raises(do.Refused, match="was finished by @bob"):
        desk.does(finish_run, ALICE)
    ended = desk.now
    desk.later(hours=1)
    found, told = desk.does(restart_run, ALICE)
    assert told == Restarted(run_id=1, ended_at=ended)
    assert "@alice took **Checkout is down** up again" in all_of(found, do.Post)[0].content.text
    with pytest.raises(do.Refused, match="is not finished"):
        desk.does(restart_run, ALICE)


def test_a_deleted_run_takes_its_messages_away() -> None:
    desk = Desk()
    started_run(desk)
    found, told = desk.does(delete_run, ALICE)
    assert told == Deleted(run_id=1, is_archived=True)
    assert len(all_of(found, do.Delete)) == 3
    assert not any(isinstance(effect, TO_WHO_ASKED) for effect in found)
    assert desk.ask(lambda store: store.run(1)) is None


def test_a_run_whose_channel_is_being_opened_is_not_deleted() -> None:
    desk = Desk()
    desk.commands("run incident-response Checkout")
    with pytest.raises(do.Refused, match="is just being opened"):
        desk.does(delete_run, ALICE)
    assert desk.run().is_active
