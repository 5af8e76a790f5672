"""The demo's world: the team Acme on a sandbox server, its people and channels, and a bot that was set up there."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.app import Bot, running
from bot.clock import Clock, here
from bot.demo.bot import BOT, set_up_bot
from bot.demo.past import PLACE, Where, remember
from bot.trouble import Trouble
from sandbox import Sandbox
from sandbox.human import Human

TEAM = "acme"

PEOPLE = (
    ("alice", "Alice", "Berger", "Lead engineer", here()),
    ("bob", "Bob", "Okafor", "Engineer", "Africa/Lagos"),
    ("carla", "Carla", "Rossi", "Support", "America/New_York"),
    ("dave", "Dave", "Singh", "Operations", "Asia/Kolkata"),
)
CHANNELS = (
    ("support", "Support", "What customers ask and report"),
    ("engineering", "Engineering", "Changes, reviews and plans"),
    ("status", "Status", "How things stand, for everybody"),
    (PLACE, "Incidents", "Where incidents are dealt with"),
)
EARLIER = (
    (97, "bob", "incidents", "Orders are shown once again since Tuesday; the retrospective is in the run."),
    (
        95,
        "dave",
        "status",
        "Maintenance of the search cluster is done, everything answers as it should. :white_check_mark:",
    ),
    (
        81,
        "carla",
        "support",
        "Two customers asked whether invoices can be sent in another currency. I wrote down both.",
    ),
    (76, "alice", "support", "Thanks Carla. It is planned for next month; I will tell you when they can try it."),
    (64, "dave", "town-square", "By the way: the Pune office is closed on Thursday, we are reachable by phone."),
    (61, "bob", "town-square", "Enjoy it. I look after the queue that day."),
    (48, "bob", "engineering", "4.1.7 is on all shops now: new payment form, and the address check is faster."),
    (45, "alice", "engineering", "Nice. I keep an eye on the graphs over lunch."),
)


@dataclass(frozen=True, slots=True)
class Acme:
    """Everything that is there: people by their name, channel ids by theirs, and the bot that looks at `clock`."""

    sandbox: Sandbox
    people: dict[str, Human]
    channels: dict[str, str]
    clock: Clock
    bot: Bot

    def pass_time(self, **span: float) -> None:
        """Let the clock of the bot and of the server go forward."""
        self.clock.ahead += timedelta(**span)
        self.bot.desk.planned.ring()
        self.bot.courier.wake()


@asynccontextmanager
async def acme(
    folder: Path, *, version: str = "11.6", port: int = 0, ahead: timedelta = timedelta()
) -> AsyncIterator[Acme]:
    """Set all up and run it; files go into `folder`, and the time is `ahead` of the real one once this is entered."""
    clock = Clock(ahead - timedelta(days=3))
    password = secrets.token_urlsafe(16)
    sandbox = Sandbox(version=version, port=port, admin=("admin", password), clock=clock.milliseconds)
    async with AsyncExitStack() as stack:
        await _start(sandbox, stack)
        admin = await stack.enter_async_context(Human(sandbox.url, "admin", password))
        team = await admin.rest("POST", "/teams", {"name": TEAM, "display_name": "Acme", "type": "O"})
        admin.team_id = team["id"]
        config = await set_up_bot(admin, folder, TEAM)
        bot_id = (await admin.rest("GET", f"/users/username/{BOT}"))["id"]
        people = {row[0]: await stack.enter_async_context(await _person(admin, password, row)) for row in PEOPLE}
        channels = await _channels(admin, [bot_id, *(human.id for human in people.values())])
        for minutes, author, channel, text in EARLIER:
            clock.ahead = ahead - timedelta(minutes=minutes)
            await people[author].say(channels[channel], text)
        await _read_all(people, channels)
        clock.ahead = ahead
        bot = await stack.enter_async_context(running(config, clock=clock))
        where = Where(team["id"], channels[PLACE], {name: human.id for name, human in people.items()})
        await bot.desk.ask(partial(remember, here=bot.desk.here, where=where, now=clock()))
        yield Acme(sandbox, people, channels, clock, bot)


async def _start(sandbox: Sandbox, stack: AsyncExitStack) -> None:
    try:
        await stack.enter_async_context(sandbox)
    except OSError as error:
        raise Trouble(f"The demo's server cannot listen: {error.strerror}. Choose another --port.") from None


async def _person(admin: Human, password: str, row: tuple[str, ...]) -> Human:
    username, first, last, position, zone = row
    body = {"username": username, "email": f"{username}@example.com", "password": password, "position": position}
    user = await admin.rest("POST", "/users", body | {"first_name": first, "last_name": last})
    zones = {"useAutomaticTimezone": "false", "manualTimezone": zone, "automaticTimezone": zone}
    await admin.rest("PUT", f"/users/{user['id']}/patch", {"timezone": zones})
    await admin.rest("POST", f"/teams/{admin.team_id}/members", {"team_id": admin.team_id, "user_id": user["id"]})
    human = Human(admin.url, username, password)
    human.id, human.team_id = user["id"], admin.team_id
    return human


async def _channels(admin: Human, members: list[str]) -> dict[str, str]:
    town = await admin.channel("town-square")
    made = {"town-square": str(town["id"])}
    for name, title, purpose in CHANNELS:
        body = {"team_id": admin.team_id, "name": name, "display_name": title, "purpose": purpose, "type": "O"}
        made[name] = (await admin.rest("POST", "/channels", body))["id"]
        for user_id in members:
            await admin.rest("POST", f"/channels/{made[name]}/members", {"user_id": user_id})
    return made


async def _read_all(people: dict[str, Human], channels: dict[str, str]) -> None:
    """Let everybody have read what was said, so that what is new stands out."""
    for human in people.values():
        for channel_id in channels.values():
            await human.rest("POST", f"/channels/members/{human.id}/view", {"channel_id": channel_id})
