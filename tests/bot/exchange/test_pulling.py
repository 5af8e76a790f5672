"""A server that still has its own playbooks is asked for all of them, and for its finished runs."""

import asyncio
from typing import Any

import pytest
from desk import BOB, Desk
from mattermost_files import example
from past_runs import PLAYBOOK, a_run, a_server
from plugin_server import TOKEN, PluginServer, serving

from bot.driver import ServerRefused, ServerUnreachable
from bot.exchange.pulling import Pulled, pull
from handlers.context import Context
from handlers.exchange.plan import OnConflict
from handlers.figures.facts import facts_of
from handlers.operations.import_playbooks import import_playbooks
from handlers.operations.import_runs import import_runs, left_behind, rows_of
from handlers.operations.plan_import import Wish, planned
from store import Run
from store.queries.run_list import progress_of


async def pulled(server: PluginServer) -> Pulled:
    async with serving(server) as there:
        return await pull(there.url, TOKEN)


def bring(desk: Desk, found: Pulled, on_conflict: OnConflict = "fail") -> int:
    def kept(store: Any) -> int:
        ctx = Context(desk.now, store, desk.here, asks=False)
        plan, done = import_playbooks(
            ctx, Wish(found.documents, on_conflict=on_conflict, names=found.names, is_whole_server=True)
        )
        return import_runs(ctx, found.history, rows_of(ctx, plan, done))

    return int(desk.ask(kept))


def imported(desk: Desk) -> list[Run]:
    return [run for run in desk.ask(lambda store: store.runs(50)) if run.imported_id]


async def test_playbooks_come_with_attributes_conditions_and_people() -> None:
    desk = Desk()
    assert bring(desk, await pulled(a_server())) == 3
    book = desk.ask(lambda store: store.playbook_version(store.playbook_by_key("drill")).definition)
    assert (book["teams"], book["owner"], book["admins"]) == (["ops"], "@bob", ["@ann"])
    assert [one["name"] for one in book["attributes"]] == ["Environment"]
    assert book["checklists"][0]["tasks"][0]["when"]["attribute"] == "Environment"


async def test_finished_runs_are_history_that_insights_count() -> None:
    desk = Desk()
    bring(desk, await pulled(a_server()))
    run = imported(desk)[0]
    assert (run.name, run.state, run.team_id, run.sequence, run.prefix) == ("Drill r3", "finished", "t1", 7, "DRILL")
    assert run.owner_id == "bob"

    def looked(store: Any) -> Any:
        ctx = Context(desk.now, store, desk.here, asks=False)
        found = facts_of(ctx, store.run(run.id))
        tasks = [(one.title, one.state, one.planned) for one in store.tasks(run.id)]
        kinds = [one.kind for one in store.moments(run.id)]
        values = [(one.name, one.words) for one in store.attribute_values(run.id)]
        names = [ctx.username(one.person_id) for one in store.participants(run.id)]
        sections = [one.text for one in store.retro_sections(run.id)]
        return found, tasks, kinds, values, names, sections

    found, tasks, kinds, values, names, sections = desk.ask(looked)
    assert tasks == [("Look", "done", 1), ("Fix", "skipped", 2), ("Added by hand", "open", 0)]
    assert kinds == ["started", "task_done", "update", "note", "finished"]
    assert values == [("Environment", "Production")]
    assert sorted(names) == ["ann", "bob", "cem"]
    assert sections == ["We learnt a lot."]
    assert desk.ask(lambda store: store.figures_of(run.id).metrics) == {"time-to-writable duration": 240}
    assert desk.ask(lambda store: store.figures_of(run.id).finish_s) == 3600
    assert found is not None


async def test_nothing_acts_on_history() -> None:
    desk = Desk()
    bring(desk, await pulled(a_server()))
    run = imported(desk)[0]
    desk.later(days=40)
    assert desk.what_is_due() == []
    (refused,) = desk.commands(f"#{run.id} restart", BOB)
    assert "as history" in refused.text  # type: ignore[union-attr]
    assert desk.ask(lambda store: store.run(run.id).state) == "finished"


async def test_the_same_server_twice_makes_nothing_twice_and_brings_what_is_new() -> None:
    desk, server = Desk(), a_server()
    assert bring(desk, await pulled(server)) == 3
    server.runs.append(a_run("r5"))
    assert bring(desk, await pulled(server)) == 1
    assert len(imported(desk)) == 4
    assert [row.version for row in desk.ask(lambda store: store.playbooks()) if row.key == "drill"] == [1]


async def test_an_older_version_without_attributes_is_asked_too() -> None:
    found = await pulled(a_server(properties={}, conditions={}))
    assert "properties" not in found.documents[0].values
    assert len(found.history.runs) == 3


async def test_a_run_that_cannot_be_understood_is_named() -> None:
    found = await pulled(a_server(runs=[a_run("r1", checklists="none"), a_run("r2")]))
    assert found.left_out == ("Drill r1",)
    assert [one.id for one in found.history.runs] == ["r2"]


async def test_a_document_of_the_server_is_what_its_file_says() -> None:
    said = example() | {"id": "p2", "team_id": "t9", "create_at": 1, "update_at": 2, "num_runs": 0}
    conditions, properties = said.pop("conditions"), said.pop("properties")
    server = PluginServer(
        playbooks=[said], properties={"p2": properties}, conditions={"p2": conditions}, teams={"t9": "ops"}
    )
    found = await pulled(server)
    assert {key: value for key, value in found.documents[0].values.items() if key != "team_id"}["title"] == said[
        "title"
    ]
    assert [one["id"] for one in found.documents[0].values["conditions"]] == [one["id"] for one in conditions]


