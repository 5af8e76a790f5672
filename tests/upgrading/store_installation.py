"""Stores an installation as this version leaves it: `python -m tests.upgrading.store_installation`, from the project.

Three people play a tour against the sandbox. Then nothing is delivered any more, and they go on for a while; what the
database and the server hold in the end is written down beside this file, named by the schema's revision.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).parent.parent))

from scenes import settled
from stage import Stage, empty_stage

from bot.app import running
from bot.clock import Clock
from handlers.effects import Outbound
from handlers.events import ButtonsSwitched
from handlers.routes.buttons import BUTTONS, MORE
from handlers.routes.events import REMINDERS
from sandbox.human import Human, NotSeen, controls, words
from tests.upgrading import document

Json = dict[str, Any]

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""
DAY = "2026-03-01"
UPDATES = {"every": "30m", "template": "What changed?", "broadcast": ["~status"]}
BOOKS = (
    {
        "title": "Incident response",
        "key": "incident-response",
        "keywords": ["sev-1"],
        "name": "{message}",
        "welcome": "Mute yourself on the bridge.",
        "updates": UPDATES,
        "channel": {"visibility": "public", "archive": True},
        "roles": ["scribe", {"name": "on-call", "rota": {"people": ["@alice-acme", "@bob-acme"], "from": DAY, "every": "1d"}}],
        "checklists": [
            {
                "title": "Triage",
                "tasks": [
                    "Acknowledge the alert",
                    {"title": "Open a ticket", "command": "/ticket create $what"},
                    {"title": "Tell support", "done_when": {"says": ["support knows"]}},
                ],
            },
            {"title": "Fix", "tasks": ["Roll back", {"title": "Watch the graphs", "assignee": "on-call"}]},
        ],
    },
    {
        "title": "Release",
        "key": "release",
        "keywords": ["ship it"],
        "updates": UPDATES,
        "channel": {"visibility": "public"},
        "start": "now",
        "checklists": [{"title": "Steps", "tasks": ["Tag", "Publish"]}],
    },
    {
        "title": "Hiring",
        "key": "hiring",
        "members": ["@alice-acme", "@bob-acme", "@carla-acme"],
        "channel": {"visibility": "private"},
        "checklists": [{"title": "Interviews", "tasks": ["Invite", "Decide"]}],
    },
)  # fmt: skip


@dataclass
class Tour:
    """What is played, and where."""

    scene: Stage
    places: dict[str, str]
    seen: list[Json]

    async def ask(self, who: Human, place: str, text: str) -> str:
        """Give a command; what it answers is kept if it has buttons."""
        before = set(who.screen)
        said = await who.command(self.places[place], f"/{self.scene.trigger} {text}")
        for post_id in [one for one in who.screen if one not in before]:
            post = who.screen[post_id]
            if post["type"] == "system_ephemeral" and controls(post):
                kept = document.private(self.scene.sandbox.world, post)
                self.seen.append({"to": who.username, "said_to": text, "post": kept})
        return said

    async def offered(self, text: str, part: str = "", **more: str) -> Json:
        """Write a message that a playbook is offered for, and return the offer."""
        said = await self.scene.alice.say(self.scene.town["id"], text, **more)
        root = more.get("root_id") or said["id"]
        return await self.scene.alice.sees(part or "Start run", that=lambda post: post["root_id"] == root)

    async def run(self, who: Human, place: str, text: str, name: str, of: int) -> Json:
        """Start a run by a command, call its channel `place`, and return the card."""
        await self.ask(who, "town", text)
        with suppress(NotSeen):
            await who.submit(await who.dialog(within=0.5), self.places["town"])
        card = await who.sees(name, f"0 of {of}", "Owner:", that=lambda post: post["is_pinned"])
        self.places[place] = card["channel_id"]
        return card

    async def passes(self, **span: float) -> None:
        """Let time go on until all that is due by then was told."""
        self.scene.pass_time(**span)
        while (due := await self.scene.bot.desk.ask(lambda store: store.next_due())) and due < self.scene.clock():
            await asyncio.sleep(0.05)
        await settled(self.scene)


async def play(tour: Tour) -> None:
    """Everything that is delivered."""
    scene = tour.scene
    alice, bob, carla = scene.alice, scene.bob, scene.carla
    prompt = await tour.offered("sev-1, checkout is down")
    await alice.press(prompt, "Start run")
    await alice.submit(await alice.dialog(), scene.town["id"], summary="Nobody can pay.")
    card = await alice.sees("Checkout is down", "0 of 5", "Owner:", that=lambda post: post["is_pinned"])
    tour.places["checkout"] = card["channel_id"]
    await tour.ask(alice, "checkout", f"invite @{bob.username}")
    await bob.sees("Welcome to")
    await tour.ask(alice, "checkout", f"role scribe @{bob.username}")
    await tour.ask(alice, "checkout", "check 1.1")
    await tour.ask(alice, "checkout", "assign 1.3 owner")
    for number in range(15):
        await tour.ask(alice, "checkout", f"note Entry {number}")
    await tour.ask(alice, "checkout", "set what payment")
    await tour.ask(bob, "checkout", "start 2.1")
    await tour.ask(alice, "checkout", f"assign 2.1 @{bob.username}")
    await tour.ask(bob, "checkout", "due 2.1 tomorrow 8:30am")
    await tour.ask(carla, "town", "follow #1")
    await tour.ask(carla, "town", "settings weekly off")
    await tour.run(bob, "hiring", "run hiring A new colleague", "A new colleague", 2)
    for who in (alice, carla):
        await tour.ask(bob, "hiring", f"invite @{who.username}")
        await who.sees("Welcome to", "A new colleague")
    await tour.run(bob, "release", "run release Release 1", "Release 1", 2)
    await tour.ask(bob, "release", "check 1.1")
    await tour.ask(bob, "release", "finish now")
    await tour.run(carla, "archived", "run incident-response Search was slow", "Search was slow", 5)
    await tour.ask(carla, "archived", "finish now")
    for text, answer in (("sev-1 or so", "Not now"), ("sev-1 again", "Not in this thread")):
        await alice.press(await tour.offered(text), answer)
    await tour.offered("sev-1, will fold")
    lounge = {"team_id": scene.team["id"], "name": "lounge", "display_name": "Lounge", "type": "O"}
    tour.places["lounge"] = (await alice.rest("POST", "/channels", lounge))["id"]
    for who in (scene.me, bob.username):
        user = await alice.rest("GET", f"/users/username/{who}")
        await alice.rest("POST", f"/channels/{tour.places['lounge']}/members", {"user_id": user["id"]})
    await alice.sees("added", where=tour.places["lounge"], that=lambda post: "add" in post["type"])
    await settled(scene)
    await tour.ask(alice, "lounge", "checklist Move house; boxes; van; keys")
    await tour.ask(alice, "lounge", "checklist Party; cake; music")
    await tour.ask(alice, "town", "checklist Garden; dig; sow")
    await settled(scene)


async def next_day(tour: Tour) -> None:
    """What comes with time, and what waits for an answer after it."""
    scene = tour.scene
    alice, bob, carla = scene.alice, scene.bob, scene.carla
    for span in ({"minutes": 6}, {"hours": 23}, {"minutes": 20}, {"minutes": 5}):
        await tour.passes(**span)
    await tour.ask(bob, "checkout", "snooze 2.1 2h")
    await tour.ask(alice, "checkout", f"assign 1.2 @{bob.username}")
    await tour.ask(alice, "checkout", "due 1.2 in 5h")
    await tour.run(bob, "search", "run incident-response Search is slow", "Search is slow", 5)
    await tour.ask(carla, "town", "follow #9")
    await tour.ask(alice, "checkout", f"handover @{bob.username} Rollback runs")
    await tour.ask(bob, "hiring", f"handover @{alice.username} I am away")
    for text in ("sev-1, to be started", "sev-1, to be dismissed", "sev-1, to be muted", "sev-1, to fold"):
        await tour.offered(text)
    await tour.offered("sev-1, ship it", "Start run…")
    await settled(scene)
    await tour.ask(alice, "town", "list")
    await tour.ask(alice, "town", "settings")
    await tour.ask(bob, "town", "todo")
    await tour.ask(alice, "checkout", "rename Payments are down")
    await tour.ask(alice, "checkout", "set where Berlin")
    await tour.ask(alice, "checkout", "add 1 Tell sales")
    await tour.ask(alice, "checkout", "note The last entry")
    await tour.ask(alice, "checkout", "timeline")
    await tour.ask(alice, "lounge", "check 1.1")
    await tour.ask(carla, "town", "brief #9")
    await settled(scene)
    await tour.run(carla, "closing", "run incident-response Mail is late", "Mail is late", 5)
    await settled(scene)
    await tour.ask(carla, "closing", "finish now")
    await settled(scene)


async def undelivered(tour: Tour, url: str) -> None:
    """What is decided and waits."""
    scene = tour.scene
    alice, bob, carla, admin = scene.alice, scene.bob, scene.carla, scene.admin
    scene.sandbox.faults.server_error("POST /posts/{post_id}/pin", times=None, user=scene.me, status=503)
    await tour.ask(alice, "town", "run release Half open")
    while "Pin" not in waiting(url):
        await asyncio.sleep(0.05)
    scene.bot.courier.stop()
    scene.sandbox.faults.clear()
    await tour.ask(alice, "town", "run release Not open yet")
    await tour.ask(bob, "search", "update All is slow")
    await tour.ask(bob, "search", "check 1.1")
    await tour.ask(alice, "checkout", f"invite @{admin.username}")
    await tour.ask(bob, "hiring", "rename Two new colleagues")
    await tour.ask(bob, "hiring", f"remove @{carla.username}")
    await tour.ask(alice, "lounge", "movehere #8")
    await tour.ask(alice, "checkout", "do 1.2")
    await alice.say(scene.town["id"], "ship it, offered late")
    there = scene.bot.desk.here
    scene.bot.desk.here = replace(there, buttons=False)
    await scene.bot.desk.dispatch(ButtonsSwitched(at=scene.clock(), run_ids=(6,)))
    scene.bot.desk.here = there


def waiting(url: str) -> set[str]:
    return {row["effect"]["type"] for row in document.tables(url)["outbox"] if row["done_at"] is None}


@asynccontextmanager
async def acme(folder: Path) -> AsyncIterator[Tour]:
    clock = Clock(BEGIN - datetime.now(UTC))
    async with empty_stage(folder, BOOKS, mark="acme", clock=clock, may_run=("/ticket create",)) as scene:
        scene.sandbox.world.config["ServiceSettings"]["SiteURL"] = document.SITE
        url = f"{scene.url}/nothing"
        ticket = {"team_id": scene.team["id"], "trigger": "ticket", "method": "P", "url": url}
        await scene.admin.rest("POST", "/commands", ticket)
        bot = await scene.admin.rest("GET", f"/users/username/muster-acme")
        await scene.admin.rest("POST", f"/channels/{scene.town['id']}/members", {"user_id": bot["id"]})
        yield Tour(scene, {"town": scene.town["id"]}, [])


def written_down(tour: Tour, url: str) -> Json:
    scene = tour.scene
    rows = document.tables(url)
    (revision,) = [row["version_num"] for row in rows.pop("alembic_version")]
    # What is over in the outbox is cleared away in any case.
    rows["outbox"] = [row for row in rows["outbox"] if row["done_at"] is None]
    callbacks, commands = scene.config.callbacks, scene.config.commands
    return {
        "alembic": revision,
        "stored_at": scene.clock().isoformat(),
        "bot": {
            "token": scene.config.token.get_secret_value(),
            "secret": callbacks.secret.get_secret_value(),
            "trigger": commands.trigger,
            "tokens": {team: token.get_secret_value() for team, token in commands.tokens.items()},
            "run": commands.run,
            "playbooks": BOOKS,
        },
        "places": tour.places,
        "holds": {
            "effects": sorted(kind.__name__ for kind in get_args(Outbound)),
            "reminders": sorted(REMINDERS),
            "buttons": sorted(BUTTONS),
            "more": sorted(MORE),
        },
        "server": document.server(scene.sandbox.world),
        "private": tour.seen,
        "database": rows,
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with acme(folder) as tour:
            url = tour.scene.config.store.url
            async with running(tour.scene.config, clock=tour.scene.clock) as bot:
                tour.scene.bot = bot
                await play(tour)
                await next_day(tour)
                await undelivered(tour, url)
            found = written_down(tour, url)
        path = document.HERE / f"installation_{found['alembic']}.json"
        here = ((str(folder), document.FOLDER), (tour.scene.config.callbacks.url, document.CALLBACKS))
        document.write(path, found, *here)


if __name__ == "__main__":
    asyncio.run(main())
