"""A stored installation, set up again, upgraded as the bot does it at its start, and at work.

All that these tests use of the bot's own is imported here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from alembic import command
from pages import Seen, browser, pages
from pydantic import SecretStr
from scenes import settled
from stage import ADMIN, PASSWORD, SOON, Stage, free_port, url_of
from structlog.testing import capture_logs

from bot.app import running
from bot.clock import Clock
from bot.settings.config import Config, load
from bot.settings.layers import variable_names
from bot.settings.sections import Callbacks, Channels, Commands, Log, Pages, Playbooks, Prompts, Server, Storage
from bot.wire.signing import Press, Signer
from sandbox import Sandbox
from sandbox.human import Human, NotSeen, words
from store import Database
from store.engine import _alembic
from tests.upgrading import document
from tests.upgrading.document import Json


@dataclass
class Upgraded:
    """The stage, the document that it was made from, and the commands that were run for tasks."""

    scene: Stage
    found: Json
    tickets: list[str]

    @property
    def sandbox(self) -> Sandbox:
        """The server."""
        assert self.scene.sandbox is not None
        return self.scene.sandbox

    @property
    def places(self) -> dict[str, str]:
        """The channels by what they are about."""
        places: dict[str, str] = self.found["places"]
        return places

    @property
    def people(self) -> tuple[Human, Human, Human]:
        """Alice, Bob and Carla."""
        return self.scene.alice, self.scene.bob, self.scene.carla

    def human(self, name: str) -> Human:
        """Return one of them, by the part that they play or by their name."""
        return self.scene.people[name.partition("-")[0]]

    async def ask(self, who: Human, place: str, text: str) -> str:
        """Give a command."""
        return await who.command(self.places[place], f"/{self.scene.trigger} {text}")

    async def press(self, name: str, action: str, about: str = "", choice: str = "") -> None:
        """Press a button as it stood when all was stored, or choose from a menu, whatever its message shows by now."""
        who, kind = self.human(name), "select" if choice else "button"
        post, button = next(
            (post, one)
            for post, one, means in pressable(self.found, who)
            if (means.action, one["type"]) == (action, kind) and means.arg.startswith(about)
        )
        held = document.in_hand(self.sandbox.world, post)
        control = document.actions(held)[document.actions(post).index(button)]
        body = {"cookie": control["cookie"], "selected_option": choice}
        await who.rest("POST", f"/posts/{post['id']}/actions/{control['id']}", body)

    async def page(self, name: str, path: str) -> Seen:
        """Look at a page with the browser in which somebody was signed in."""
        async with browser(self.scene.config.pages.url) as mine:
            mine.session.cookie_jar.update_cookies(self.found["cookies"][self.human(name).username])
            return await mine.get(path)

    def shown(self, name: str) -> set[tuple[str, str]]:
        """Return what somebody sees now, post by post."""
        return {(post["id"], words(post)) for post in self.human(name).screen.values()}

    async def is_told(self, name: str, parts: Sequence[str], before: set[tuple[str, str]]) -> None:
        """Wait until somebody sees all this in a dialog, or in a post that was not just so before."""
        who, seen = self.human(name), []
        for _ in range(750):
            seen = [said for post_id, said in self.shown(name) - before] + [str(one["dialog"]) for one in who.dialogs]
            if any(all(part in said for part in parts) for said in seen):
                who.dialogs.clear()
                return
            await asyncio.sleep(0.02)
        raise NotSeen(f"{name} did not see {parts}, but:\n" + "\n".join(seen))

    def passes(self, until: str) -> None:
        """Let time go on until a minute is over."""
        span = datetime.fromisoformat(until).replace(tzinfo=UTC) - self.scene.clock()
        self.scene.pass_time(seconds=span.total_seconds() + 60)


def pressable(found: Json, who: Human | None = None) -> Iterator[tuple[Json, Json, Press]]:
    """Yield every button and menu, with its post and what it means; those alone that somebody sees, if it is said."""
    signer = Signer(found["bot"]["secret"])
    seen = {row["channel_id"] for row in found["server"]["channel_members"] if who and row["user_id"] == who.id}
    alone = [one["post"] for one in found["private"] if who is None or one["to"] == who.username]
    stand = [post for post in found["server"]["posts"] if who is None or post["channel_id"] in seen]
    for post in (*alone, *stand):
        for button in document.actions(post):
            yield post, button, signer.read_press(button["integration"]["context"]["m"])


def settings_of(toml: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return some of what this version reads in a file with settings and the secrets beside it, and nowhere else."""
    for name in variable_names(Config):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setenv("MUSTER_CONFIG", str(toml))
    config = load()
    said = {"url": config.server.url, "trigger": config.commands.trigger}
    return said | {"token": config.token.get_secret_value()}


