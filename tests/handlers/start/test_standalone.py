"""Checklists without a playbook: a word that is mistyped makes none, and beside a run it is asked where one belongs."""

from dataclasses import replace

import pytest
from desk import BOB, TOWN, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import Place
from handlers.text.arguments import titled


def in_run() -> tuple[Desk, Place]:
    desk = Desk()
    return desk, started_run(desk)


def runs(desk: Desk, place: Place) -> list[str]:
    return [run.name for run in desk.ask(lambda store: store.runs_in(place.id))]


def titles(desk: Desk, run_id: int = 1) -> list[str]:
    return [row.title for row in desk.ask(lambda store: store.checklists(run_id))]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("renmae 1 Repair", "rename 1 Repair"),
        ("Renmae 1 `Repair`", "rename 1 'Repair'"),
        ("mvoe 2 1", "move 2 1"),
        ("skp 2", "skip 2"),
        ("ad Afterwards", "add Afterwards"),
        ("duplicat #2", "duplicate #2"),
    ],
)
def test_a_change_that_is_mistyped_makes_no_run_and_names_what_is_meant(words: str, meant: str) -> None:
    desk, place = in_run()
    refused = one(desk.commands(f"checklist {words}", place=place), do.Refuse)
    assert f"`/playbook checklist {meant}`" in refused.text
    assert (runs(desk, place), titles(desk)) == (["Checkout is down"], ["Triage", "Fix"])


@pytest.mark.parametrize("words", ["rename 1 Repair", "renmae 1 Repair", "remove", "add Afterwards"])
def test_a_change_where_no_run_is_makes_none_either(words: str) -> None:
    desk = Desk()
    refused = one(desk.commands(f"checklist {words}", trigger=""), do.Refuse)
    assert f"`/playbook checklist new {words}` makes one" in refused.text
    assert runs(desk, TOWN) == []
    assert "Here is" in one(desk.commands(f"checklist new {words}"), do.Answer).content.text
    assert runs(desk, TOWN) == [words]


@pytest.mark.parametrize("words", ["Move; boxes; van", "Release", "Before the release", "Removal", "Skip day; Sleep"])
def test_a_title_that_is_a_title_is_taken(words: str) -> None:
    desk = Desk()
    desk.commands(f"checklist {words}", trigger="")
    assert runs(desk, TOWN) == [words.partition(";")[0]]


@pytest.mark.parametrize(
    "words", ["Move house; boxes; van", "Skip day；Sleep", "Rename files\nold\nnew", "Remove; one"]
)
def test_beside_a_run_what_has_tasks_is_a_new_list_though_its_title_begins_like_a_change(words: str) -> None:
    desk, place = in_run()
    asked = one(desk.commands(f"checklist {words}", place=place), do.Answer).content
    desk.presses(asked.cards[0].controls[1].action, asked.cards[0].controls[1].arg, place=place)
    assert runs(desk, place) == [titled(words)[0], "Checkout is down"]
    assert titles(desk) == ["Triage", "Fix"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("add After; Tell all", ["Triage", "Fix", "After"]),
        ("add After\nTell all", ["Triage", "Fix", "After"]),
        ("rename 2 Fix; verify", ["Triage", "Fix; verify"]),
        ("move\n2\nto 1", ["Fix", "Triage"]),
        ("move 2\nto 1", ["Fix", "Triage"]),
        ("remove\n#2", ["Triage"]),
    ],
)
def test_a_change_may_hold_what_separates_tasks(words: str, found: list[str]) -> None:
    desk, place = in_run()
    desk.commands(f"checklist {words}", place=place)
    assert (runs(desk, place), titles(desk)) == (["Checkout is down"], found)


def test_beside_a_run_it_is_asked_where_a_checklist_belongs() -> None:
    desk, place = in_run()
    asked = one(desk.commands("checklist Follow-ups; Tell all; Rest", place=place), do.Answer).content
    assert "**Checkout is down** is in progress here" in asked.text
    assert "`/playbook checklist add Follow-ups; Tell all; Rest` adds it to the run" in asked.text
    to_run, alone = asked.cards[0].controls
    assert (runs(desk, place), titles(desk)) == (["Checkout is down"], ["Triage", "Fix"])
    found = desk.presses(to_run.action, to_run.arg, place=place)
    assert "The checklist **3** “Follow-ups” is added" in one(found, do.Answer).content.text
    assert titles(desk) == ["Triage", "Fix", "Follow-ups"]
    assert [row.title for row in desk.ask(lambda store: store.tasks(1))][-2:] == ["Tell all", "Rest"]
    desk.presses(alone.action, alone.arg, place=place)
    assert runs(desk, place) == ["Follow-ups", "Checkout is down"]


def test_without_buttons_the_question_is_answered_in_words() -> None:
    desk, place = in_run()
    desk.here = replace(desk.here, buttons=False)
    assert not one(desk.commands("checklist Follow-ups", place=place, trigger=""), do.Answer).content.cards
    desk.commands("checklist add Follow-ups; Tell all", place=place, trigger="")
    assert titles(desk) == ["Triage", "Fix", "Follow-ups"]
    desk.commands("checklist new Follow-ups; Tell all", place=place, trigger="")
    assert runs(desk, place) == ["Follow-ups", "Checkout is down"]


def test_without_a_title_the_dialog_comes_after_the_question() -> None:
    desk, place = in_run()
    for found in (desk.commands("checklist", place=place), desk.presses("bare.ask", place=place)):
        to_run, alone = one(found, do.Answer).content.cards[0].controls
        assert one(desk.presses(to_run.action, to_run.arg, place=place), do.Ask).dialog.title == "Add a checklist"
        assert one(desk.presses(alone.action, alone.arg, place=place), do.Ask).dialog.title == "New checklist"
    assert one(desk.presses("list.where", "1:unknown", place=place), do.Refuse).title == "Out of date"


def test_commands_stay_about_the_run_of_a_playbook_that_a_bare_checklist_stands_beside() -> None:
    desk, place = in_run()
    desk.commands("checklist new Mine; Tea", place=place)
    desk.commands("check 1.1", by=BOB, place=place)
    assert [task.state for task in desk.ask(lambda store: store.tasks(2))] == ["open"]
    assert desk.ask(lambda store: store.tasks(1))[0].state == "done"
    desk.commands("check #2 1.1", by=BOB, place=place)
    assert [task.state for task in desk.ask(lambda store: store.tasks(2))] == ["done"]
    desk.commands("finish now", place=place)
    desk.commands("uncheck 1.1", place=place)
    assert [task.state for task in desk.ask(lambda store: store.tasks(2))] == ["open"]
    assert "Which one do you mean" in str(desk.commands("timeline", place=place))
    desk.commands("#1 restart", place=place)
    assert desk.run().is_active


def test_of_two_runs_of_playbooks_it_is_still_asked_which() -> None:
    desk, place = in_run()
    desk.commands("run incident-response here Second", place=place)
    assert "Several runs are in progress" in str(desk.commands("check 1.1", place=place))
    assert all_of(desk.commands("#2 check 1.1", place=place), do.Answer)
