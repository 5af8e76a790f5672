"""Giving attributes values: who is told, which tasks come and go, and what cannot be."""

from collections.abc import Mapping
from typing import Any

import pytest
from desk import ALICE, BOB, Desk, all_of

from handlers import effects as do
from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person, Place
from handlers.operations.end_run import finish_run, restart_run
from handlers.operations.set_attributes import AttributesSet, set_attributes, undo_attribute
from handlers.playbooks.playbook import Playbook
from handlers.rules.attributes import kept_values
from handlers.rules.progress import progress
from handlers.rules.run_as_playbook import as_planned
from store import Run, Store

BOOK = Playbook.model_validate(
    {
        "title": "Incident",
        "attributes": [
            {"name": "Severity", "type": "select", "options": ["High", "Low"], "required": True},
            {"name": "Regions", "type": "multiselect", "options": ["EU", "US"]},
            {"name": "Incident Lead", "type": "person"},
        ],
        "checklists": [
            {
                "title": "Triage",
                "tasks": [
                    "Look",
                    {
                        "title": "Call the lawyers",
                        "assignee": "@carla",
                        "due": "1h",
                        "when": {"attribute": "Severity", "is": "High"},
                    },
                    "Tell support",
                ],
            },
            {
                "title": "In Europe",
                "tasks": [{"title": "Ask Paris", "when": {"attribute": "Regions", "is": "EU"}}],
            },
            {"title": "Lead", "tasks": [{"title": "Write it up", "assignee_attribute": "Incident Lead"}]},
        ],
    }
)

HERE = Place(id="channel1", team_id="t1", kind="P", name="checkout", title="Checkout")


def at_desk() -> Desk:
    desk = Desk(BOOK)
    desk.in_team("alice", "bob", "carla")
    desk.commands("run incident Checkout", trigger="")
    desk.opens()
    return desk


def put(desk: Desk, by: Person = ALICE, **values: tuple[str, ...]) -> tuple[list[Any], AttributesSet]:
    named = {name.replace("_", " "): each for name, each in values.items()}
    effects, found = desk.does(set_attributes, named, by)
    return effects, found


def tasks(desk: Desk) -> list[str]:
    _, found = desk.does(lambda ctx, run: [f"{one.number} {one.task.title}" for one in progress(ctx, run).tasks])
    return list(found)


def lists(desk: Desk) -> list[str]:
    _, found = desk.does(lambda ctx, run: [row.title for row in progress(ctx, run).checklists])
    return list(found)


def planned(desk: Desk) -> list[str]:
    return [job.kind for job in desk.ask(lambda store: store.task_jobs(1)) if job.done_at is None]


def kept(desk: Desk) -> Mapping[str, tuple[str, ...]]:
    _, found = desk.does(kept_values)
    return dict(found)


def test_a_task_is_there_only_while_its_condition_is_met_and_the_others_keep_their_numbers() -> None:
    desk = at_desk()
    assert tasks(desk) == ["1.1 Look", "1.3 Tell support", "3.1 Write it up"]
    put(desk, Severity=("High",))
    assert tasks(desk) == ["1.1 Look", "1.2 Call the lawyers", "1.3 Tell support", "3.1 Write it up"]
    put(desk, Severity=("Low",))
    assert tasks(desk) == ["1.1 Look", "1.3 Tell support", "3.1 Write it up"]


def test_a_checklist_of_which_all_tasks_are_hidden_is_not_there() -> None:
    desk = at_desk()
    assert lists(desk) == ["Triage", "Lead"]
    put(desk, Regions=("EU",))
    assert lists(desk) == ["Triage", "In Europe", "Lead"]


def test_a_hidden_task_is_not_reminded_of_and_one_that_appears_is() -> None:
    desk = at_desk()
    assert planned(desk) == []
    put(desk, Severity=("High",))
    assert planned(desk) == ["task_soon", "task_due"]
    put(desk, Severity=("Low",))
    assert planned(desk) == []


def test_the_channel_is_told_of_tasks_that_appear_and_whom_they_are_for_once() -> None:
    desk = at_desk()
    effects, found = put(desk, Severity=("High",))
    assert [one.number for one in found.appeared] == ["1.2"]
    notes = [one.content.text for one in all_of(effects, do.Post) if one.place_id == "channel1"]
    assert notes == ["➕ @alice set Severity, so this task is to be done, too: **1.2** “Call the lawyers”."]
    assert [one.person_id for one in all_of(effects, do.Tell)] == ["carla"]


