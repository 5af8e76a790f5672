"""A run takes a newer version of its playbook over: line by line, what was done stays done."""

from datetime import timedelta
from typing import Any

from desk import CARLA, INCIDENT, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import playbook_of
from store import Store

BEFORE = INCIDENT.definition()


def newer(desk: Desk, triage: list[Any], fix: list[Any], **more: Any) -> None:
    """Have a newer version in use."""
    lists = [{"title": "Triage", "tasks": triage}, {"title": "Fix", "tasks": fix}]
    book = playbook_of({**BEFORE, "checklists": lists, **more})
    desk.ask(lambda store: store_playbook(store, book, "test", desk.now))


def tasks(desk: Desk) -> list[str]:
    def found(store: Store) -> list[str]:
        lists = {one.id: one.position for one in store.checklists(1)}
        return [f"{lists[one.checklist_id]}.{one.position} {one.title}" for one in store.tasks(1)]

    return desk.ask(found)


FIX = ["Roll back", "Tell support", "Watch the graphs"]
TRIAGE: list[Any] = ["Acknowledge the alert", {"title": "Open a bridge call", "due": "15m"}]


def test_without_a_newer_version_there_is_nothing_to_take() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "follows version 1" in one(desk.commands("newer", place=place), do.Answer).content.text


def test_all_of_it_is_taken_over_and_what_was_done_stays_done() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("check 2.1", place=place)
    desk.commands("edit 1.1 Acknowledge it now", place=place)
    newer(
        desk,
        ["Acknowledge the alert at once", {"title": "Open a bridge call", "due": "30m"}, "Name a scribe"],
        ["Call the vendor", "Watch the graphs"],
        roles=["scribe"],
        updates={**BEFORE["updates"], "every": "1h"},
    )
    shown = one(desk.commands("newer", place=place), do.Answer).content
    assert "Call the vendor" in str(shown)
    desk.commands("newer all", place=place)
    assert tasks(desk) == [
        "1.1 Acknowledge it now", "1.2 Open a bridge call", "1.3 Name a scribe",
        "2.1 Call the vendor", "2.2 Roll back", "2.3 Watch the graphs",
    ]  # fmt: skip
    run = desk.run()
    due = desk.ask(lambda store: store.tasks(1)[1].due_at)
    assert due - run.created_at == timedelta(minutes=30)
    assert (run.playbook_version, run.update_every) == (2, 3600)
    assert desk.ask(lambda store: store.role_holder(1, "scribe")) is not None
    assert [one.planned for one in desk.ask(lambda store: store.tasks(1))] == [1, 2, 3, 4, 0, 5]


def test_one_line_alone_leaves_the_others() -> None:
    desk = Desk()
    place = started_run(desk)
    newer(desk, [*TRIAGE, "Name a scribe"], [*FIX, "Write it down"])
    shown = one(desk.commands("newer", place=place), do.Answer).content
    button, menu = (control for card in shown.cards for control in card.controls)
    wanted = next(option for option in menu.options if "Write it down" in option.text)
    desk.presses(menu.action, menu.arg, choice=wanted.value, place=place)
    assert tasks(desk)[-1] == "2.4 Write it down"
    assert not any("scribe" in title for title in tasks(desk))
    assert desk.run().playbook_version == 1
    assert all_of(desk.presses(menu.action, menu.arg, choice=wanted.value, place=place), do.Refuse)
    desk.presses(button.action, button.arg, place=place)
    assert tasks(desk)[2] == "1.3 Name a scribe"
    assert desk.run().playbook_version == 2


def test_undo_says_that_taking_over_is_not_taken_back() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("check 1.1", place=place)
    newer(desk, [*TRIAGE, "Name a scribe"], FIX)
    desk.later(minutes=1)
    desk.commands("newer all", place=place)
    said = one(desk.commands("undo", place=place), do.Refuse).text
    assert "take version 2 of the playbook over" in said
    assert "done: 1.1 Acknowledge the alert" in said
    assert desk.ask(lambda store: store.tasks(1)[0].state) == "done"
    desk.later(minutes=1)
    desk.commands("check 1.2", place=place)
    assert "1.2 Open a bridge call" in one(desk.commands("undo", place=place), do.Answer).content.text


def test_a_line_that_needs_another_says_so() -> None:
    desk = Desk()
    place = started_run(desk)
    newer(desk, [*TRIAGE, {"title": "Note all", "assignee": "scribe"}], FIX, roles=["scribe"])
    shown = one(desk.commands("newer", place=place), do.Answer).content
    menu = [control for card in shown.cards for control in card.controls][1]
    wanted = next(option for option in menu.options if "Note all" in option.text)
    assert "needs another" in one(desk.presses(menu.action, menu.arg, choice=wanted.value, place=place), do.Refuse).text


