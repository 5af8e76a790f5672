"""A run in one message: for who asks, and for who joins late."""

from desk import ALICE, BOB, CARLA, INCIDENT, Desk, one, started_run, words_of

from handlers import effects as do
from handlers.events import PersonJoined
from handlers.playbooks.playbook import Playbook


def text(content: do.Content) -> str:
    return "\n".join([content.text, *(words_of(card) for card in content.cards)])


def test_a_brief_says_how_it_stands_what_happened_and_what_is_next() -> None:
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"roles": [{"name": "scribe", "person": "@bob"}]}))
    place = started_run(desk)
    desk.commands("check 1.1", BOB, place=place)
    desk.commands("update Rolling **back**", place=place)
    desk.later(minutes=20)
    said = text(one(desk.commands("brief", BOB, place=place), do.Answer).content)
    for words in (
        "in progress since 14:00 UTC · owner @alice",
        "“Payments fail since 13:58.”",
        "1 of 5 tasks · scribe @bob",
        "**Last update** 14:00 UTC: “Rolling back”",
        "next 14:30 UTC",
        "**Overdue**\n- **1.2** Open a bridge call · 14:15 UTC",
        "**Open**",
        "- **2.1** Roll back",
        "@alice started the run",
        "@bob did “Acknowledge the alert”",
        "@alice posted an update",
    ):
        assert words in said, said


def test_it_is_never_a_wall() -> None:
    lists = [{"title": f"L{n}", "tasks": [f"Task {n}.{m} " + "long " * 30 for m in range(20)]} for n in range(10)]
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"checklists": lists}))
    place = started_run(desk)
    for number in range(1, 20):
        desk.commands(f"check 1.{number}", place=place)
    said = text(one(desk.commands("brief", place=place), do.Answer).content)
    assert len(said) < 2000
    assert len(said.splitlines()) < 30
    assert "and 177 more" in said


def test_who_joins_late_is_briefed() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.later(minutes=11)
    told = one(desk.take(PersonJoined(at=desk.now, place=place, person=CARLA)), do.Tell)
    assert "Welcome to **[Checkout is down]" in told.content.text
    assert "The owner is @alice" in told.content.text
    assert "**What happened**" in text(told.content)


def test_a_finished_run_is_briefed_too() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now", place=place)
    assert "finished 15:00 CET" in text(one(desk.commands("brief", ALICE, place=place), do.Answer).content)


def test_the_menu_briefs_who_pressed() -> None:
    desk = Desk()
    place = started_run(desk)
    told = one(desk.presses("run.more", 1, BOB, choice="run.brief", place=place), do.Tell)
    assert (told.person_id, told.place_id) == ("bob", place.id)
