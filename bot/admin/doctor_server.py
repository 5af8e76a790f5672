"""What the doctor asks the server: who it is, whether it knows the bot, and whether it lets it listen."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.admin.account import OLDEST, said_version, unreachable
from bot.admin.findings import Finding, ill, note, well
from bot.driver import Driver, ServerRefused, ServerUnreachable
from bot.settings.config import Config
from bot.wire.answers import version
from bot.wire.happenings import Hello
from bot.wire.incoming import happening, read_frame
from bot.wire.reading import BadFrame

SKEW = 60.0
"""Seconds that the clocks may differ before deadlines are noticeably off."""
HELLO_SECONDS = 8.0
"""Without a word for 5 s the server has refused the token (server source: app/web_conn.go)."""


@dataclass(slots=True)
class Patient:
    """Whom the doctor examines, and what was learnt of them so far."""

    config: Config
    driver: Driver
    version: tuple[int, ...] = ()
    me: Mapping[str, Any] = field(default_factory=dict)
    teams: list[Mapping[str, Any]] = field(default_factory=list)


async def examine_server(patient: Patient) -> AsyncIterator[Finding]:
    """Yield what is found, and leave the bot's account in `patient.me` if its token works."""
    try:
        client_config = await patient.driver.client.get("/config/client", params={"format": "old"})
    except ServerUnreachable as error:
        yield ill(unreachable(error), "Correct [server] url, or wait until the server is up.")
        return
    except ServerRefused as refusal:
        if refusal.status != 401:
            yield ill(f"The server refuses to say what it is: {refusal}.", "Correct [server] url; it may have a path.")
            return
        client_config = {}
    if client_config:
        yield _server(patient, client_config)
    yield await _account(patient)
    if patient.me:
        async for finding in _listen(patient):
            yield finding


def _server(patient: Patient, client_config: Mapping[str, Any]) -> Finding:
    patient.version = version(str(client_config.get("Version", "")))
    said = f"{patient.config.server.url} is Mattermost {said_version(patient.version)}"
    if patient.version < OLDEST:
        return ill(f"{said}.", "Muster needs 5.37 or newer.")
    return well(f"{said}, which Muster works with.")


async def _account(patient: Patient) -> Finding:
    try:
        user = await patient.driver.client.get("/users/me")
    except ServerRefused as refusal:
        if refusal.status != 401:
            raise
        return ill(
            "The server refuses the bot's access token.",
            "It was revoked, or the bot was disabled, or its owner deactivated. Enable the bot in System Console > "
            "Integrations > Bot Accounts, or run muster setup for a new token.",
        )
    if not user.get("is_bot"):
        return ill(
            f"The access token belongs to @{user['username']}, a person's account.",
            "Muster would write in that person's name. Run muster setup to create a bot.",
        )
    patient.me = user
    return well(f"The access token works; the bot is @{user['username']}.")


async def _listen(patient: Patient) -> AsyncIterator[Finding]:
    server = patient.config.server
    headers = {"Authorization": f"Bearer {patient.config.token.get_secret_value()}"}
    try:
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=server.verify_tls)) as session,
            asyncio.timeout(HELLO_SECONDS),
            session.ws_connect(f"{server.url}/api/v4/websocket", headers=headers, max_msg_size=0) as socket,
        ):
            hello = await _hello(socket)
            skew = await _skew(socket)
    except (aiohttp.ClientError, OSError, TimeoutError, BadFrame, TypeError, ValueError) as error:
        yield ill(
            f"The websocket does not work: {type(error).__name__} {error}".rstrip(),
            "A reverse proxy must pass Upgrade and Connection on for /api/v4/websocket, and wait 100 s at least.",
        )
        return
    resumes = "a connection that breaks is continued" if hello.connection_id else "what is missed is read again"
    yield well(f"The websocket works; {resumes}.")
    if abs(skew) > SKEW:
        ahead = "ahead of" if skew > 0 else "behind"
        yield note(
            f"The server's clock is {abs(skew):.0f} s {ahead} this one.",
            "Let both machines take their time from the network; deadlines would be off by as much.",
        )
    else:
        yield well("The server's clock and this one agree.")


async def _hello(socket: aiohttp.ClientWebSocketResponse) -> Hello:
    frame = read_frame((await socket.receive_str()).encode())
    found = happening(frame)
    if not isinstance(found, Hello):
        raise ValueError("the server did not say hello")
    return found


async def _skew(socket: aiohttp.ClientWebSocketResponse) -> float:
    """Return by how many seconds the server's clock is ahead."""
    sent = time.time()
    await socket.send_str(json.dumps({"action": "ping", "seq": 1}))
    while True:
        frame = json.loads(await socket.receive_str())
        if frame.get("seq_reply") == 1:
            return float(frame["data"]["server_time"]) / 1000 - (sent + time.time()) / 2
