"""A playbook's file is changed while the bot runs: people feel it some seconds later, and runs go on as they are."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from outage import on_postgresql
from scenes import listens, settled, started
from stage import INCIDENT, Stage, empty_stage, free_port, stage, url_of
from structlog.testing import capture_logs

from bot.app import running
from bot.settings.sections import Playbooks, Storage

QUICK = INCIDENT | {"start": "now"}


@pytest.fixture(autouse=True)
def looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.library.follow.EVERY", 0.05)
    monkeypatch.setattr("bot.listening.keyword_refresh.LOOK_EVERY", 0.05)
    monkeypatch.setattr("bot.listening.keyword_refresh.LOOKS", 10**6)


def write(folder: Path, book: dict[str, Any], name: str = "book0.yaml") -> None:
    (folder / name).write_text(yaml.safe_dump(book, allow_unicode=True), encoding="utf-8")


def in_folder(folder: Path) -> Playbooks:
    return Playbooks(starters=False, files=(f"{folder}/*.yaml",))


async def prompted(scene: Stage, text: str) -> None:
    """Let it be listened for, and let Alice say it and start the run."""
    await listens(scene, scene.town["id"], text)
    await scene.alice.say(scene.town["id"], text)
    await scene.alice.press(await scene.alice.sees("Start run", where=scene.town["id"]), "Start run")


async def test_a_changed_file_is_heard_and_names_people_and_runs_keep_their_version(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        await settled(scene)
        fix = {"title": "Restore", "tasks": ["Find the backup"]}
        task = {"title": "Call the bank", "assignee": f"@{scene.name('bob')}"}
        changed = {"keywords": ["outage"], "checklists": [{"title": "First", "tasks": [task]}, fix]}
        write(tmp_path, QUICK | changed)
        await prompted(scene, "outage, nobody can pay")
        await scene.bob.sees("Call the bank")
        await scene.alice.sees("1 · First")
        await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
        await scene.alice.sees("1 · Triage", "1 of 2 done", where=channel)
        assert not scene.bot.listener.keywords.find("sev-1", scene.team["id"])


async def test_a_new_file_is_heard_and_one_that_is_deleted_is_not(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK]) as scene, AsyncExitStack() as stack:
        config = scene.config.model_copy(update={"playbooks": in_folder(tmp_path)})
        scene.bot = await stack.enter_async_context(running(config, clock=scene.clock))
        write(tmp_path, {"title": "Move", "keywords": ["moving"], "start": "now"}, "move.yaml")
        await prompted(scene, "we are moving")
        (tmp_path / "move.yaml").unlink()
        write(tmp_path, {"title": "Visit", "keywords": ["visitors"]}, "visit.yaml")
        await listens(scene, scene.town["id"], "visitors")
        assert not scene.bot.listener.keywords.find("moving", scene.team["id"])


async def test_a_file_that_breaks_leaves_what_was_in_use(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK, {"title": "Other"}]) as scene:
        with capture_logs() as logs:
            (tmp_path / "book0.yaml").write_text("titel: [")
            write(tmp_path, {"title": "Other", "keywords": ["moving"]}, "book1.yaml")
            await listens(scene, scene.town["id"], "moving")
        assert [one["log_level"] for one in logs if one["action"] == "playbook_mistake"] == ["error"]
        await started(scene)


@on_postgresql
async def test_other_processes_hear_of_it_and_do_not_take_it_back(kind: str, tmp_path: Path) -> None:
    """Each has the files in a folder of its own, and one of these is brought up to date."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        write(folder, QUICK)
    async with stage(here, [QUICK], store=Storage(url=url_of(kind, here))) as scene:
        port = scene.config.callbacks.model_copy(update={"listen_port": free_port()})
        other = scene.config.model_copy(update={"callbacks": port, "playbooks": in_folder(there)})
        async with running(other, clock=scene.clock) as second:
            write(there, QUICK | {"keywords": ["outage"]})
            await listens(scene, scene.town["id"], "outage")
            write(there, {"title": "Other", "keywords": ["moving"]}, "other.yaml")
            await listens(scene, scene.town["id"], "moving")
            assert second.listener.keywords.find("outage", scene.team["id"])
            await started(scene, "outage, checkout is down")
