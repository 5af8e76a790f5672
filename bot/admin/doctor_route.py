"""The way back, as the server sees it: the server itself is made to call the door, by a button and by the command."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.admin import server_settings
from bot.admin.doctor_door import Doorstep, opened
from bot.admin.doctor_server import Patient
from bot.admin.findings import Finding, ill, note, well
from bot.admin.setup_trigger import is_shadowed
from bot.doors import ping
from bot.doors.way_back import WayBack
from bot.driver import ServerRefused
from bot.wire.signing import Signer

WITHOUT = "messages to the bot and reactions do everything."
BY_MESSAGE = "keywords, and all commands in a message to the bot or behind a mention of it."
BUTTONS_TOO = f"buttons, {BY_MESSAGE}"
WORDS = "Muster's doctor tries the way from the server to Muster. This message goes away by itself."


async def examine_route(patient: Patient) -> AsyncIterator[Finding]:
    """Yield whether presses and commands arrive, as far as they are wanted."""
    callbacks = patient.config.callbacks
    if callbacks.mode == "off" or (callbacks.mode == "auto" and not callbacks.url):
        yield note(f"There are no buttons and no /{patient.config.commands.trigger} command: {WITHOUT}")
        return
    secret = callbacks.secret.get_secret_value()
    if not callbacks.url or len(secret.encode()) < 16:
        yield ill("The way back cannot be tried without a [callbacks] url and a signing secret.", "Run muster setup.")
        return
    still = BY_MESSAGE if callbacks.mode == "on" else WITHOUT
    me = str(patient.me["id"])
    async with opened(patient.config, Signer(secret), me) as door:
        if door.finding is not None:
            yield door.finding
            if door.finding.state == "ill":
                return
        arrived = await _press(patient, door, me)
        yield replace(arrived, still=still) if arrived.state == "ill" else arrived
        channel = await patient.driver.channels.create_direct_message_channel([me, me])
        for team in patient.teams:
            found = await _command(patient, door, team, channel["id"], tries=arrived.state == "well")
            yield (
                replace(found, still=BUTTONS_TOO if arrived.state == "well" else still)
                if found.state == "ill"
                else found
            )


async def _press(patient: Patient, door: Doorstep, me: str) -> Finding:
    url = patient.config.callbacks.url
    way = WayBack(patient.driver, url, door.signer, me, WORDS)
    try:
        if await way.works():
            return well(f"The server reaches Muster at {url}: a pressed button arrives.")
        return await _why(url, door, is_refused=way.is_refused)
    finally:
        await way.clear()


async def _why(url: str, door: Doorstep, *, is_refused: bool) -> Finding:
    """Say what the way fails on, by what came in here, and by what the server said."""
    lost = f"The server does not reach Muster at {url}"
    if door.heard:
        method, path = door.heard[-1]
        if method != "POST":
            return ill(
                f"{lost}: its call was redirected on the way, and arrived as {method} {path} with nothing in it.",
                "Give the final address in [callbacks] url (https:// where http:// is redirected there).",
            )
        if path != f"{door.path}/actions":
            return ill(
                f"{lost}: its call arrived, but at {path} instead of {door.path}/actions.",
                "Let the reverse proxy keep the path, or put into [callbacks] url the path that arrives.",
            )
        return ill(f"{lost}: its call arrived, and was not answered well.", "Run muster doctor again.")
    if not is_refused:
        return ill(
            f"{lost}: something else answers there, or redirects the call (http to https?).",
            "Give Muster's own final address in [callbacks] url, with its path; a reverse proxy must lead to "
            f"{door.at}.",
        )
    return ill(f"{lost}.", await _remedy(url, door))


async def _remedy(url: str, door: Doorstep) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    addresses = await server_settings.addresses_of(host)
    steps = []
    if not addresses:
        steps.append(f"Check the name {host}, which is not known here.")
    if server_settings.is_private(addresses) or not addresses:
        place = server_settings.place(server_settings.CONNECTIONS)
        steps.append(f"It is a private address: let {place} name {host}, as it is spelled here.")
    if parts.scheme == "https":
        steps.append(f"A self-signed certificate needs {server_settings.place(server_settings.INSECURE)}.")
    steps.append(f"Let firewalls and the reverse proxy pass the server's calls on to {door.at}.")
    return " ".join(steps)


async def _command(
    patient: Patient, door: Doorstep, team: Mapping[str, Any], channel_id: str, *, tries: bool
) -> Finding:
    """Give the slash command in the bot's name; only the bot sees the answer."""
    trigger, name = patient.config.commands.trigger, team["name"]
    if await is_shadowed(patient.driver, team["id"], trigger):
        return ill(
            f"In {name}, /{trigger} is answered by a plugin or by Mattermost itself, and never reaches Muster.",
            "Run muster setup --trigger muster, or disable that plugin in System Console > Plugins.",
        )
    if not tries:
        return note(f"Whether /{trigger} arrives from {name} is not tried before the way back works.")
    arg = secrets.token_urlsafe(6)
    text = ping.ping_text(door.signer, arg, datetime.now(UTC))
    body = {"channel_id": channel_id, "team_id": team["id"], "command": f"/{trigger} {text}"}
    try:
        answer = await patient.driver.client.post("/commands/execute", body)
    except ServerRefused as refusal:
        return _no_command(refusal, trigger, name)
    if ping.is_pong(door.signer, str(answer.get("text")), arg):
        return well(f"In {name}, /{trigger} arrives, and its token is the right one.")
    return ill(
        f"In {name}, /{trigger} is answered by something else, or its token is not the one that Muster knows.",
        "Run muster setup again; it points the command here, and writes down its token.",
    )


def _no_command(refusal: ServerRefused, trigger: str, team: str) -> Finding:
    if "not_found" in refusal.id:
        return ill(f"In {team} there is no command /{trigger}.", "Run muster setup to create it.")
    if "disabled" in refusal.id:
        place = server_settings.place(server_settings.COMMANDS)
        return ill("Slash commands are switched off on this server.", f"Switch on {place}.")
    if "site_url" in refusal.id:
        place = server_settings.place(server_settings.SITE_URL)
        return ill("The server does not know its own address, and runs no slash command.", f"Set {place}.")
    return ill(
        f"In {team}, /{trigger} fails: {refusal.message} ({refusal.id})",
        "It leads to another address, or its token is not the one that Muster knows. Run muster setup again.",
    )