@asynccontextmanager
async def upgraded(path: Path, kind: str, folder: Path) -> AsyncIterator[Upgraded]:
    """Set a stored installation up on a kind of database, and let this version's bot take it over.

    Fails where anything was logged as an error.
    """
    port, tickets, site = free_port(), free_port(), pages()
    callbacks = f"http://127.0.0.1:{port}/hooks"
    here = (
        (callbacks, document.CALLBACKS),
        (site.url, document.PAGES),
        (f"http://127.0.0.1:{tickets}/", document.TICKETS),
    )
    found = document.read(path, (str(folder), document.FOLDER), *here)
    for number, book in enumerate(found["bot"]["playbooks"]):
        (folder / f"book{number}.yaml").write_text(yaml.safe_dump(book), encoding="utf-8")
    store = url_of(kind, folder)
    at_revision(store, found["alembic"])
    document.fill(store, found["database"])
    clock = Clock(datetime.fromisoformat(found["stored_at"]) - datetime.now(UTC))
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(clock=clock.milliseconds))
        sandbox.world.config["ServiceSettings"]["SiteURL"] = document.SITE
        document.stand(sandbox.world, found["server"])
        heard = await stack.enter_async_context(ticket_desk(tickets))
        # Those who have cookies have pages.
        with_pages = site if "cookies" in found else Pages()
        config = _config(found["bot"], sandbox.url, callbacks, port, store, folder, with_pages)
        scene = await _people(stack, sandbox, found, config, clock)
        logs = stack.enter_context(capture_logs())
        scene.bot = await stack.enter_async_context(running(config, clock=clock, patience=SOON))
        await settled(scene)
        yield Upgraded(scene, found, heard)
        await settled(scene)
        if wrong := [line for line in logs if line["log_level"] in ("error", "critical")]:
            raise AssertionError(f"this was logged as an error: {wrong}")


def at_revision(url: str, revision: str) -> None:
    """Make the schema of a database as it was at a revision."""
    database = Database(url)
    with database.engine.begin() as connection:
        command.upgrade(_alembic(connection), revision)
    database.close()


async def _people(stack: AsyncExitStack, sandbox: Sandbox, found: Json, config: Config, clock: Clock) -> Stage:
    """Let everybody log in, and look at all their channels."""
    team = found["server"]["teams"][0]
    people = {}
    for user in found["server"]["users"]:
        if not user.get("is_bot"):
            password = ADMIN[1] if user["username"] == ADMIN[0] else PASSWORD
            human = await stack.enter_async_context(Human(sandbox.url, user["username"], password))
            human.team_id = team["id"]
            people[user["username"].partition("-")[0]] = human
            for channel in await human.rest("GET", f"/users/me/teams/{team['id']}/channels"):
                await human.open(channel["id"])
    admin = people.pop("admin")
    town, status = await admin.channel("town-square"), await admin.channel("status")
    return Stage(sandbox.url, team, admin, people, town, status, config, clock, sandbox)


def _config(bot: Json, url: str, callbacks: str, port: int, store: str, folder: Path, with_pages: Pages) -> Config:
    secret = SecretStr(bot["secret"])
    door = Callbacks(mode="on", listen_host="127.0.0.1", listen_port=port, url=callbacks, secret=secret)
    tokens = {name: SecretStr(one) for name, one in bot["tokens"].items()}
    return Config.model_construct(
        token=SecretStr(bot["token"]),
        server=Server(url=url),
        callbacks=door,
        commands=Commands(trigger=bot["trigger"], tokens=tokens, run=tuple(bot["run"])),
        channels=Channels(),
        store=Storage(url=store),
        playbooks=Playbooks(starters=False, files=(f"{folder}/book*.yaml",)),
        prompts=Prompts(),
        pages=with_pages,
        log=Log(),
    )


@asynccontextmanager
async def ticket_desk(port: int) -> AsyncIterator[list[str]]:
    """What answers the command `/ticket`; gives what it was asked."""
    heard: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(str((await request.post())["text"]))
        return web.json_response({"text": "OPS-1 is made"})

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield heard
    finally:
        await runner.cleanup()
