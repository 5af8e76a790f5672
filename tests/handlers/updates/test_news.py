"""What channels of a playbook are told of a run: one thread each, whose first post shows how the run stands."""

from typing import Any

from desk import ALICE, BOB, INCIDENT, PUBLIC, Desk, all_of, started_run

from handlers import effects as do
from handlers.events import Undeliverable


def told(found: list[do.Effect], kind: type[Any] = do.Post) -> list[Any]:
    """Return what is posted in the playbook's channel."""
    return [effect for effect in all_of(found, kind) if effect.place_id == "town"]


def shown(found: list[do.Effect], message_id: int) -> str:
    """Return what a message comes to show."""
    (edit,) = [effect for effect in all_of(found, do.Edit) if effect.message_id == message_id]
    return edit.content.text + "\n" + "\n".join(card.text for card in edit.content.cards)


def test_news_stand_in_one_thread_whose_first_post_shows_the_latest() -> None:
    desk = Desk()
    place = started_run(desk)
    first, update = told(desk.commands("update Rolling back.", place=place))
    assert "🔵 **[Checkout is down]" in first.content.text
    assert "**Update 1**, 15:00 CET:\n\nRolling back." in first.content.text
    assert update.under == do.needs(update) == first.message_id
    desk.stands(first.message_id)
    found = desk.commands("update All is *well*.", BOB, place=place)
    assert [one.under for one in told(found)] == [first.message_id]
    assert "**Update 2**, 15:00 CET:\n\nAll is *well*." in shown(found, first.message_id)
    found = desk.commands("rename Payments", place=place)
    assert "🔵 **[Payments]" in shown(found, first.message_id)


def test_an_end_that_is_over_is_taken_back_wherever_it_was_said() -> None:
    desk = Desk()
    place = started_run(desk)
    first, end = told(desk.commands("finish now", place=place))
    (here,) = [
        one
        for one in desk.sent
        if isinstance(one, do.Post) and "is finished" in one.content.text and one.place_id == place.id
    ]
    for message in (first, end, here):
        desk.stands(message.message_id)
    assert "🏁 **[Checkout is down]" in first.content.text
    desk.later(minutes=5)
    found = desk.commands("restart", BOB, place=place)
    assert "🔵 **[Checkout is down]" in shown(found, first.message_id)
    for message in (end, here):
        assert "is finished.~~ It was taken up again 15:05 CET." in shown(found, message.message_id)
    (again,) = told(found)
    assert again.under == first.message_id
    assert "goes on; @bob took it up again" in again.content.text
    desk.commands("finish now", place=place)
    again = desk.commands("restart", BOB, place=place)
    assert not {end.message_id, here.message_id} & {edit.message_id for edit in all_of(again, do.Edit)}, (
        "taken back once"
    )


def test_followers_are_told_that_a_run_goes_on() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("follow", place=place)
    desk.commands("finish now", BOB, place=place)
    (told_alice,) = all_of(desk.commands("restart", BOB, place=place), do.Tell)
    assert (told_alice.person_id, "goes on" in told_alice.content.text) == ("alice", True)


def test_a_start_is_told_where_the_playbook_wants_that() -> None:
    for wanted in (True, False):
        updates = INCIDENT.updates.model_copy(update={"broadcast_start": wanted})
        desk = Desk(INCIDENT.model_copy(update={"updates": updates}))
        place = started_run(desk)
        begun = [
            one for one in desk.sent if isinstance(one, do.Post) and "has been in progress since" in one.content.text
        ]
        assert [one.place_id for one in begun] == ["town"] * wanted
        assert len(told(desk.commands("update x", place=place))) == (1 if wanted else 2)


def test_where_the_first_post_was_deleted_a_new_thread_begins() -> None:
    desk = Desk()
    place = started_run(desk)
    first, _ = told(desk.commands("update One", place=place))
    desk.take(Undeliverable(at=desk.now, effect="Post", reason="forbidden", message_id=first.message_id))
    again, reply = told(desk.commands("update Two", place=place))
    assert reply.under == again.message_id != first.message_id


def test_a_channel_that_cannot_be_told_is_named_once() -> None:
    desk = Desk()
    place = started_run(desk)
    first, _ = told(desk.commands("update One", place=place))
    lost = desk.take(
        Undeliverable(at=desk.now, effect="Post", reason="forbidden", message_id=first.message_id, place_id="town")
    )
    (note,) = all_of(lost, do.Post)
    assert (note.place_id, "did not reach ~town-square" in note.content.text) == (place.id, True)


def test_where_a_run_may_be_told_of_no_more_its_end_is_not_taken_back_with_its_name_of_today() -> None:
    updates = PUBLIC.updates.model_copy(update={"broadcast_private": False})
    desk = Desk(PUBLIC.model_copy(update={"updates": updates}))
    place = started_run(desk)
    posts = told(desk.commands("finish now", place=place))
    for message in posts:
        desk.stands(message.message_id)
    desk.becomes(place, kind="P")
    found = desk.commands("restart", ALICE, place=place)
    assert not {message.message_id for message in posts} & {edit.message_id for edit in all_of(found, do.Edit)}


def test_what_was_to_stand_under_a_first_post_that_never_stood_is_not_waited_for() -> None:
    desk = Desk()
    place = started_run(desk)
    first, end = told(desk.commands("finish now", place=place))
    desk.take(Undeliverable(at=desk.now, effect="Post", reason="forbidden", message_id=first.message_id))
    found = desk.commands("restart", BOB, place=place)
    assert end.message_id not in [edit.message_id for edit in all_of(found, do.Edit)]
    found = desk.commands("delete now", place=place)
    assert end.message_id not in [gone.message_id for gone in all_of(found, do.Delete)]
