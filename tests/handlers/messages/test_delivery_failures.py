"""What was closed, deleted or refused behind the bot's back is told to who can act, once, and made good."""

import pytest
from desk import ALICE, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import PlaceClosed, PlaceReopened, PostDeleted, Undeliverable


def posts_of(desk: Desk) -> list[do.Post]:
    return [e for e in desk.sent if isinstance(e, do.Post) and e.place_id == "channel1"]


@pytest.mark.parametrize(("why", "remedy"), [("archived", "Restore the channel"), ("removed", "Invite me back")])
def test_a_closed_channel_is_told_to_the_owner_once_with_what_to_do(why: str, remedy: str) -> None:
    desk = Desk()
    place = started_run(desk)
    told = one(desk.take(PlaceClosed(at=desk.now, place_id=place.id, why=why)), do.Tell)  # type: ignore[arg-type]
    assert told.person_id == "alice"
    assert remedy in told.content.text
    assert [control.label for control in told.content.cards[0].controls] == ["Finish the run"]
    assert desk.take(PlaceClosed(at=desk.now, place_id=place.id, why=why)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("reason", "told"), [("archived", 1), ("forbidden", 0)])
def test_a_card_that_cannot_be_pinned_tells_of_an_archived_channel_alone(reason: str, told: int) -> None:
    desk = Desk()
    started_run(desk)
    (card,) = desk.ask(lambda store: store.messages("card", run_id=1))
    found = desk.take(Undeliverable(at=desk.now, effect="Pin", reason=reason, message_id=card.id))
    assert sum(isinstance(effect, do.Tell) for effect in found) == told


@pytest.mark.parametrize("effect", ["Post", "Edit", "Invite"])
@pytest.mark.parametrize("reason", ["archived", "channel_gone", "forbidden"])
def test_what_cannot_be_delivered_because_the_channel_is_closed_tells_so_once(effect: str, reason: str) -> None:
    desk = Desk()
    started_run(desk)
    lost = Undeliverable(at=desk.now, effect=effect, reason=reason, run_id=1, place_id="channel1")
    assert one(desk.take(lost), do.Tell).person_id == "alice"
    assert desk.take(lost) == []


def test_a_channel_that_is_open_again_shows_how_the_run_stands() -> None:
    desk = Desk()
    place = started_run(desk)
    card = posts_of(desk)[0]
    desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="archived"))
    desk.take(Undeliverable(at=desk.now, effect="Edit", reason="archived", message_id=card.message_id))
    desk.presses("task.done", 1)
    found = desk.take(PlaceReopened(at=desk.now, place_id=place.id))
    assert len(all_of(found, do.Edit)) == 3
    assert all_of(found, do.Post) == []
    assert "1 of 5" in all_of(found, do.Edit)[0].content.cards[0].fields[2].value


def test_what_could_not_be_posted_in_a_closed_channel_is_posted_when_it_opens() -> None:
    desk = Desk()
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Checkout")
    place = desk.opens()
    for post in posts_of(desk):
        desk.ask(lambda store, id=post.message_id: setattr(store.message(id), "post_id", None))
        desk.take(Undeliverable(at=desk.now, effect="Post", reason="archived", message_id=post.message_id))
    found = all_of(desk.take(PlaceReopened(at=desk.now, place_id=place.id)), do.Post)
    assert [post.content.cards[0].title for post in found] == ["1 · Triage", "2 · Fix", "Checkout"]


def test_a_card_or_a_checklist_deleted_by_hand_comes_again() -> None:
    desk = Desk()
    started_run(desk)
    desk.presses("task.done", 1)
    for post, title in zip(posts_of(desk), ["1 · Triage", "2 · Fix", "Checkout is down"], strict=True):
        event = PostDeleted(at=desk.now, post_id=f"own{post.message_id}", place_id="channel1")
        again = one(desk.take(event), do.Post)
        assert again.content.cards[0].title == title
        assert again.message_id != post.message_id
        assert desk.take(event) == []
    assert len(all_of(desk.presses("task.done", 2), do.Edit)) == 2


def test_a_message_of_another_kind_that_is_deleted_stays_away() -> None:
    desk = Desk()
    place = started_run(desk)
    update = all_of(desk.commands("update x", place=place), do.Post)[0]
    desk.stands(update.message_id)
    assert desk.take(PostDeleted(at=desk.now, post_id=f"own{update.message_id}", place_id=place.id)) == []
    assert desk.take(PostDeleted(at=desk.now, post_id="somebody's", place_id=place.id)) == []


def test_a_deleted_question_is_not_asked_again() -> None:
    desk = Desk()
    asked = one(desk.says("sev-1", post="root"), do.Post)
    desk.stands(asked.message_id)
    assert desk.take(PostDeleted(at=desk.now, post_id=f"own{asked.message_id}", place_id="town")) == []
    assert desk.says("sev-1", thread="root") == []


@pytest.mark.parametrize("reason", ["too_long", "refused"])
def test_a_message_that_the_server_never_takes_is_told_in_the_channel(reason: str) -> None:
    desk = Desk()
    place = started_run(desk)
    update = all_of(desk.commands("update x", place=place), do.Post)[0]
    lost = Undeliverable(at=desk.now, effect="Post", reason=reason, message_id=update.message_id, place_id=place.id)
    told = one(desk.take(lost), do.Post)
    assert "I could not post the last status update here" in told.content.text
    again = Undeliverable(at=desk.now, effect="Post", reason=reason, message_id=told.message_id, place_id=place.id)
    assert desk.take(again) == []


@pytest.mark.parametrize("effect", ["Tell", "Pin", "Post", "Edit", "Invite", "OpenChannel"])
@pytest.mark.parametrize("reason", ["forbidden", "person_gone", "not_found", "refused", "unheard-of"])
def test_nothing_undeliverable_ever_raises(effect: str, reason: str) -> None:
    desk = Desk()
    started_run(desk)
    for ids in ({"run_id": 1}, {"message_id": 1}, {"message_id": 3}, {"run_id": 99}, {"message_id": 99}, {}):
        desk.take(Undeliverable(at=desk.now, effect=effect, reason=reason, **ids))


def test_the_owner_can_finish_from_the_message_about_the_closed_channel() -> None:
    desk = Desk()
    place = started_run(desk)
    told = one(desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="archived")), do.Tell)
    (button,) = told.content.cards[0].controls
    dialog = one(desk.presses(button.action, button.arg, by=ALICE), do.Ask).dialog
    desk.submits(dialog, by=ALICE)
    assert not desk.run().is_active
    lost = Undeliverable(at=desk.now, effect="Post", reason="archived", run_id=1, place_id=place.id)
    assert desk.take(lost) == []
