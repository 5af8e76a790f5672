"""The machine's clock is set back or stands still: prompts, edits and reminders come all the same, and once."""

from datetime import timedelta
from pathlib import Path

import pytest
from scenes import QUICK, own, settled, started
from stage import empty_stage, stage

from bot.app import running

BACK = pytest.mark.parametrize("back", [timedelta(seconds=90), timedelta(hours=1)], ids=str)


@BACK
async def test_all_goes_on_when_the_clock_is_set_back(back: timedelta, tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        await settled(scene)
        scene.clock.ahead -= back
        await scene.alice.press(await scene.alice.sees("1 · Triage", where=channel), "✓ 1.1")
        await scene.alice.sees("1 of 5", "Owner:", where=channel)
        await scene.alice.say(scene.town["id"], "sev-1, another one")
        await scene.alice.sees("Start run", where=scene.town["id"])


@BACK
async def test_a_reminder_that_was_due_comes_though_its_time_is_to_come_again(back: timedelta, tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        await settled(scene)
        scene.clock.ahead += timedelta(minutes=31)
        scene.bot.desk.clock()
        scene.clock.ahead -= back
        scene.pass_time()
        await scene.alice.sees("⏰ A status update is due", where=channel)
        await settled(scene)
        assert sum("A status update is due" in text for text in own(scene, channel)) == 1


async def test_after_a_day_asleep_one_reminder_comes(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        scene.pass_time(days=1)
        await scene.alice.sees("⏰ A status update is due", where=channel)
        await settled(scene)
        assert sum("A status update is due" in text for text in own(scene, channel)) == 1


@BACK
async def test_what_waits_over_a_restart_does_not_wait_for_the_old_time(back: timedelta, tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK]) as scene:
        scene.clock.ahead = back
        async with running(scene.config, clock=scene.clock) as scene.bot:
            channel = await started(scene)
            assert scene.sandbox is not None
            await settled(scene)
            scene.sandbox.faults.server_error("PUT /posts/*/patch", user=scene.me, times=None)
            await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
            await scene.bot.desk.ask(lambda store: store.outbox.waiting())
        scene.sandbox.faults.clear()
        scene.clock.ahead = timedelta()
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await scene.alice.sees("1 of 5", "Owner:", where=channel)
            await settled(scene)
            assert sum("0 of 5" in text for text in own(scene, channel)) == 0
