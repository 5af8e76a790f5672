"""The database goes away, for a moment or for long: nothing is lost, nothing comes twice, and who asks is told."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from outage import BOTH, Outage, outage
from scenes import (
    LONG,
    PUBLIC,
    QUICK,
    STANDING,
    health,
    own,
    settled,
    standing,
    started,
    takes_part,
    until_health,
)
from stage import Stage, empty_stage, stage
from structlog.testing import capture_logs

from bot.app import running
from bot.settings.sections import Storage


@pytest.fixture
def away(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return outage(kind, tmp_path, monkeypatch)


@BOTH
async def test_what_is_said_and_done_meanwhile_counts_afterwards(away: Outage, tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC], store=Storage(url=away.url)) as scene:
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await settled(scene)
        with capture_logs() as logs:
            away.begin()
            await scene.alice.say(scene.town["id"], "sev-1, another one")
            await scene.alice.rest("POST", f"/channels/{channel}/members", {"user_id": scene.carla.id})
            reaction = {"user_id": scene.alice.id, "post_id": triage["id"], "emoji_name": "pushpin"}
            await scene.alice.rest("POST", "/reactions", reaction)
            await scene.admin.rest("DELETE", f"/posts/{triage['id']}")
            said = await until_health(scene, storage="unavailable", channels_waiting=2)
            assert said["storage_since"] >= said["channels_waiting_since"][:10]
            assert (await health(scene))[0] == 503
            away.end()
            await scene.alice.sees("Start run", where=scene.town["id"], within=LONG)
            await until_health(scene, ok=True, storage="", channels_waiting=0)
        await takes_part(scene, scene.carla)
        again = await scene.alice.sees("1 · Triage", where=channel, that=lambda post: post["id"] != triage["id"])
        await scene.alice.press(again, "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel)
        await settled(scene)
        assert len(own(scene, scene.town["id"])) == 2
        told = [one["action"] for one in logs if one["log_level"] in ("warning", "error")]
        assert (told.count("storage_lost"), told.count("storage_back")) == (1, 1)
        assert not any(one["log_level"] in ("error", "critical") for one in logs), logs


@BOTH
async def test_who_asks_meanwhile_is_told_that_nothing_happened(away: Outage, tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], store=Storage(url=away.url)) as scene:
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await scene.alice.command(channel, f"/{scene.trigger} note")
        dialog = await scene.alice.dialog()
        await settled(scene)
        away.begin()
        answer = await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
        await scene.alice.press(triage, "✓ 1.1")
        notice = await scene.alice.dialog()
        wrong = await scene.alice.submit(dialog, channel, note="we roll back")
        away.end()
        told = (answer, notice["dialog"]["introduction_text"], wrong["error"])
        assert all("cannot reach my memory" in one and "nothing was changed" in one for one in told), told
        await until_health(scene, ok=True)
        assert await scene.alice.submit(dialog, channel, note="we roll back") == {}
        await scene.alice.press(triage, "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel, within=LONG)


@BOTH
async def test_what_is_delivered_meanwhile_is_known_afterwards(away: Outage, tmp_path: Path) -> None:
    """The server has done it, the database was not told: it is settled when that can be, and done once."""
    async with stage(tmp_path, [QUICK], store=Storage(url=away.url)) as scene:
        assert scene.sandbox is not None
        scene.sandbox.faults.delay(0.3, "POST /channels", user=scene.me)
        await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
        await scene.alice.press(await scene.alice.sees("Start run"), "Start run")
        away.begin()
        await until_health(scene, storage="unavailable")
        away.end()
        card = await scene.alice.sees("Owner:", "0 of 5", within=LONG)
        await scene.alice.sees("2 · Fix", where=card["channel_id"], within=LONG)
        await settled(scene)
        assert standing(scene, card["channel_id"]) == STANDING


@BOTH
async def test_what_comes_due_meanwhile_comes_once(away: Outage, tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], store=Storage(url=away.url)) as scene:
        channel = await started(scene)
        await settled(scene)
        away.begin()
        scene.pass_time(minutes=31)
        await until_health(scene, storage="unavailable")
        away.end()
        await scene.alice.sees("⏰ A status update is due", where=channel, within=LONG)
        await settled(scene)
        assert sum("A status update is due" in text for text in own(scene, channel)) == 1


@BOTH
async def test_a_start_waits_for_the_database(away: Outage, tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK], store=Storage(url=away.url)) as scene, AsyncExitStack() as stack:
        async with running(scene.config, clock=scene.clock) as scene.bot:
            pass
        with capture_logs() as logs:
            away.begin()
            starting = asyncio.create_task(stack.enter_async_context(running(scene.config, clock=scene.clock)))
            async with asyncio.timeout(LONG):
                while sum(one["action"] == "retry" for one in logs) < 2:
                    await asyncio.wait({starting}, timeout=0.02)
            assert not starting.done()
            away.end()
            scene.bot = await starting
        assert all("database away, trying again" in one["event"] for one in logs if one["action"] == "retry")
        await started(scene)


@BOTH
async def test_a_database_that_goes_while_the_bot_starts_does_not_end_it(away: Outage, tmp_path: Path) -> None:
    """At whatever question of the start: it goes on when the database is back."""
    async with empty_stage(tmp_path, [QUICK], store=Storage(url=away.url)) as scene:
        assert scene.sandbox is not None
        async with running(scene.config, clock=scene.clock) as scene.bot:
            channel = await started(scene)
            await settled(scene)
        for route in ("GET /users/me", "GET /users/me/teams", "POST /users/usernames", "GET /channels/*/posts"):
            scene.sandbox.faults.delay(0.2, route, user=_bot_name(scene))
            asked = len(scene.sandbox.requests)
            said = await scene.alice.say(scene.town["id"], f"sev-1, at {route}")
            async with AsyncExitStack() as stack:
                starting = asyncio.create_task(stack.enter_async_context(running(scene.config, clock=scene.clock)))
                await asyncio.wait({starting}, timeout=0.1)
                assert len(scene.sandbox.requests) > asked
                away.begin()
                await asyncio.wait({starting}, timeout=0.5)
                away.end()
                async with asyncio.timeout(LONG):
                    scene.bot = await starting
                await scene.alice.sees("Start run", within=LONG, that=partial(answers, said))
        await scene.alice.sees("1 · Triage", where=channel)


def answers(said: dict[str, Any], post: dict[str, Any]) -> bool:
    return bool(post["root_id"] == said["id"])


def _bot_name(scene: Stage) -> str:
    assert scene.sandbox is not None
    (name,) = [one.username for one in scene.sandbox.users if one.username.startswith("muster")]
    return name
