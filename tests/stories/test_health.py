"""Whoever watches over the bot sees whether it works."""

from pathlib import Path

import aiohttp
from stage import stage


async def test_health_and_figures_can_be_read(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene, aiohttp.ClientSession() as session:
        async with session.get(f"{scene.config.callbacks.url}/healthz") as answer:
            assert answer.status == 200
            assert (await answer.json())["ok"] is True
        async with session.get(f"{scene.config.callbacks.url}/metrics") as answer:
            figures = await answer.text()
        assert "muster_up 1.0" in figures
        assert "muster_outbox_waiting 0.0" in figures
