"""The facts of a draft: what was recorded, of tasks and not of who was late, never a lesson."""

import pytest
from desk import CARLA, GUEST, INCIDENT, Desk, all_of, started_run
from retrospects import book, finished, sections, text_of

from handlers import effects as do
from handlers.context import person_row
from handlers.events import Person, PersonJoined, Place
from handlers.playbooks.playbook import Playbook


def facts(book: Playbook, *lived: str) -> str:
    """Return what a draft says of a run in which these commands were given, ten minutes apart."""
    desk = Desk(book)
    place = started_run(desk)
    for words in lived:
        desk.later(minutes=10)
        desk.commands(words, place=place)
    return text_of(desk.commands("finish now all is well", place=place), do.Post)


def test_how_it_went_is_told_with_days_and_zone() -> None:
    said = facts(book(), "check 1.1", "update We roll back")
    assert "- Mon 23 Nov 2026, 15:00 CET · keyword said\n- 15:00 · started" in said
    assert "- 15:10 · first task done" in said, "the day is said once"
    assert "\n\nTimes in CET." in said
    assert "- outcome: “all is well”" in said
    assert "- took 20 min" in said
    assert "Payments fail since 13:58." in said


def test_updates_decisions_and_pins_are_told_and_the_rest_is_one_press_away() -> None:
    said = facts(book(), "note Decided to roll back", "update We roll back", "rename Checkout was down")
    assert "@alice: “Decided to roll back”" in said
    assert "update by @alice: “We roll back”" in said
    assert "renamed the run" not in said


def test_tasks_are_named_with_their_times_and_never_who_was_late() -> None:
    said = facts(book(), "start 1.1", "check 1.1", "check 1.2", "skip 2.1", "add 2 Call the vendor")
    assert "- **1.1** Acknowledge the alert: done after 20 min, worked on for 10 min" in said
    assert "- **1.2** Open a bridge call: done after 30 min · **late** by 15 min" in said
    assert "- **2.1** Roll back: skipped" in said
    assert "- **2.4** Call the vendor: not done · added by hand" in said
    tasks = said.partition("#### Tasks")[2].partition("####")[0]
    assert "@" not in tasks


def test_people_roles_and_handovers_are_told() -> None:
    with_roles = Playbook.model_validate(book().definition() | {"roles": ["scribe"]})
    said = facts(with_roles, "role scribe @bob", "owner @bob")
    assert "- @bob · owner, scribe" in said
    assert "- @alice · started it" in said
    assert "made @bob the owner" in said


def test_metrics_are_told_where_the_playbook_has_some() -> None:
    metric = {"title": "Time to mitigate", "from": "started", "to": "mitigated", "target": "30m"}
    said = facts(book(metrics=[metric]), "time mitigated 15:05")
    assert "#### Metrics (generated)" in said
    assert "**Time to mitigate:** 5 min, target 30 min ✓" in said
    assert "mitigated by @alice" in said
    assert "Metrics" not in facts(book(), "check 1.1")


@pytest.mark.parametrize(("joins", "told"), [(CARLA, True), (GUEST, False)])
def test_runs_before_are_told_of_only_where_all_who_read_may_see_them(joins: Person, told: bool) -> None:
    public = {"channel": {"name": "{number}", "visibility": "public"}}
    of_money = book(metrics=[{"title": "Loss", "type": "currency", "currency": "EUR"}])
    desk = Desk(Playbook.model_validate(of_money.definition() | public))
    desk.ask(lambda store: store.learn(person_row(joins, desk.now)))
    for number, amount in ((1, "4242"), (2, "7")):
        desk.commands("run incident-response It is down")
        place = desk.opens(number, f"{number}")
        desk.later(minutes=1)
        if number == 2:
            desk.take(PersonJoined(at=desk.now, place=place, person=joins))
        desk.commands(f"metric loss {amount}", place=place)
        found = text_of(desk.commands("finish now all is well", place=place), do.Post)
    assert "**Loss:** €7.00" in found
    assert ("4,242.00" in found) is told


def test_lessons_are_never_prefilled() -> None:
    desk, _, _ = finished()
    assert [row.text for row in sections(desk) if row.kind != "facts"] == ["", "", ""]


def test_what_people_said_is_no_markup_and_calls_nobody() -> None:
    said = facts(book(), "note **all** @channel [x](https://evil.example)", "add 1 *~town*")
    assert "**all**" not in said
    assert "](https://evil.example)" not in said
    assert "*~town*" not in said


def test_a_run_without_anything_says_so() -> None:
    bare = Playbook.model_validate({"title": "Empty", "key": "empty", "retrospective": {}})
    desk = Desk(bare)
    desk.commands("run empty here X")
    post = all_of(desk.commands("finish now", place=Place(id="town", team_id="t1")), do.Post)[-1]
    assert "No update, note or pinned message was recorded." in post.content.cards[0].text
    assert "There were no tasks." in post.content.cards[0].text
    assert INCIDENT.title == "Incident response"