def test_who_may_only_look_takes_nothing() -> None:
    desk = Desk(playbook_of({**BEFORE, "channel": {"visibility": "public"}}))
    desk.commands("run incident-response Down")
    place = desk.opens()
    newer(desk, [*TRIAGE, "Name a scribe"], FIX, channel={"visibility": "public"})
    shown = one(desk.commands("newer", CARLA, place=place), do.Answer).content
    assert [control for card in shown.cards for control in card.controls] == []
    assert all_of(desk.commands("newer all", CARLA, place=place), do.Refuse)


def lists(desk: Desk) -> list[str]:
    return [one.title for one in desk.ask(lambda store: store.checklists(1))]


def test_a_task_whose_last_condition_is_dropped_comes_back() -> None:
    severity = [{"name": "Severity", "type": "select", "options": ["sev-1", "sev-2"]}]
    hidden = {"title": "Call legal", "when": {"attribute": "Severity", "is": ["sev-1"]}}
    before = {**BEFORE, "attributes": severity, "checklists": [{"title": "Triage", "tasks": [*TRIAGE, hidden]}]}
    desk = Desk(playbook_of(before))
    place = started_run(desk)
    assert not any("legal" in title for title in tasks(desk))
    after = playbook_of({**before, "checklists": [{"title": "Triage", "tasks": [*TRIAGE, "Call legal"]}]})
    desk.ask(lambda store: store_playbook(store, after, "test", desk.now))
    desk.commands("newer all", place=place)
    assert tasks(desk)[-1] == "1.3 Call legal"


def test_a_new_task_goes_into_the_checklist_that_people_have_renamed() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("checklist rename 1 Triage now", place=place)
    newer(desk, [*TRIAGE, "Name a scribe"], FIX)
    desk.commands("newer all", place=place)
    assert lists(desk) == ["Triage now", "Fix"]
    assert tasks(desk)[2] == "1.3 Name a scribe"


def test_a_checklist_that_was_renamed_or_removed_does_not_come_back_empty() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.ask(lambda store: setattr(store.checklists(1)[0], "removed_at", desk.now))
    desk.ask(lambda store: [setattr(one, "removed_at", desk.now) for one in store.tasks(1)[:2]])
    newer(desk, TRIAGE, [*FIX, "Write it down"])
    desk.commands("newer all", place=place)
    assert lists(desk) == ["Fix"]
    assert tasks(desk)[-1].endswith("Write it down")


def test_two_checklists_of_one_title_stay_two() -> None:
    def of(*more: str) -> list[Any]:
        named = [["Look at it", "Say so"], ["Mend it", "Test it", *more]]
        return [{"title": "Steps", "tasks": one} for one in named]

    desk = Desk(playbook_of({**BEFORE, "checklists": of()}))
    place = started_run(desk)
    book = playbook_of({**BEFORE, "checklists": of("Write it down")})
    desk.ask(lambda store: store_playbook(store, book, "test", desk.now))
    desk.commands("newer all", place=place)
    assert [one for one in tasks(desk) if "Write" in one] == ["2.3 Write it down"]


def test_what_is_to_happen_by_itself_is_taken_over() -> None:
    desk = Desk()
    place = started_run(desk)
    newer(
        desk, TRIAGE, FIX,
        actions=[{"on": "finish", "post": "BYE"}],
        webhooks=[{"name": "pager", "url": "https://example.org/x"}],
        channel={**BEFORE["channel"], "archive": not BEFORE["channel"]["archive"]},
        welcome="Hello",
        only_owner_finishes=True,
    )  # fmt: skip
    desk.commands("newer all", place=place)
    assert desk.run().playbook_version == 2
    assert desk.run().definition["only_owner_finishes"] is True
    occasions = desk.ask(lambda store: {(one.kind, one.occasion) for one in store.action_rows(1)})
    assert ("post", "finish") in occasions
    assert ("webhook", "finish") in occasions


def test_what_is_about_the_beginning_is_not_offered_to_a_run() -> None:
    desk = Desk()
    place = started_run(desk)
    newer(desk, TRIAGE, FIX, keywords=["all is down"])
    said = one(desk.commands("newer", place=place), do.Answer).content.text
    assert "no newer one changes anything that a run in progress can take over" in said
