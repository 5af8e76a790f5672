"""An episode's world: a server with people, the ways to it and to the bot, the bot's processes, and their clock."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stage import Stage, empty_stage, free_port

from bot.config import Storage
from chaos.child import AHEAD
from chaos.databases import Ground, ground
from chaos.passage import Passage
from chaos.plan import SPOKEN, TASKS, WORDS, Plan
from chaos.process import Process
from sandbox import Sandbox
from sandbox.model import Channel, Post, User

PERSON_WAITS = 5.0
"""Seconds after which the server gives an integration up, so that nobody stands at the door for long."""
ROLES = "system_user system_post_all"

TITLES = {number: f"Step {number.replace('.', ' of ')}" for number in TASKS}


def _tasks(part: str) -> list[Any]:
    tasks: list[Any] = [title for number, title in TITLES.items() if number.startswith(part)]
    return tasks + ([{"title": "Watch the graphs", "done_when": {"says": [WORDS]}}] if SPOKEN[0] == part else [])


BOOK: dict[str, Any] = {
    "title": "Incident response",
    "key": "incident-response",
    "keywords": ["sev-1"],
    "name": "{message}",
    "start": "now",
    "welcome": "Mute yourself on the bridge.",
    "updates": {"every": "30m", "broadcast": ["~status"]},
    "channel": {"visibility": "public"},
    "checklists": [{"title": "Triage", "tasks": _tasks("1")}, {"title": "Fix", "tasks": _tasks("2")}],
}


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
        times = Times(folder / "clock")
        environments = [_environment(scene, base, server, folder, number) for number in range(plan.processes)]
        processes = [Process(name, listens, environment) for name, listens, environment in environments]
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


def _environment(
    scene: Stage, base: Ground, server: Passage, folder: Path, number: int
) -> tuple[str, int, Mapping[str, str]]:
    """Write down the configuration of a process; return its name, its port and what else it is told."""
    name, port, config = f"muster {number + 1}", free_port(), scene.config
    path = folder / f"bot{number + 1}.toml"
    sections = {
        "server": {"url": f"http://127.0.0.1:{server.port}"},
        "callbacks": {"mode": "on", "listen_host": "127.0.0.1", "listen_port": port, "url": config.callbacks.url},
        "commands": {"trigger": config.commands.trigger},
        "playbooks": {"starters": False, "files": list(config.playbooks.files)},
    }
    path.write_text("\n".join(_toml(sections)), encoding="utf-8")
    tokens = [f"{team}:{token.get_secret_value()}" for team, token in config.commands.tokens.items()]
    return (
        name,
        port,
        {
            "MUSTER_CONFIG": str(path),
            "MUSTER_CHAOS_CLOCK": str(folder / "clock"),
            "MUSTER_TOKEN": config.token.get_secret_value(),
            "MUSTER_CALLBACKS_SECRET": config.callbacks.secret.get_secret_value(),
            "MUSTER_COMMANDS_TOKENS": ",".join(tokens),
            "MUSTER_STORE_URL": base.bots_url,
        },
    )


def _toml(sections: Mapping[str, Mapping[str, Any]]) -> list[str]:
    # A string, a number, a list or a boolean is written in JSON as in TOML.
    return [
        line
        for section, values in sections.items()
        for line in (f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()))
    ]


async def _let_whisper(made: World) -> None:
    """Let the bot show messages to one person alone."""
    admin = made.scene.admin
    role = await admin.rest("GET", "/roles/name/system_post_all")
    body = {"permissions": [*role["permissions"], "create_post_ephemeral"]}
    await admin.rest("PUT", f"/roles/{role['id']}/patch", body)
    await admin.rest("PUT", f"/users/{made.bot.id}/roles", {"roles": ROLES})
