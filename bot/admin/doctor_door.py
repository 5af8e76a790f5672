"""A door for the time of an examination: where no Muster runs, the doctor listens itself, and notes what comes in."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.admin.findings import Finding, ill, note, well
from bot.doors import ping
from bot.settings.config import Config
from bot.wire import outgoing, requests
from bot.wire.signing import Forged, Signer

LOCALLY = aiohttp.ClientTimeout(total=5)


@dataclass(slots=True)
class Doorstep:
    """What stands at the address to listen at: `finding` says so; `heard` holds what came to the doctor's own door."""

    config: Config
    signer: Signer
    finding: Finding | None = None
    is_own: bool = False
    heard: list[tuple[str, str]] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The beginning of all routes."""
        return urlsplit(self.config.callbacks.url).path.rstrip("/")

    @property
    def at(self) -> str:
        """Where it listens, for people."""
        return f"{self.config.callbacks.listen_host}:{self.config.callbacks.listen_port}"

    def inside(self, route: str) -> str:
        """Return where a route is asked for from this machine."""
        callbacks = self.config.callbacks
        listened = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - asked for here, not listened at
        host = listened.get(callbacks.listen_host, callbacks.listen_host)
        return f"http://{host}:{callbacks.listen_port}{self.path}/{route}"

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a ping as a running Muster does; note everything."""
        self.heard.append((request.method, request.path))
        if request.method != "POST":
            return web.Response(status=405)
        now = datetime.now(UTC)
        if request.path == f"{self.path}/actions":
            try:
                press = self.signer.read_press(requests.press(await request.read()).token)
            except (requests.BadRequest, Forged):
                return web.Response(status=403)
            return web.json_response(ping.pressed(self.signer, press, now) or {})
        if request.path == f"{self.path}/commands":
            return await self._command(request, now)
        return web.Response(status=404)

    async def _command(self, request: web.Request, now: datetime) -> web.Response:
        form = await request.post()
        known = [token.get_secret_value() for token in self.config.commands.tokens.values()]
        pong = ping.told(self.signer, str(form.get("text", "")), now)
        if form.get("token") not in known or pong is None:
            return web.Response(status=403)
        return web.json_response(outgoing.command_answer([], pong))


@asynccontextmanager
async def opened(config: Config, signer: Signer, me: str) -> AsyncIterator[Doorstep]:
    """Give the door: our own where the port is free, otherwise that of whatever listens there."""
    door = Doorstep(config, signer)
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", door.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.callbacks.listen_host, config.callbacks.listen_port).start()
        door.is_own, door.finding = True, well(f"No Muster runs at {door.at}; the doctor listens there for the moment.")
    except OSError as error:
        door.finding = await _why_not(door, error, me)
    try:
        yield door
    finally:
        with suppress(RuntimeError):
            await runner.cleanup()


async def _why_not(door: Doorstep, error: OSError, me: str) -> Finding:
    if error.errno != errno.EADDRINUSE:
        return ill(
            f"Muster cannot listen at {door.at}: {error.strerror}.",
            "Correct listen_host and listen_port in [callbacks]; 0.0.0.0 stands for every address of this machine.",
        )
    match await _who_answers(door, me):
        case "ours":
            return await _how_it_is(door)
        case "stranger":
            return ill(
                f"A Muster with another signing secret runs at {door.at}.",
                "Restart it, so that it reads MUSTER_CALLBACKS_SECRET anew, or stop it.",
            )
    return ill(
        f"Another program uses the port {door.at}.",
        "Stop it, or choose another listen_port in [callbacks], and a [callbacks] url that leads there.",
    )


async def _who_answers(door: Doorstep, me: str) -> str:
    """Return who listens at the port: our Muster, one with another secret, or something else."""
    token = ping.ping(door.signer, "here", datetime.now(UTC))
    body = {"user_id": me, "channel_id": me, "post_id": me, "context": {"m": token}}
    try:
        async with (
            aiohttp.ClientSession(timeout=LOCALLY) as session,
            session.post(door.inside("actions"), json=body, allow_redirects=False) as answer,
        ):
            if answer.status == 403 and "Muster" in await answer.text():
                return "stranger"
            said = await answer.json(content_type=None)
            pong = str(said["update"]["message"])
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        return ""
    return "ours" if ping.is_pong(door.signer, pong, "here") else "stranger"


async def _how_it_is(door: Doorstep) -> Finding:
    """Return that our Muster runs, or what stands still in it, and since when."""
    try:
        async with aiohttp.ClientSession(timeout=LOCALLY) as session, session.get(door.inside("healthz")) as answer:
            health = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        health = {}
    said = health if isinstance(health, dict) else {}
    if said.get("storage"):
        what = "the disk of its database is full" if said["storage"] == "full" else "it cannot use its database"
        return ill(
            f"Muster runs at {door.at}, but {what} since {said.get('storage_since')}.",
            "Free some space, or bring the database back; what waits is decided then.",
        )
    if said.get("channels_waiting"):
        return note(
            f"Muster runs, and answers at {door.at}; {said['channels_waiting']} channels wait for the server or the "
            f"database, the first since {said.get('channels_waiting_since')}.",
            "Its log says why; they go on by themselves.",
        )
    return well(f"Muster runs, and answers at {door.at}.")
