"""The owner of a run administers the channel that was opened for it; that moves with the ownership."""

from typing import Any

from desk import ALICE, BOB, GUEST, TOWN, Desk, all_of, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.events import PersonJoined, PersonLeft
from handlers.operations.channel_head import make_head


def heads(effects: list[Any]) -> list[tuple[str, bool]]:
    return [(one.person_id, one.is_head) for one in all_of(effects, do.SetHead)]


def test_it_moves_with_the_ownership() -> None:
    desk = Desk()
    place = started_run(desk)
    assert heads(desk.sent) == [("alice", True)]
    invited = next(at for at, one in enumerate(desk.sent) if isinstance(one, do.Invite))
    assert [type(one) for one in desk.sent[invited:]].index(do.SetHead) > 0
    desk.take(PersonJoined(at=desk.now, place=place, person=BOB))
    assert heads(desk.commands("owner @bob", place=place)) == [("alice", False), ("bob", True)]


def test_who_comes_back_is_its_admin_again() -> None:
    desk = Desk()
    place = started_run(desk)
    assert heads(desk.take(PersonJoined(at=desk.now, place=place, person=ALICE))) == []
    desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="alice"))
    assert heads(desk.take(PersonJoined(at=desk.now, place=place, person=ALICE))) == [("alice", True)]


def test_a_channel_that_was_there_before_keeps_its_own_admins() -> None:
    desk = Desk()
    started_run(desk)
    desk.commands("movehere #1", place=TOWN)
    assert heads(desk.commands("#1 owner @bob", place=TOWN)) == []


def test_a_guest_never_becomes_one() -> None:
    desk = Desk()
    started_run(desk)
    desk.ask(lambda store: setattr(store.person("guest"), "roles", "system_guest"))
    found = desk.ask(lambda store: list(make_head(Context(desk.now, store, desk.here), store.run(1), GUEST.id)))
    assert found == []
