"""An administrator's account on the server: signing in with it, and plain words for what keeps it from working."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from bot.admin import server_settings
from bot.driver import TIMEOUT, Driver, ServerRefused, ServerUnreachable, connect
from bot.logs.veil import veil
from bot.trouble import Trouble
from bot.wire.answers import version

OLDEST = (5, 37)

_REFUSALS = (
    ("api.bot.create_disabled", "The server does not let bots be created. Switch on", server_settings.BOTS),
    ("api.command.disabled", "Slash commands are switched off. Switch on", server_settings.COMMANDS),
    ("max_accounts", "The team is full. Raise", server_settings.TEAM_SIZE),
    ("duplicate_trigger", "That word after the slash is taken already. Choose another one with --trigger.", ""),
)
"""A part of an error's name, what it means, and the setting that changes it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name with a password, and a code where the account wants one, or else a personal access token."""

    name: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


class NotLetIn(Trouble):
    """The server does not take this account; another name or password may do."""


class CodeWanted(Trouble):
    """The account is protected by a second factor, and its code is missing or wrong."""


async def reach(url: str, *, verify: bool) -> tuple[int, ...]:
    """Return the server's version. Raises `Trouble` when there is no Mattermost that Muster can work with."""
    driver = connect(url, "", verify=verify)
    try:
        with explained("say what it is"):
            await driver.client.get("/system/ping")
            config = await driver.client.get("/config/client", params={"format": "old"})
    finally:
        await driver.close()
    found = version(str(config.get("Version", "")))
    if found < OLDEST:
        raise Trouble(f"The server is Mattermost {said_version(found)}; Muster needs 5.37 or newer.")
    return found


@asynccontextmanager
async def signed_in(url: str, credentials: Credentials, *, verify: bool) -> AsyncIterator[Driver]:
    """Give a driver that acts as the administrator; a session that was opened for it is closed at the end.

    Raises `CodeWanted`, and `NotLetIn` for whoever is no administrator.
    """
    token = credentials.token or await _log_in(url, credentials, verify)
    admin = connect(url, token, verify=verify)
    try:
        await _require_admin(admin)
        yield admin
    finally:
        if not credentials.token:
            with suppress(ServerRefused, ServerUnreachable):
                await admin.client.post("/users/logout")
        await admin.close()


def said_version(numbers: tuple[int, ...]) -> str:
    """Return a version as it is written."""
    return ".".join(map(str, numbers)) or "of an unknown version"


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn what the server refuses, or its silence, into `Trouble`; `doing` is what it was asked to do."""
    try:
        yield
    except ServerUnreachable as error:
        raise Trouble(unreachable(error)) from None
    except ServerRefused as refusal:
        raise Trouble(refused(refusal, doing)) from None


def unreachable(error: ServerUnreachable) -> str:
    """Return why there is no answer, and what to do."""
    said = (str(error).partition(": ")[2] or str(error)).replace(" ssl:default", "")
    if "wrong version number" in said.lower():
        return "The server does not speak TLS at that address. Is it http:// instead of https://?"
    if "certificate" in said.lower():
        return (
            f"The server's certificate is not accepted: {said}. Name the file of your own authority in SSL_CERT_FILE; "
            "only for a test server, switch the check off: [server] verify_tls = false, or --no-verify-tls."
        )
    if "the answer is not Mattermost's" in said:
        return "Something answers at that address, but it is not Mattermost. Is the address right, with its path?"
    return f"The server cannot be reached: {said}. Is the address right, and is the server up?"


def refused(refusal: ServerRefused, doing: str) -> str:
    """Return what the server forbids, and where that is changed."""
    for part, words, key in _REFUSALS:
        if part in refusal.id:
            return f"{words} {server_settings.place(key)}." if key else words
    if 300 <= refusal.status < 400:
        return f"The server's address leads elsewhere ({refusal.message}). Name that address."
    return f"The server refused to {doing}: {refusal.message or 'no reason given'} ({refusal.status} {refusal.id})."


async def _require_admin(admin: Driver) -> None:
    try:
        user = await admin.client.get("/users/me")
    except ServerRefused as refusal:
        if refusal.status != 401:
            raise Trouble(refused(refusal, "say who you are")) from None
        raise Trouble("The server refuses the access token. It is wrong, or was revoked.") from None
    except ServerUnreachable as error:
        raise Trouble(unreachable(error)) from None
    if user.get("is_bot"):
        raise NotLetIn(f"@{user['username']} is a bot, and bots cannot create bots. Take a person's account.")
    if "system_admin" not in str(user.get("roles")).split():
        raise NotLetIn(
            f"@{user['username']} is not a system administrator. Sign in as one, or let one run muster setup; "
            "Muster itself never needs such an account."
        )


async def _log_in(url: str, credentials: Credentials, verify: bool) -> str:
    """Return a session's token; it comes in a header, which the driver does not show."""
    body = {"login_id": credentials.name, "password": credentials.password, "token": credentials.code}
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(ssl=verify)) as session,
            session.post(f"{url}/api/v4/users/login", json=body, allow_redirects=False) as answer,
        ):
            if answer.status == 200 and "Token" in answer.headers:
                veil.hide(answer.headers["Token"])
                return answer.headers["Token"]
            said = await answer.json(content_type=None) if answer.status >= 400 else {}
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Trouble(unreachable(ServerUnreachable(f"login: {type(error).__name__}: {error}"))) from None
    except ValueError:
        said = {}
    raise _not_let_in(credentials, answer.status, str(said.get("id", "")), str(said.get("message", "")))


def _not_let_in(credentials: Credentials, status: int, reason: str, message: str) -> Trouble:
    if "mfa" in reason:
        wanted = "is wrong, or too old" if credentials.code else "is needed, too"
        return CodeWanted(f"The code of @{credentials.name}'s second factor {wanted}. Give it with --mfa-code.")
    if "invalid_credentials" in reason or "password" in reason:
        return NotLetIn("The server does not know this name with this password. Check both.")
    if "inactive" in reason:
        return NotLetIn(f"The account @{credentials.name} is deactivated.")
    if "bot_login" in reason:
        return NotLetIn(f"@{credentials.name} is a bot, and bots cannot create bots. Take a person's account.")
    hint = "An account that signs in elsewhere (SSO) uses a personal access token: --token-file."
    return NotLetIn(f"The server does not let @{credentials.name} in: {message or status} ({reason}). {hint}")
