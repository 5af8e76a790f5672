"""A sandbox with a team, a bot with its token, and some people, for the tests of the way out."""

from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.driver import Client, Driver, connect
from handlers.events import Person
from sandbox import Sandbox


@dataclass
class Stage:
    """The server, and who is on it: Ann and Ben are in the bot's team, Tom is not, Eve's account is deactivated."""

    mm: Sandbox
    admin: Client
    driver: Driver
    token: str
    bot_id: str
    team_id: str
    ann: Person
    ben: Person
    tom: Person
    eve: Person

    def members(self, channel_id: str) -> Set[str]:
        return set(self.mm.world.channel_members[channel_id])

    async def person(self, name: str) -> Person:
        """Create somebody in the bot's team."""
        wanted = {"username": name, "email": f"{name}@example.test", "password": "Pass-word-2026"}
        made = await self.admin.post("/users", options=wanted)
        member = {"team_id": self.team_id, "user_id": made["id"]}
        await self.admin.post(f"/teams/{self.team_id}/members", options=member)
        return Person(id=made["id"], username=name)

    async def channel(self, name: str = "ops", private: bool = False) -> str:
        """Create a channel that the bot is in, and return its id."""
        made = await self.driver.channels.create_channel(
            options={"team_id": self.team_id, "name": name, "display_name": name, "type": "P" if private else "O"}
        )
        return str(made["id"])


@asynccontextmanager
async def staged(version: str = "11.6", **options: Any) -> AsyncIterator[Stage]:
    async with Sandbox(version=version, **options) as mm:
        admin = connect(mm.url, await _login(mm.url))
        team = await admin.teams.create_team({"name": "crew", "display_name": "Crew", "type": "O"})
        bot = await admin.client.post("/bots", options={"username": "muster", "display_name": "Muster"})
        token = await admin.client.post(f"/users/{bot['user_id']}/tokens", options={"description": "tests"})
        people = {name: await _person(admin, name) for name in ("ann", "ben", "tom", "eve")}
        for id in (bot["user_id"], people["ann"].id, people["ben"].id, people["eve"].id):
            await admin.client.post(f"/teams/{team['id']}/members", options={"team_id": team["id"], "user_id": id})
        await admin.client.delete(f"/users/{people['eve'].id}")
        driver = connect(mm.url, token["token"])
        try:
            yield Stage(mm, admin.client, driver, token["token"], bot["user_id"], team["id"], **people)
        finally:
            await driver.close()
            await admin.close()


async def _login(url: str) -> str:
    async with aiohttp.ClientSession() as session:
        answer = await session.post(
            f"{url}/api/v4/users/login", json={"login_id": "admin", "password": "Admin-pass-2026"}
        )
        return answer.headers["Token"]


async def _person(admin: Driver, name: str) -> Person:
    wanted = {"username": name, "email": f"{name}@example.test", "password": "Pass-word-2026"}
    return Person(id=(await admin.users.create_user(wanted))["id"], username=name)
