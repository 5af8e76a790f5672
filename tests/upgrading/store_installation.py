"""Stores an installation as this version leaves it: `python -m tests.upgrading.store_installation NAME`.

Three people play a tour against the sandbox. Then nothing is delivered any more, and they go on for a while; what the
database and the server hold in the end is written down beside this file, by the name that is given, such as that of the
schema's revision. What is new in this version has to come in the tour: `test_upgrading.py` tells what is missing.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).parent.parent))

from pages import pages
from scenes import settled
from stage import empty_stage

from bot.app import running
from bot.clock import Clock
from bot.settings.config import Config
from bot.settings.layers import variable_names
from bot.settings.sections import Storage
from handlers.effects import Outbound
from handlers.events import ButtonsSwitched
from handlers.routes import BUTTONS, MORE, OF_RETROSPECTIVE
from handlers.routes.events import JOBS
from tests.upgrading import document
from tests.upgrading.looking_back import drafted, measured, proposed, published, signed_in
from tests.upgrading.tour import Tour, until

Json = dict[str, Any]

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""
IN_TURN = ["@alice-acme", "@bob-acme"]
UPDATES = {"every": "30m", "template": "What changed?", "broadcast": ["~status"]}
BOOKS = (
    {
        "title": "Incident response",
        "key": "incident-response",
        "keywords": ["sev-1"],
        "name": "{message}",
        "welcome": "Mute yourself on the bridge.",
        "updates": UPDATES,
        "channel": {"visibility": "public", "archive": True, "category": "Incidents"},
        "retrospective": {
            "template": "## What went well?\n## What went badly?",
            "metrics": [
                {"title": "Harm", "from": "impact started", "to": "mitigated", "target": "1h"},
                {"title": "Users", "type": "integer", "target": "100"},
            ],
        },
        "insights": "~status",
        "roles": ["scribe", {"name": "on-call", "rota": {"people": IN_TURN, "from": "2026-03-01", "every": "1d"}}],
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
        "members": IN_TURN,
        "channel": {"visibility": "private"},
        "checklists": [{"title": "Interviews", "tasks": ["Invite", "Decide"]}],
    },
    {
        "title": "Drill",
        "key": "drill",
        "admins": IN_TURN,
        "channel": {"use": "~status"},
        "checklists": [{"title": "Play", "tasks": ["Meet", "Sound the horn", "Ring the bell"]}],
    },
)  # fmt: skip


async def first_day(tour: Tour) -> None:
    """Runs of all kinds begin, and some of them end."""
    scene, ask = tour.scene, tour.ask
    alice, bob, carla = scene.alice, scene.bob, scene.carla
    await alice.press(await tour.offered("sev-1, checkout is down"), "Start run")
    await alice.submit(await alice.dialog(), scene.town["id"], summary="Nobody can pay.")
    card = await alice.sees("Checkout is down", "0 of 5", that=lambda post: post["is_pinned"])
    tour.places["checkout"] = card["channel_id"]
    await ask(alice, "checkout", f"invite @{bob.username}")
    await bob.sees("Welcome to")
    for words in ("check 1.1", "set what payment", "assign 1.3 owner", "due 1.3 tomorrow 8:30am"):
        await ask(alice, "checkout", words)
    for words in (f"role scribe @{bob.username}", f"assign 2.1 @{bob.username}", "due 2.1 tomorrow 8:30am"):
        await ask(alice, "checkout", words)
    for number in range(15):
        await ask(alice, "checkout", f"note Entry {number}")
    await ask(bob, "checkout", "start 2.1")
    await ask(carla, "town", "follow #1")
    await ask(carla, "town", "settings weekly off")
    await tour.run(bob, "hiring", "hiring", "A new colleague")
    for who in (alice, carla):
        await ask(bob, "hiring", f"invite @{who.username}")
        await tour.joins(who, "hiring")
    await tour.run(bob, "release", "release", "Release 1")
    await tour.run(carla, "archived", "incident-response", "Search was slow")
    for who, place in ((bob, "release"), (carla, "archived")):
        await ask(who, place, "check 1.1")
        await ask(who, place, "finish now")
    await ask(carla, "archived", "retro skip Nobody was hurt")
    await alice.press(await tour.offered("sev-1 or so"), "Not now")
    await alice.press(await tour.offered("sev-1 again"), "Not in this thread")
    await tour.offered("sev-1, will fold")
    await lists(tour)
    await tour.run(bob, "search", "incident-response", "Search is slow")
    await ask(carla, "town", "follow #8")
    await settled(scene)


async def lists(tour: Tour) -> None:
    """Checklists without a playbook, in a channel that has another name by now."""
    scene, alice = tour.scene, tour.scene.alice
    den = {"team_id": scene.team["id"], "name": "den", "display_name": "Lounge", "type": "O"}
    tour.places["lounge"] = lounge = (await alice.rest("POST", "/channels", den))["id"]
    await alice.rest("POST", f"/channels/{lounge}/members", {"user_id": scene.bot.gateway.server.me.id})
    await alice.sees("added", where=lounge, that=lambda post: "add" in post["type"])
    await settled(scene)
    await tour.ask(alice, "lounge", "checklist Move house; boxes; van; keys")
    await alice.rest("PUT", f"/channels/{lounge}/patch", {"name": "lounge"})
    await tour.ask(alice, "lounge", "checklist Party; cake; music")
    await tour.ask(alice, "town", "checklist Garden; dig; sow")


async def next_day(tour: Tour) -> None:
    """What comes with time, and what waits for an answer after it."""
    scene, ask, keep = tour.scene, tour.ask, tour.keep
    alice, bob, carla = scene.alice, scene.bob, scene.carla
    for minutes in (6, 23 * 60, 25):
        await tour.passes(minutes=minutes)
    await ask(bob, "checkout", "snooze 2.1 2h")
    await ask(alice, "checkout", f"assign 1.2 @{bob.username}")
    await ask(alice, "checkout", "due 1.2 in 5h")
    await ask(alice, "checkout", f"handover @{bob.username} Rollback runs")
    await ask(bob, "hiring", "check 1.1 1.2")
    await ask(bob, "hiring", f"handover @{alice.username} I am away")
    for end in ("started", "dismissed", "muted", "fold"):
        await tour.offered(f"sev-1, to be {end}")
    await tour.offered("sev-1, ship it", "Start run…")
    for words in ("list", "settings", "todo"):
        await keep(alice, "town", words)
    for words in ("rename Payments are down", "set where Berlin", "add 1 Tell sales", "note The last", "timeline"):
        await keep(alice, "checkout", words)
    await keep(alice, "checkout", "checklist Spare; wheel; jack")
    await keep(alice, "lounge", "check 1.1")
    await keep(carla, "town", "brief #8")
    await measured(tour)
    await tour.run(carla, "closing", "incident-response", "Mail is late")
    await ask(carla, "closing", "finish now")
    await published(tour)
    await drafted(tour)
    await proposed(tour)
    await signed_in(tour)
    await ask(alice, "lounge", "#5 finish")
    tour.dialogs.append({"to": alice.username, "dialog": await alice.dialog()})
    await settled(scene)


async def undelivered(tour: Tour, url: str) -> None:
    """What is decided and waits."""
    scene, ask = tour.scene, tour.ask
    alice, bob, carla = scene.alice, scene.bob, scene.carla
    scene.sandbox.faults.server_error("POST /posts/{post_id}/pin", times=None, status=503)
    await ask(alice, "town", "run release Half open")
    await until(lambda: waits(url, "Pin"))
    scene.bot.courier.stop()
    await ask(alice, "town", "run release Not open yet")
    await ask(bob, "search", "update All is slow")
    await ask(bob, "search", "check 1.1")
    await ask(alice, "checkout", f"invite @{scene.admin.username}")
    await ask(alice, "checkout", "do 1.2")
    await ask(bob, "hiring", "rename Two new colleagues")
    await ask(bob, "hiring", f"remove @{carla.username}")
    await ask(alice, "checkout", "why again 2")
    await ask(alice, "checkout", "export")
    await ask(alice, "town", "insights incident-response 30d")
    await ask(alice, "lounge", "movehere #7")
    await without_buttons(tour, run_id=6)


async def without_buttons(tour: Tour, run_id: int) -> None:
    """For a moment presses did not arrive, so that reactions took the place of the buttons."""
    desk = tour.scene.bot.desk
    there, desk.here = desk.here, replace(desk.here, buttons=False)
    await desk.dispatch(ButtonsSwitched(at=tour.scene.clock(), run_ids=(run_id,)))
    desk.here = there


async def waits(url: str, kind: str) -> bool:
    return any(row["effect"]["type"] == kind and row["done_at"] is None for row in document.tables(url)["outbox"])


@asynccontextmanager
async def acme(folder: Path) -> AsyncIterator[Tour]:
    clock = Clock(BEGIN - datetime.now(UTC))
    sections = {"pages": pages(), "store": Storage(url=f"sqlite:///{folder / 'muster.sqlite'}")}
    async with empty_stage(folder, BOOKS, mark="acme", clock=clock, may_run=("/ticket create",), **sections) as scene:
        scene.sandbox.world.config["ServiceSettings"]["SiteURL"] = document.SITE
        ticket = {"team_id": scene.team["id"], "trigger": "ticket", "method": "P", "url": document.TICKETS}
        await scene.admin.rest("POST", "/commands", ticket)
        bot = await scene.admin.rest("GET", "/users/username/muster-acme")
        await scene.admin.rest("POST", f"/channels/{scene.town['id']}/members", {"user_id": bot["id"]})
        yield Tour(scene, {"town": scene.town["id"], "status": scene.status["id"]}, [], [], {})


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
            "reminders": sorted(JOBS),
            "buttons": sorted(BUTTONS),
            "more": sorted(MORE),
            "retro_more": sorted(OF_RETROSPECTIVE),
            "settings": sorted(variable_names(Config)),
        },
        "server": document.server(scene.sandbox.world),
        "private": tour.private,
        "dialogs": tour.dialogs,
        "cookies": tour.cookies,
        "database": rows,
    }


async def store(folder: Path, path: Path) -> None:
    """Play all that, with its files in a folder, and write down at a path what is left."""
    async with acme(folder) as tour:
        url = tour.scene.config.store.url
        async with running(tour.scene.config, clock=tour.scene.clock) as bot:
            tour.scene.bot = bot
            await first_day(tour)
            await next_day(tour)
            await undelivered(tour, url)
        config = tour.scene.config
        here = ((config.callbacks.url, document.CALLBACKS), (config.pages.url, document.PAGES))
        document.write(path, written_down(tour, url), (str(folder), document.FOLDER), *here)


def main(name: str) -> None:
    path = document.HERE / f"installation_{name}.json"
    if path.exists():
        raise SystemExit(f"{path} is never changed; name another one")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(store(Path(folder), path))


if __name__ == "__main__":
    main(sys.argv[1])
