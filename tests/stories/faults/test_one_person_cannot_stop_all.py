"""One person who asks for more than anybody can use is told so, and the others notice nothing of it."""

import asyncio
from pathlib import Path

from scenes import QUICK, settled, started
from stage import Stage, stage

from bot.directory.mentions import MOST
from bot.settings.sections import Limits
from sandbox.human import words


def asked_by_name(scene: Stage) -> int:
    """Return how often the bot asked the server for people by their names."""
    assert scene.sandbox is not None
    return sum(seen.path == "/users/usernames" for seen in scene.sandbox.requests)


async def test_commands_beyond_the_pace_are_told_and_not_done(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], limits=Limits(requests=5)) as scene:
        trigger, town = f"/{scene.config.commands.trigger}", scene.town["id"]
        told = await asyncio.gather(*(scene.carla.command(town, f"{trigger} help") for _ in range(12)))
        assert sum("from one person within 15 seconds" in one for one in told) == 1
        assert sum("checklist" in one for one in told) == 5
        assert "checklist" in await scene.bob.command(town, f"{trigger} help")


async def test_presses_beyond_the_pace_change_nothing_and_are_told_in_a_dialog(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], limits=Limits(requests=3)) as scene:
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await scene.alice.press(triage, "✓ 1.1")
        await scene.alice.press(await scene.alice.sees("[x] ~~1.1", where=channel), "✓ 1.2")
        fix = await scene.alice.sees("2 · Fix", where=channel)
        await scene.alice.press(fix, "✓ 2.1")
        assert (await scene.alice.dialog())["dialog"]["title"] == "Too much at once"
        await scene.alice.press(fix, "✓ 2.1")
        await settled(scene)
        assert [task.state for task in await scene.bot.desk.ask(lambda store: store.tasks(1))][:3] == [
            "done", "done", "open"
        ]  # fmt: skip
        assert scene.alice.dialogs == []


async def test_commands_in_messages_keep_the_pace_too(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], limits=Limits(requests=3)) as scene:
        call = f"@{scene.bot.gateway.server.me.username}"
        for number in range(6):
            await scene.carla.say(scene.town["id"], f"{call} checklist Number {number}; one")
        told = await scene.carla.sees("from one person within 15 seconds")
        assert told["user_id"] == scene.bot.gateway.server.me.id
        await settled(scene)
        runs = await scene.bot.desk.ask(lambda store: [run.name for run in store.runs(20)])
        assert sorted(runs) == ["Number 0", "Number 1", "Number 2"]


async def test_thousands_of_unknown_names_cost_the_server_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        names = " ".join(f"@nobody{number}" for number in range(1000))
        before = asked_by_name(scene)
        call = f"@{scene.bot.gateway.server.me.username}"
        await scene.carla.say(scene.town["id"], f"{call} checklist Move; {names}")
        assert f"I look up {MOST} at a time" in words(await scene.carla.sees("This names 1001 people"))
        answer = await scene.carla.command(scene.town["id"], f"/{scene.config.commands.trigger} invite {names}")
        assert "This names 1000 people" in answer
        assert asked_by_name(scene) == before
        await scene.carla.say(scene.town["id"], f"sev-1, checkout is down {names}")
        await scene.carla.sees("Start run", where=scene.town["id"])
        assert asked_by_name(scene) == before + 1
