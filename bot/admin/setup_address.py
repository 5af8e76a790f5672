"""Addresses as people say them: `127.0.0.1:8065` and `chat.example.com` have no scheme, which is found out."""

import ipaddress
from urllib.parse import urlsplit

from bot.admin.account import reach
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import checked
from bot.settings.sections import Server
from bot.trouble import Trouble

HTTP, HTTPS = "http://", "https://"


async def choose_server(wished: str, present: str, verify: bool, ask: Questions) -> tuple[str, tuple[int, ...]]:
    """Return the address of the server, and its version. Raises `Trouble` where nobody can be asked for another."""
    while True:
        said = wished or ask.text("Address of the Mattermost server", present, "--server")
        try:
            return await _found(said, verify)
        except Trouble as trouble:
            if wished or not ask.asks:
                raise
            ask.say(str(trouble))


def readings(said: str) -> list[str]:
    """Return the addresses that somebody may mean, the likeliest first; one with a scheme means itself.

    A password goes there later, so what is far is never tried without TLS unless somebody says so.
    """
    plain = said.strip()
    if "://" in plain:
        return [plain]
    return [f"{scheme}{plain}" for scheme in ((HTTP, HTTPS) if _is_near(plain) else (HTTPS,))]


def with_http(said: str) -> str:
    """Return an address of Muster's own door, which speaks plain HTTP unless something else is said."""
    plain = said.strip()
    return plain if "://" in plain else f"{HTTP}{plain}"


async def _found(said: str, verify: bool) -> tuple[str, tuple[int, ...]]:
    """Return the first reading at which there is a Mattermost, and its version. Raises `Trouble` of the likeliest."""
    troubles: list[Trouble] = []
    for reading in readings(said):
        try:
            url = checked(reading, Server, "url")
            return url, await reach(url, verify=verify)
        except Trouble as trouble:
            troubles.append(trouble)
    raise troubles[0]


def _is_near(plain: str) -> bool:
    """Tell whether an address is one of a machine or network of one's own, where TLS is seldom spoken."""
    try:
        host = urlsplit(f"//{plain}").hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        # Names without a dot are known in one network alone.
        return "." not in host
