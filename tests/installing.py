"""What the tests of set-up and doctor share: a server with a team, a folder, and all that is said."""

import io
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rich.console import Console
from stage import ADMIN, free_port

from bot.admin.account import Credentials
from bot.admin.doctor import examine
from bot.admin.findings import Finding
from bot.admin.setup import set_up
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import Wishes
from bot.settings.config import Config
from bot.settings.layers import variable_names
from sandbox import Sandbox
from sandbox.human import Human

VERSIONS = ["5.37", "10.0", "11.6"]


@dataclass
class Place:
    """A folder for `bot.toml`, where the configuration of this process comes from, and what was said so far."""

    folder: Path
    heard: io.StringIO = field(default_factory=io.StringIO)

    @property
    def toml(self) -> Path:
        return self.folder / "bot.toml"

    @property
    def local(self) -> Path:
        return self.folder / "bot.local.toml"

    @property
    def secrets(self) -> Path:
        return self.folder / "muster.secrets"

    @property
    def said(self) -> str:
        return self.heard.getvalue()

    def kept(self) -> dict[str, str]:
        """Return the secrets by their names."""
        return dict(line.split("=", 1) for line in self.secrets.read_text().splitlines())

    async def set_up(self, url: str, *, credentials: Credentials | None = None, **wishes: Any) -> str:
        """Set up without questions, and return what was said."""
        self.heard = io.StringIO()
        silent = Questions(Console(file=self.heard, width=500))
        usual: dict[str, Any] = {"server": url, "agreed": True, "listen_host": "127.0.0.1"}
        if not self.local.is_file():
            usual["listen_port"] = free_port()
        await set_up(Wishes(**usual | wishes), credentials or Credentials(*ADMIN), silent)
        return self.said

    async def examine(self) -> list[Finding]:
        """Let the doctor look."""
        return [finding async for finding in examine()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in variable_names(Config):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setenv("MUSTER_CONFIG", str(tmp_path / "bot.toml"))
    monkeypatch.setenv("MUSTER_STORE_URL", f"sqlite:///{tmp_path}/muster.sqlite")
    return Place(tmp_path)


@asynccontextmanager
async def server(version: str = "11.6", **options: Any) -> AsyncIterator[tuple[Sandbox, Human]]:
    """Give a server with one team, `ops`, and its administrator."""
    async with Sandbox(version=version, admin=ADMIN, **options) as mm, Human(mm.url, *ADMIN) as admin:
        team = await admin.rest("POST", "/teams", {"name": "ops", "display_name": "Operations", "type": "O"})
        admin.team_id = team["id"]
        yield mm, admin


@asynccontextmanager
async def listening(answer: Any, port: int = 0) -> AsyncIterator[str]:
    """Give the address of a web server that answers every request by `answer(request)`."""
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def plugin_holds(mm: Sandbox, trigger: str) -> None:
    """Let a plugin answer to a word: then it is offered without an id, instead of any custom command."""
    offered = [{"id": "", "trigger": trigger, "auto_complete": True, "display_name": "Playbooks"}]
    mm.faults.server_error(
        "GET /teams/{team_id}/commands/autocomplete",
        times=None,
        status=200,
        body=json.dumps(offered),
        content_type="application/json",
    )


def environment(**more: str) -> dict[str, str]:
    """Return what a `muster` of its own is started with."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TERM": "dumb", "COLUMNS": "400", **more}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
