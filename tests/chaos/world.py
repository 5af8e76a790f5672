"""An episode's world: a server with people, the ways to it and to the bot, the bot's processes, and their clock."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from stage import Stage, empty_stage

from bot.settings.sections import Storage
from chaos.book import BOOK
from chaos.child import AHEAD
from chaos.configuring import CLOCK, configured
from chaos.databases import Ground, ground
from chaos.passage import Passage
from chaos.plan import Plan
from chaos.process import Process
from sandbox import Sandbox
from sandbox.model import Channel, Post, User

PERSON_WAITS = 5.0
"""Seconds after which the server gives an integration up, so that nobody stands at the door for long."""
ROLES = "system_user system_post_all"


class Times:
    """The clock of the bot's processes, as far as it is ahead of this machine's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ahead = 0.0
        self._write()

    def move(self, seconds: float) -> None:
        """Set the clock by so much."""
        self.ahead += seconds
        self._write()

    def _write(self) -> None:
        # Written in place: the processes look at the very bytes.
        mode = "r+b" if self.path.exists() else "wb"
        with self.path.open(mode) as file:
            file.write(AHEAD.pack(self.ahead))


@dataclass
class World:
    """All that an episode has."""

    plan: Plan
    scene: Stage
    ground: Ground
    server: Passage
    door: Passage
    processes: Sequence[Process]
    times: Times

    @property
    def mm(self) -> Sandbox:
        assert self.scene.sandbox is not None
        return self.scene.sandbox

    @property
    def bot(self) -> User:
        """The bot's account."""
        return next(user for user in self.mm.users if user.is_bot and user.username.startswith("muster-"))

    def channel(self, word: str) -> Channel | None:
        """Return the channel of the run in whose name a word stands, as soon as there is one."""
        return next((one for one in self.mm.channels if word in one.display_name.casefold()), None)

    def members(self, channel_id: str) -> set[str]:
        """Return who is in a channel now, by their ids."""
        return set(self.mm.world.channel_members[channel_id])

    def said_by_bot(self, channel_id: str = "") -> list[Post]:
        """Return what the bot has said and what stands, in a channel or everywhere."""
        return [post for post in self.mm.posts(channel_id) if post.user_id == self.bot.id]


@asynccontextmanager
async def world(plan: Plan, folder: Path) -> AsyncIterator[World]:
    """Set everything up; the processes run when this is entered."""
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(ground(plan.storage, folder))
        stage = empty_stage(folder, [BOOK], store=Storage(url=base.bots_url))
        scene = await stack.enter_async_context(stage)
        assert scene.sandbox is not None, "chaos needs the sandbox: unset MUSTER_TEST_SERVER"
        scene.sandbox.world.outgoing.timeout = PERSON_WAITS
        port = int(scene.sandbox.url.rpartition(":")[2])
        server = await stack.enter_async_context(Passage(lambda: ("127.0.0.1", port)))
        times = Times(folder / CLOCK)
        processes = [
            configured(f"muster {number}", scene.config, folder, server=server.port, storage=base.bots_url)
            for number in range(1, plan.processes + 1)
        ]
        door = await stack.enter_async_context(Passage(Turns(processes).next, scene.config.callbacks.listen_port))
        made = World(plan, scene, base, server, door, processes, times)
        if plan.whispers:
            await _let_whisper(made)
        try:
            for process in processes:
                process.start()
            yield made
        finally:
            for process in processes:
                await process.kill()


class Turns:
    """Which process the next call goes to: one after the other, those that are not running left out."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self._turn = 0

    def next(self) -> tuple[str, int] | None:
        """Return where the next process listens, None if none is running."""
        running = [one for one in self._processes if one.is_running]
        if not running:
            return None
        self._turn += 1
        return "127.0.0.1", running[self._turn % len(running)].port


async def _let_whisper(made: World) -> None:
    """Let the bot show messages to one person alone."""
    admin = made.scene.admin
    role = await admin.rest("GET", "/roles/name/system_post_all")
    body = {"permissions": [*role["permissions"], "create_post_ephemeral"]}
    await admin.rest("PUT", f"/roles/{role['id']}/patch", body)
    await admin.rest("PUT", f"/users/{made.bot.id}/roles", {"roles": ROLES})
