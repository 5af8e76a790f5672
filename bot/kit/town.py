"""A server with people and a bot that has some playbooks, all in this process, as long as a test lasts."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import Bot, running
from bot.clock import Clock
from bot.demo.bot import set_up_bot
from bot.settings.sections import Playbooks
from sandbox import Sandbox
from sandbox.human import Human

TEAM = "team"
PASSWORD = secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Town:
    """What is there: people by their user name, ids of channels by theirs, and the bot that looks at `clock`."""

    admin: Human
    people: Mapping[str, Human]
    channels: Mapping[str, str]
    clock: Clock
    bot: Bot


@asynccontextmanager
async def a_town(
    folder: Path, files: Sequence[Path], people: Sequence[str], channels: Sequence[str], version: str
) -> AsyncIterator[Town]:
    """Set all up and run it; the database goes into `folder`."""
    clock = Clock()
    sandbox = Sandbox(version=version, admin=("admin", PASSWORD), clock=clock.milliseconds)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(sandbox)
        admin = await stack.enter_async_context(Human(sandbox.url, "admin", PASSWORD))
        team = await admin.rest("POST", "/teams", {"name": TEAM, "display_name": "Team", "type": "O"})
        admin.team_id = team["id"]
        # The bot's own account comes first, so that a playbook may not take its name for somebody.
        made = await set_up_bot(admin, folder, TEAM)
        config = made.model_copy(
            update={"playbooks": Playbooks(starters=False, files=tuple(str(one.resolve()) for one in files))}
        )
        known = {name: await stack.enter_async_context(await _person(admin, name)) for name in dict.fromkeys(people)}
        bot_id = (await admin.rest("GET", "/users/username/muster"))["id"]
        ids = [bot_id, *(human.id for human in known.values())]
        places = {name: await _channel(admin, name, ids) for name in dict.fromkeys(("town-square", *channels))}
        bot = await stack.enter_async_context(running(config, clock=clock))
        yield Town(admin, known, places, clock, bot)


async def _person(admin: Human, name: str) -> Human:
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    user = await admin.rest("POST", "/users", body)
    await admin.rest("POST", f"/teams/{admin.team_id}/members", {"team_id": admin.team_id, "user_id": user["id"]})
    human = Human(admin.url, name, PASSWORD)
    human.id, human.team_id = user["id"], admin.team_id
    return human


async def _channel(admin: Human, name: str, ids: Sequence[str]) -> str:
    if name == "town-square":
        return str((await admin.channel(name))["id"])
    body = {"team_id": admin.team_id, "name": name, "display_name": name, "type": "O"}
    made = await admin.rest("POST", "/channels", body)
    for user_id in ids:
        await admin.rest("POST", f"/channels/{made['id']}/members", {"user_id": user_id})
    return str(made["id"])
