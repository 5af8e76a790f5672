"""Gaps: how soon a cut socket is back with every message that was missed, and what catching up asks of the server."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlmodel import func, select

from bench.measure import GOOD, SHORT, Row, Size
from bench.proxy import Proxy
from bench.stages import Stage, empty_stage, server_named
from bot.app import Bot, running
from bot.driver import connect
from bot.settings.sections import Server
from store import Heard

WORD = {"title": "Bench", "key": "bench", "keywords": ["sev-1"]}
PEERS = "mmpy_bot 5.0 s, opsdroid 1.0 s, hubot 1.1 s; none of them reads what it missed"


def rows(size: Size) -> list[Row]:
    """Return the rows of recovery and of catching up."""
    return [asyncio.run(_recovery(size)), asyncio.run(_catching_up(size))]


async def _recovery(size: Size) -> Row:
    missed = size(20, 5)
    with tempfile.TemporaryDirectory() as folder:
        async with empty_stage(Path(folder), [WORD]) as scene, Proxy(scene.url) as proxy:
            config = scene.config.model_copy(update={"server": Server(url=proxy.url)})
            async with running(config) as bot:
                found = [await _cut(scene, bot, proxy, missed) for _ in range(size(7, 1))]
    seconds = sorted(one for one, _ in found)[len(found) // 2]
    heard = sum(count for _, count in found) / (missed * len(found))
    return Row(
        "recovery after an aborted socket: back, and every missed message heard",
        PEERS,
        f"{seconds:.2f} s, {heard:.0%}",
        "≤ 1 s, 100%",
        GOOD if seconds <= 1 and heard == 1 else SHORT,
        f"{missed} messages missed each time, on {server_named()}",
    )


async def _cut(scene: Stage, bot: Bot, proxy: Proxy, missed: int) -> tuple[float, int]:
    """Lose some messages and then the socket; return the seconds until all are heard, and how many were."""
    before = await _heard(bot)
    proxy.swallows = True
    for number in range(missed):
        await scene.alice.say(scene.town["id"], f"sev-1, number {number}")
    began = time.perf_counter()
    proxy.abort()
    until = bot.desk.decisions + missed
    await _until(lambda: bot.desk.decisions >= until and bot.listener.line.is_up, 20)
    seconds = time.perf_counter() - began
    count = await _heard(bot) - before
    await asyncio.sleep(1)
    return seconds, count


async def _catching_up(size: Size) -> Row:
    """Count the bot's requests from a cut on, where the server no longer knows the connection."""
    count, moved = size(2_000, 100), 20
    with tempfile.TemporaryDirectory() as folder:
        async with empty_stage(Path(folder), [WORD], anyway=True) as scene, Proxy(scene.url) as proxy:
            assert scene.sandbox is not None
            await scene.admin.rest("PUT", "/config/patch", {"TeamSettings": {"MaxChannelsPerTeam": count + 100}})
            driver = connect(scene.url, scene.config.token.get_secret_value())
            made = []
            for number in range(count):
                body = {"team_id": scene.team["id"], "name": f"c{number}", "display_name": f"C {number}", "type": "O"}
                made.append((await driver.client.post("/channels", body))["id"])
            await driver.close()
            config = scene.config.model_copy(update={"server": Server(url=proxy.url)})
            for place in made[:moved]:
                await scene.alice.rest("POST", f"/channels/{place}/members", {"user_id": scene.alice.id})
            # What was said a moment before the cut is read again; these channels have been silent for longer.
            scene.sandbox.clock.advance(minutes=1)
            async with running(config) as bot:
                before = await _heard(bot)
                await scene.alice.say(scene.town["id"], "sev-1, before the cut")
                async with asyncio.timeout(20):
                    while await _heard(bot) == before:  # noqa: ASYNC110 -- a count has no event
                        await asyncio.sleep(0.01)
                # The mark moves when the message is dealt with, a moment after it was heard.
                await asyncio.sleep(0.2)
                proxy.swallows = True
                for place in made[:moved]:
                    await scene.alice.say(place, "hello there")
                scene.sandbox.faults.refuse_resume(bot.gateway.server.me.username)
                asked = len(scene.sandbox.requests)
                proxy.abort()
                await _until(lambda: not bot.listener.is_complete.is_set(), 20)
                await _until(bot.listener.is_complete.is_set, 60)
                name = bot.gateway.server.me.username
                requests = sum(one.user == name for one in scene.sandbox.requests[asked:])
    what = f"requests to catch up after an outage, {count:,} channels of which {moved} moved"
    return Row(what, "–", str(requests), "≤ 25", GOOD if requests <= 25 else SHORT, "on the sandbox")


async def _heard(bot: Bot) -> int:
    """Return how many messages were heard so far, each counted once."""
    return await bot.desk.ask(lambda store: int(store.session.exec(select(func.count()).select_from(Heard)).one()))


async def _until(ready: Callable[[], bool], within: float) -> None:
    async with asyncio.timeout(within):
        while not ready():  # noqa: ASYNC110 -- what is waited for has no event
            await asyncio.sleep(0.002)
