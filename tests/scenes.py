"""Scenes that many stories begin with."""

import asyncio
from typing import Any

import aiohttp
from stage import INCIDENT, Stage

from sandbox.human import Human, words

QUICK = INCIDENT | {"start": "now"}
PUBLIC = QUICK | {"channel": {"visibility": "public"}}
LONG = 30
"""Seconds that people wait for what goes on by itself after a failure."""


async def started(scene: Stage, text: str = "sev-1, checkout is down", who: Human | None = None) -> str:
    """Let somebody start the incident at once from a message, and return the run's channel when all stands there."""
    who = who or scene.alice
    await who.say(scene.town["id"], text)
    await who.press(await who.sees("Start run", where=scene.town["id"]), "Start run")
    card = await who.sees("0 of 5", "Owner:", that=lambda post: post["is_pinned"])
    await who.sees("1 · Triage", where=card["channel_id"])
    await who.sees("2 · Fix", where=card["channel_id"])
    await who.sees("✅", "started", where=scene.town["id"])
    return str(card["channel_id"])


async def joins(scene: Stage, who: Human, channel: str) -> None:
    """Let Alice bring somebody into the run's channel, who then sees what stands there."""
    await scene.alice.rest("POST", f"/channels/{channel}/members", {"user_id": who.id})
    await takes_part(scene, who)
    await who.open(channel)


async def takes_part(scene: Stage, who: Human) -> None:
    """Wait until somebody takes part in a run."""
    async with asyncio.timeout(LONG):
        while not await scene.bot.desk.ask(lambda store: store.runs_of(who.id)):
            scene.bot.desk.planned.ring()
            await asyncio.sleep(0.05)


def own(scene: Stage, channel: str) -> list[str]:
    """Return all that the bot says in a channel, as Alice sees it now."""
    me = scene.bot.gateway.server.me.id
    posts = scene.alice.screen.values()
    return [words(post) for post in posts if (post["user_id"], post["channel_id"], post["type"]) == (me, channel, "")]


WELCOME = "👋 Welcome to **Checkout is down** (Incident response, run 1)."
STANDING = ["1 · Triage", "2 · Fix", "Checkout is down", WELCOME]
"""The first lines of all that stands in the channel of the first run."""


def standing(scene: Stage, channel: str) -> list[str]:
    """Return the first line of each post of the bot in a channel, sorted."""
    return sorted(text.splitlines()[0] for text in own(scene, channel))


async def settled(scene: Stage) -> None:
    """Wait until everything that was decided is delivered."""
    async with asyncio.timeout(20):
        while await scene.bot.desk.ask(lambda store: store.outbox.next_at()) is not None:
            scene.bot.courier.wake()
            await asyncio.sleep(0.05)


async def goes_on_in(scene: Stage, channel: str, person: Human) -> None:
    """Wait until a channel that was restored shows how its run stands, and let somebody open it.

    Where they did not see it restored, the server tells them no more of it than the bot, until they connect anew.
    """
    for _ in range(200):
        closed = await scene.bot.desk.ask(lambda store: [run for run in store.runs_in(channel) if run.closed_place])
        if not closed:
            break
        await asyncio.sleep(0.05)
    assert closed == []
    await settled(scene)
    await person.reload(channel)


async def health(scene: Stage) -> tuple[int, dict[str, Any]]:
    url = f"{scene.config.callbacks.url}/healthz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


async def until_health(scene: Stage, **wanted: object) -> dict[str, Any]:
    """Wait until the health page says all this."""
    async with asyncio.timeout(LONG):
        while True:
            _, said = await health(scene)
            if said.items() >= wanted.items():
                return said


async def listens(scene: Stage, channel: str, text: str) -> None:
    """Wait until these words mean something in a channel: what changes in a run is listened for a moment later."""
    async with asyncio.timeout(20):
        while not scene.bot.listener.keywords.find(text, scene.team["id"], channel):
            await scene.bot.desk.ask(lambda store: store.next_due())


async def allow_ephemeral(stage: Stage) -> None:
    """Let the bot whisper to one person in a channel."""
    role = await stage.admin.get("/roles/name/system_post_all")
    permissions = [*role["permissions"], "create_post_ephemeral"]
    await stage.admin.put(f"/roles/{role['id']}/patch", options={"permissions": permissions})
    await stage.admin.put(f"/users/{stage.bot_id}/roles", options={"roles": "system_user system_post_all"})
