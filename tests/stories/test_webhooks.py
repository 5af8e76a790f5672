"""A pager is told of an incident from its start to its end, and can be sure who told it."""

import asyncio
import json
from pathlib import Path
from typing import Any

from scenes import started
from stage import INCIDENT, Stage, stage
from standardwebhooks import Webhook

from bot.settings.sections import Webhooks
from tests.bot.webhooks.receiver import Receiver, receiving

KINDS = ["run.started", "task.done", "run.updated", "run.finished"]


async def kinds(receiver: Receiver, count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(20):
        while len(receiver.got) < count:
            await receiver.heard.wait()
            receiver.heard.clear()
    return [json.loads(body) for _, body in receiver.got]


async def test_a_pager_is_told_of_an_incident_and_verifies_it(tmp_path: Path) -> None:
    async with receiving(Receiver()) as receiver:
        hook = {"name": "pager", "url": receiver.url}
        book = INCIDENT | {"start": "now", "webhooks": [hook]}
        async with stage(tmp_path, [book], webhooks=Webhooks(allow=("127.0.0.0/8",))) as scene:
            secret = await _secret(scene)
            channel = await started(scene)
            await kinds(receiver, 1)
            await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
            await scene.alice.command(channel, f"/{scene.trigger} update Rolling back.")
            await kinds(receiver, 3)
            await scene.alice.command(channel, f"/{scene.trigger} finish now")
            said = await kinds(receiver, 4)
    assert [body["type"] for body in said] == KINDS
    assert {body["data"]["by"] for body in said} == {scene.name("alice")}
    for head, body in receiver.got:
        assert Webhook(secret).verify(body, head)


async def _secret(scene: Stage) -> str:
    """Return the secret that an admin of the server is shown."""
    await scene.admin.command(scene.town["id"], f"/{scene.trigger} webhooks secret pager")

    def secret(store: Any) -> str:
        (row,) = store.playbooks()
        return str(store.webhook_address(row.id, "pager").secret)

    return await scene.bot.desk.ask(secret)
