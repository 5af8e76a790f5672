"""Everybody who comes into a run's channel is welcomed, once."""

from desk import ALICE, BOB, BOT, CARLA, INCIDENT, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import PeopleInvited, PersonJoined, PersonLeft, Place
from handlers.playbooks.people import Membership


def comes(desk: Desk, place: Place, who: object) -> list[do.Effect]:
    return desk.take(PersonJoined(at=desk.now, place=place, person=who))  # type: ignore[arg-type]


def test_who_comes_later_is_welcomed_with_what_comes_next() -> None:
    desk = Desk()
    place = started_run(desk)
    told = one(comes(desk, place, CARLA), do.Tell)
    assert (told.person_id, told.place_id, told.only_whispered) == ("carla", place.id, True)
    for words in (
        "Welcome to **[Checkout is down](https://chat.example.com/ops/channels/checkout-is-down-1)**",
        "The owner is @alice",
        "Next: **1.1** Acknowledge the alert · 0 of 5 tasks are done",
    ):
        assert words in told.content.text


def test_the_welcome_comes_once_however_often_it_is_told() -> None:
    desk = Desk()
    place = started_run(desk)
    assert len(comes(desk, place, CARLA)) == 1
    assert comes(desk, place, CARLA) == []
    assert desk.take(PeopleInvited(at=desk.now, run_id=1, added=(CARLA,), refused={})) == []
    assert [tell.person_id for tell in all_of(desk.sent, do.Tell)] == ["bob", "carla"]


def test_who_came_before_the_channel_was_known_takes_part_and_is_welcomed_once() -> None:
    desk = Desk()
    started_run(desk)
    invitation = all_of(desk.sent, do.Invite)[0]
    assert invitation.meet
    found = PeopleInvited(at=desk.now, run_id=1, added=(), refused={}, present=(ALICE, CARLA, BOT))
    assert [tell.person_id for tell in all_of(desk.take(found), do.Tell)] == ["carla"]
    assert desk.take(found) == []
    assert all_of(desk.presses("task.done", 1, by=CARLA), do.Refuse) == []


def test_who_was_there_before_does_not_take_part_where_joining_a_channel_is_not_enough() -> None:
    desk = Desk(INCIDENT.model_copy(update={"membership": Membership(join_run=False)}))
    started_run(desk)
    assert desk.take(PeopleInvited(at=desk.now, run_id=1, added=(), refused={}, present=(CARLA,))) == []


def test_who_leaves_and_comes_back_takes_part_again_and_is_not_welcomed_again() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="bob"))
    assert "Only for participants" in one(desk.presses("task.done", 1, by=BOB), do.Refuse).title
    assert comes(desk, place, BOB) == []
    assert all_of(desk.presses("task.done", 1, by=BOB), do.Edit)
    kinds = [one.kind for one in desk.ask(lambda store: store.moments(1)) if one.person_id == "bob"]
    assert kinds == ["joined", "left", "joined", "task_done"]


def test_leaving_twice_is_entered_once() -> None:
    desk = Desk()
    place = started_run(desk)
    for _ in range(2):
        assert desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="bob")) == []
    assert [one.kind for one in desk.ask(lambda store: store.moments(1))].count("left") == 1


def test_the_bot_itself_is_not_welcomed() -> None:
    desk = Desk()
    assert comes(desk, started_run(desk), BOT) == []


def test_a_finished_run_welcomes_nobody() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now", place=place)
    assert comes(desk, place, CARLA) == []


def test_joining_a_channel_without_a_run_means_nothing() -> None:
    assert comes(Desk(), Place(id="town", team_id="t1"), ALICE) == []


def test_when_all_is_done_no_next_task_is_named() -> None:
    desk = Desk()
    place = started_run(desk)
    for task in range(1, 6):
        desk.presses("task.done", task)
    assert "Next:" not in one(comes(desk, place, CARLA), do.Tell).content.text