def test_a_task_that_somebody_touched_never_vanishes() -> None:
    desk = at_desk()
    put(desk, Severity=("High",))
    desk.commands("assign 1.2 @bob", place=HERE)
    _, found = put(desk, Severity=("Low",))
    assert found.hidden == 0
    assert "1.2 Call the lawyers" in tasks(desk)


def test_one_that_was_touched_and_undone_stays_too() -> None:
    desk = at_desk()
    put(desk, Severity=("High",))
    desk.commands("check 1.2", place=HERE)
    desk.commands("undo", place=HERE)
    put(desk, Severity=("Low",))
    assert "1.2 Call the lawyers" in tasks(desk)


def test_values_that_are_so_already_change_nothing() -> None:
    desk = at_desk()
    put(desk, Severity=("High",))
    effects, found = put(desk, Severity=("High",))
    assert effects == []
    assert found == AttributesSet()


def test_each_change_stands_in_the_timeline_and_is_taken_back_once() -> None:
    desk = at_desk()
    put(desk, Severity=("Low",))
    _, found = put(desk, Severity=("High",))
    moment = desk.ask(lambda store: store.moment(found.changed[0].moment_id))
    assert (moment.kind, moment.subject) == ("attribute", "Severity: High")

    def undo(ctx: Context, run: Run) -> Any:
        return undo_attribute(ctx, run, ctx.store.moment(moment.id), ALICE)

    desk.does(undo)
    assert kept(desk)["Severity"] == ("Low",)
    with pytest.raises(Refused):
        desk.does(undo)


def test_a_required_value_cannot_be_taken_away() -> None:
    desk = at_desk()
    put(desk, Severity=("High",))
    with pytest.raises(Refused) as refused:
        put(desk, Severity=())
    assert "has to have a value" in refused.value.refusal.text
    assert kept(desk)["Severity"] == ("High",)


def test_whom_an_attribute_names_gets_its_tasks_and_is_told_once() -> None:
    desk = at_desk()
    effects, _ = put(desk, Incident_Lead=("bob",))
    assert [one.person_id for one in all_of(effects, do.Tell)] == ["bob"]
    assert "Write it up" in all_of(effects, do.Tell)[0].content.text
    effects, _ = put(desk, by=BOB, Incident_Lead=("carla",))
    assert [one.person_id for one in all_of(effects, do.Tell)] == ["carla"]


def test_nobody_is_told_of_naming_themselves() -> None:
    desk = at_desk()
    effects, _ = put(desk, Incident_Lead=("alice",))
    assert all_of(effects, do.Tell) == []


def test_somebody_of_another_team_is_not_named() -> None:
    desk = at_desk()
    desk.strangers.add("carla")
    desk.later(hours=1)
    with pytest.raises(Refused):
        put(desk, Incident_Lead=("carla",))
    assert kept(desk)["Incident Lead"] == ()


def test_in_a_run_that_is_over_tasks_stay_as_they_were_until_it_goes_on() -> None:
    desk = at_desk()
    desk.does(finish_run, ALICE)
    put(desk, Severity=("High",))
    assert "1.2 Call the lawyers" not in tasks(desk)
    desk.does(restart_run, ALICE)
    assert "1.2 Call the lawyers" in tasks(desk)


def test_words_that_complete_a_hidden_task_are_not_heard() -> None:
    said = BOOK.definition()
    said["checklists"][0]["tasks"][1]["done_when"] = {"says": ["lawyers know"]}
    desk = Desk(Playbook.model_validate(said))
    desk.commands("run incident Checkout", trigger="")
    desk.opens()

    def heard(store: Store) -> list[str]:
        return [word for _, words, _ in store.tasks_to_hear() for word in words]

    assert desk.ask(heard) == []
    put(desk, Severity=("High",))
    assert desk.ask(heard) == ["lawyers know"]


def test_what_is_hidden_is_saved_with_the_run_as_a_playbook_and_no_role_is_made_of_an_attribute() -> None:
    desk = at_desk()
    _, said = desk.does(as_planned)
    titles = [task["title"] for one in said["checklists"] for task in one["tasks"]]
    assert titles == ["Look", "Call the lawyers", "Tell support", "Ask Paris", "Write it up"]
    assert said["roles"] == []
    again = Playbook.model_validate({**BOOK.definition(), **said, "title": "Again", "key": "again"})
    assert [task.when for task in again.tasks] == [task.when for task in BOOK.tasks]
    assert [task.assignee_attribute for task in again.tasks] == [task.assignee_attribute for task in BOOK.tasks]
    assert [task.people for task in again.tasks] == [task.people for task in BOOK.tasks]
