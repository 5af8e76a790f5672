"""A task is read with one press where it stands, and taken with another; links and commands stand beside it."""

from dataclasses import replace

import pytest
from desk import ALICE, BOB, INCIDENT, Desk, all_of, one, words_of

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.playbook import Playbook

HERE = Place(id="channel1", team_id="t1", kind="P", name="checkout", title="Checkout")
LONG = "First look at the graphs.\n\n" + "Then call. " * 200
BOOK = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "start": "now",
        "checklists": [
            {
                "title": "Triage",
                "tasks": [
                    {
                        "title": "Look",
                        "description": LONG,
                        "command": "/jira create",
                        "links": [
                            {"url": "https://runbook.example/1", "title": "Runbook"},
                            "https://graphs.example/2",
                            "https://more.example/3",
                        ],
                    },
                    {"title": "Call", "assignee": "@bob", "command": "/call"},
                ],
            }
        ],
    }
)


@pytest.fixture
def desk() -> Desk:
    desk = Desk(BOOK)
    desk.in_team("alice", "bob")
    desk.commands("run incident-response Checkout", trigger="")
    desk.opens()
    return desk


def shown(desk: Desk) -> do.Card:
    post = next(each for each in all_of(desk.sent, do.Post) if "1 · Triage" in str(each.content.cards))
    card: do.Card = post.content.cards[0]
    return card


def labels_of(*tasks: object) -> list[str]:
    """Return what a list of these tasks has for controls when it is posted."""
    desk = Desk(Playbook.model_validate(BOOK.definition() | {"checklists": [{"title": "Triage", "tasks": tasks}]}))
    desk.commands("run incident-response Checkout", trigger="")
    desk.opens()
    return [control.label for control in shown(desk).controls]


def test_the_list_offers_to_read_and_to_take_what_is_for_nobody() -> None:
    """It never has more than four controls: what offers the rest, too, stands before what does not."""
    assert labels_of("Look", "Call") == ["✓ 1.1 Look", "✓ 1.2 Call", "✋ Take 1.1", "Any task…"]
    said = {"title": "Look", "description": "At the graphs."}
    assert labels_of(said, "Call") == ["✓ 1.1 Look", "✓ 1.2 Call", "ⓘ 1.1 Look", "Any task…"]
    assert labels_of(said) == ["✓ 1.1 Look", "ⓘ 1.1 Look", "✋ Take 1.1", "Any task…"]
    runs = said | {"command": "/jira create"}
    assert labels_of(runs, "Call") == ["✓ 1.1 Look", "▶ 1.1 Look", "ⓘ 1.1 Look", "Any task…"]


def test_one_press_shows_all_of_a_description_with_what_can_be_done(desk: Desk) -> None:
    dialog = one(desk.presses("task.read", 1, place=HERE), do.Ask).dialog
    assert LONG.strip() in dialog.intro
    assert "[Runbook](https://runbook.example/1)" in dialog.intro
    assert "(https://more.example/3)" in dialog.intro
    assert [option.value for option in dialog.entries[0].options] == ["check", "take", "start", "run"]


@pytest.mark.parametrize(("verb", "state"), [("check", "done"), ("start", "in_progress"), ("", "open")])
def test_what_was_read_is_done_or_begun_or_left(desk: Desk, verb: str, state: str) -> None:
    dialog = one(desk.presses("task.read", 1, place=HERE), do.Ask).dialog
    desk.submits(dialog, read_do=verb, place=HERE)
    assert desk.ask(lambda store: store.task(1).state) == state


def test_take_it_assigns_to_who_presses_and_tells_nobody(desk: Desk) -> None:
    desk.sent.clear()
    desk.presses("task.take", 1, by=BOB, place=HERE)
    assert desk.ask(lambda store: store.task(1).assignees) == ["bob"]
    assert all_of(desk.sent, do.Tell) == []
    desk.presses("task.take", 1, by=ALICE, place=HERE)
    assert desk.ask(lambda store: store.task(1).assignees) == ["bob", "alice"]


def test_links_stand_in_the_line_as_far_as_there_is_room(desk: Desk) -> None:
    line = words_of(shown(desk)).splitlines()[0]
    assert "[Runbook](https://runbook.example/1)" in line
    assert "(https://graphs.example/2)" in line
    assert "more.example" not in line


def test_info_of_a_task_for_nobody_offers_to_take_it(desk: Desk) -> None:
    answer = one(desk.commands("info 1.1", place=HERE), do.Answer).content
    assert [control.label for control in answer.cards[-1].controls] == ["✋ Take it", "Open task…"]
    answer = one(desk.commands("info 1.2", place=HERE), do.Answer).content
    assert [control.label for control in answer.cards[-1].controls] == ["Open task…"]


def test_whoever_has_a_task_is_offered_its_command_beside_done(desk: Desk) -> None:
    desk.sent.clear()
    desk.commands("assign 1.1 @bob", place=HERE)
    told = one([each for each in desk.sent if isinstance(each, do.Tell)], do.Tell).content.cards[0]
    assert [control.label for control in told.controls] == ["Done", "▶ /jira create", "Start", "Open"]
    assert "[Runbook](https://runbook.example/1)" in told.text


def test_where_there_are_pages_the_sign_leads_to_the_task(desk: Desk) -> None:
    desk.here = replace(desk.here, pages_url="https://muster.example")
    found = desk.commands("start 1.2", place=HERE)
    lists = [words_of(each.content) for each in all_of(found, do.Edit) if "1 · Triage" in str(each.content.cards)]
    assert "[ⓘ](https://muster.example/runs/1#task-1)" in lists[0]