async def test_a_token_that_is_none_and_a_server_that_is_none() -> None:
    async with serving(a_server()) as there:
        with pytest.raises(ServerRefused):
            await pull(there.url, "wrong")
    with pytest.raises(ServerUnreachable):
        await asyncio.wait_for(pull(there.url, TOKEN), 20)


def with_items(*items: dict[str, Any]) -> dict[str, Any]:
    return a_run("r1", checklists=[{"title": "Do", "items": list(items)}])


async def test_a_task_that_was_hidden_there_counts_nowhere_here() -> None:
    hidden = {"title": "Fix", "state": "", "condition_action": "hidden"}
    shown = {"title": "Call", "state": "closed", "condition_action": "shown_because_modified"}
    desk = Desk()
    bring(desk, await pulled(a_server(runs=[with_items({"title": "Look", "state": "closed"}, hidden, shown)])))
    (run,) = imported(desk)
    tasks = desk.ask(lambda store: [(one.title, one.touched) for one in store.tasks(run.id)])
    assert tasks == [("Look", False), ("Call", True)]
    assert desk.ask(lambda store: progress_of(store, [run.id])[run.id]) == (2, 2)


async def test_a_run_of_a_playbook_without_prefix_is_called_by_its_number_here() -> None:
    desk = Desk()
    bring(desk, await pulled(a_server(runs=[a_run("r1", sequential_id="5", run_number=5)])))
    (run,) = imported(desk)
    assert run.called == str(run.id)


def field_of(key: str, name: str, kind: str, parent: str = "") -> dict[str, Any]:
    return {"id": key, "name": name, "type": kind, "attrs": {"parent_id": parent}}


async def test_values_are_kept_by_what_attributes_and_people_are_called_here() -> None:
    fields = [("f1", "Number", "text"), ("f2", "Lead", "user"), ("f3", "Crew", "multiuser")]
    run = a_run(
        "r1",
        property_fields=[field_of(f"r{key}", name, kind, key) for key, name, kind in fields],
        property_values=[
            {"field_id": "rf1", "value": "CHG-7"},
            {"field_id": "rf2", "value": "u4"},
            {"field_id": "rf3", "value": ["u4", "u2"]},
        ],
    )
    desk = Desk()
    server = a_server(
        runs=[run], properties={"p1": [field_of(*one) for one in fields]}, conditions={},
        people={"u1": "ann", "u2": "bob", "u4": "carla"},
    )  # fmt: skip
    bring(desk, await pulled(server))
    (kept,) = imported(desk)
    values = desk.ask(lambda store: {(one.name, one.words) for one in store.attribute_values(kept.id)})
    assert values == {("Number 2", "CHG-7"), ("Lead", "carla"), ("Crew", "@carla"), ("Crew", "@bob")}


def with_a_run(key: str, **more: Any) -> PluginServer:
    """Return the server with one playbook more, of which there is one finished run."""
    run = a_run("r9", playbook_id=key)
    return a_server(playbooks=[PLAYBOOK, {**PLAYBOOK, "id": key, "title": "Other", **more}], runs=[a_run("r1"), run])


async def test_one_playbook_that_cannot_be_brought_along_stops_no_other() -> None:
    tasks = [{"title": f"Task {n}"} for n in range(501)]
    found = await pulled(with_a_run("p2", checklists=[{"title": "Do", "items": tasks}]))
    desk = Desk()
    wish = Wish(found.documents, names=found.names, is_whole_server=True)
    plan = desk.ask(lambda store: planned(Context(desk.now, store, desk.here, asks=False), wish))
    assert [(one.book.title, one.what, one.why) for one in plan.steps] == [
        ("Drill", "create", ""), ("Other", "skip", "unfit"),
    ]  # fmt: skip
    assert "500" in plan.steps[1].notes[0].value
    assert left_behind(plan, found.history) == {"Other": 1}
    assert bring(desk, found) == 1


async def test_history_of_an_archived_playbook_comes_along_and_so_does_the_playbook_archived() -> None:
    desk, server = Desk(), with_a_run("p2", delete_at=5, run_number_prefix="DRILL")
    assert bring(desk, await pulled(server)) == 2
    row = desk.ask(lambda store: store.playbook_by_key("other"))
    assert row.archived_at is not None
    server.runs.append(a_run("r10", playbook_id="p2"))
    assert bring(desk, await pulled(server)) == 1


async def test_new_runs_come_though_their_playbook_is_skipped_as_it_was_changed_there() -> None:
    desk, server = Desk(), a_server()
    bring(desk, await pulled(server))
    server.playbooks[0] = {**PLAYBOOK, "description": "Changed"}
    server.runs.append(a_run("r5"))
    assert bring(desk, await pulled(server), "skip") == 1


async def test_updates_of_a_run_come_with_what_they_say() -> None:
    desk = Desk()
    updates = {"r1": [{"id": "post", "create_at": 5, "message": "Rolled back.\nWatching."}]}
    bring(desk, await pulled(a_server(runs=[a_run("r1"), a_run("r2")], updates=updates)))
    assert {run.name: run.last_update_text for run in imported(desk)} == {
        "Drill r1": "Rolled back. Watching.", "Drill r2": "",
    }  # fmt: skip
