"""A stage for stories: a server (the sandbox, or the real one that MUSTER_TEST_SERVER names), people, and a bot."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.admin.provision import provision
from bot.app import Bot, running
from bot.clock import Clock
from bot.directory.retry import Patience
from bot.driver import connect
from bot.settings.config import Config
from bot.settings.sections import Callbacks, Channels, Commands, Log, Playbooks, Prompts, Server, Storage
from sandbox import Sandbox
from sandbox.human import Human
from tests.accounts import PASSWORD as PASSWORD
from tests.accounts import disable_bot, person

ADMIN = ("admin", "Admin-pass-2026")

SOON = Patience(restored_every=0.5)

INCIDENT = {
    "title": "Incident response",
    "key": "incident-response",
    "keywords": ["sev-1", "#incident"],
    "name": "{message}",
    "welcome": "Mute yourself on the bridge.",
    "updates": {"every": "30m", "template": "What changed?", "broadcast": ["~status"], "broadcast_private": True},
    "channel": {"visibility": "private"},
    "checklists": [
        {"title": "Triage", "tasks": ["Acknowledge the alert", {"title": "Open a bridge call", "due": "15m"}]},
        {"title": "Fix", "tasks": ["Roll back", "Tell support", "Watch the graphs"]},
    ],
}


@dataclass
class Stage:
    """What a story has: people by their part, channels by name, and the bot."""

    url: str
    team: dict[str, Any]
    admin: Human
    people: dict[str, Human]
    town: dict[str, Any]
    status: dict[str, Any]
    config: Config
    clock: Clock
    sandbox: Sandbox | None
    bot: Bot = field(init=False)

    @property
    def alice(self) -> Human:
        return self.people["alice"]

    @property
    def bob(self) -> Human:
        return self.people["bob"]

    @property
    def carla(self) -> Human:
        return self.people["carla"]

    @property
    def me(self) -> str:
        """The bot's user name."""
        return self.bot.gateway.server.me.username

    @property
    def trigger(self) -> str:
        return self.config.commands.trigger

    def pass_time(self, **span: float) -> None:
        """Let the bot's clock go forward, and let it look at it."""
        self.clock.ahead += timedelta(**span)
        self.bot.desk.planned.ring()
        self.bot.courier.wake()

    def name(self, part: str) -> str:
        return self.people[part].username


def server_version() -> str:
    return os.environ.get("MUSTER_TEST_SANDBOX", "11.6")


def real_server() -> str:
    return os.environ.get("MUSTER_TEST_SERVER", "").rstrip("/")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def empty_stage(
    folder: Path,
    playbooks: Iterable[dict[str, Any]] = (INCIDENT,),
    version: str = "",
    may_run: Iterable[str] = (),
    mark: str = "",
    clock: Clock | None = None,
    **sections: Any,
) -> AsyncIterator[Stage]:
    """Set up a server with people and channels and a bot account, but do not start the bot.

    Names end in `mark`, a new one each time if none is given; the sandbox has the real time, or that of `clock`.
    """
    async with AsyncExitStack() as stack:
        url, sandbox = real_server(), None
        if not url:
            time = clock.milliseconds if clock else None
            made = Sandbox(version=version or server_version(), admin=ADMIN, clock=time)
            sandbox = await stack.enter_async_context(made)
            url = sandbox.url
        login = os.environ.get("MUSTER_TEST_ADMIN", ADMIN[0]), os.environ.get("MUSTER_TEST_PASSWORD", ADMIN[1])
        admin = await stack.enter_async_context(Human(url, *login))
        mark = mark or secrets.token_hex(3)
        team = await admin.rest("POST", "/teams", {"name": f"ops-{mark}", "display_name": "Operations", "type": "O"})
        admin.team_id = team["id"]
        people = {}
        for part in ("alice", "bob", "carla"):
            people[part] = await stack.enter_async_context(await person(admin, url, team, f"{part}-{mark}"))
        town = await admin.channel("town-square")
        status = await admin.rest(
            "POST", "/channels", {"team_id": team["id"], "name": "status", "display_name": "Status", "type": "O"}
        )
        port = free_port()
        stack.push_async_callback(disable_bot, admin, f"muster-{mark}")
        config = await _config(admin, folder, mark, team["name"], port, playbooks, may_run, sections)
        bot_user = await admin.rest("GET", f"/users/username/muster-{mark}")
        for user_id in (bot_user["id"], *(human.id for human in people.values())):
            await admin.rest("POST", f"/channels/{status['id']}/members", {"user_id": user_id})
        yield Stage(url, team, admin, people, town, status, config, clock or Clock(), sandbox)


@asynccontextmanager
async def stage(
    folder: Path, playbooks: Iterable[dict[str, Any]] = (INCIDENT,), **options: Any
) -> AsyncIterator[Stage]:
    """Set all up, and let the bot run."""
    async with (
        empty_stage(folder, playbooks, **options) as scene,
        running(scene.config, clock=scene.clock, patience=SOON) as bot,
    ):
        scene.bot = bot
        yield scene


KINDS = ("SQLite", "PostgreSQL") if os.environ.get("MUSTER_TEST_POSTGRESQL") else ("SQLite",)
"""The databases that tests of what is stored are tried on."""


def url_of(kind: str, folder: Path) -> str:
    """Return where a new database of a kind is."""
    return store_url(folder, secrets.token_hex(3)) if kind == "PostgreSQL" else f"sqlite:///{folder / 'muster.sqlite'}"


def store_url(folder: Path, mark: str) -> str:
    """Return a SQLite file, or a schema of its own in the PostgreSQL database that MUSTER_TEST_POSTGRESQL names."""
    server = os.environ.get("MUSTER_TEST_POSTGRESQL", "")
    if not server:
        return f"sqlite:///{folder / 'muster.sqlite'}"
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA story_{mark}"))
    engine.dispose()
    return f"{server}?options=-csearch_path%3Dstory_{mark}"


async def _config(
    admin: Human,
    folder: Path,
    mark: str,
    team: str,
    port: int,
    playbooks: Iterable[dict[str, Any]],
    may_run: Iterable[str],
    sections: dict[str, Any],
) -> Config:
    files = []
    for number, book in enumerate(playbooks):
        path = folder / f"book{number}.yaml"
        path.write_text(yaml.safe_dump(book, allow_unicode=True), encoding="utf-8")
        files.append(str(path))
    callback_url = f"http://127.0.0.1:{port}/hooks"
    driver = connect(admin.url, admin.token)
    made = await provision(
        driver, username=f"muster-{mark}", teams=[team], callback_url=callback_url, trigger=f"playbook{mark}"
    )
    await driver.close()
    return Config.model_construct(
        **{
            "token": SecretStr(made.token),
            "server": Server(url=admin.url),
            "callbacks": Callbacks(
                mode="on",
                listen_host="127.0.0.1",
                listen_port=port,
                url=callback_url,
                secret=SecretStr(secrets.token_hex(16)),
            ),
            "commands": Commands(
                trigger=f"playbook{mark}",
                tokens={name: SecretStr(one) for name, one in made.command_tokens.items()},
                run=tuple(may_run),
            ),
            "channels": Channels(),
            "store": sections.get("store") or Storage(url=store_url(folder, mark)),
            "playbooks": Playbooks(starters=False, files=tuple(files)),
            "prompts": Prompts(),
            "log": Log(),
        }
        | sections
    )
