"""Where an administrator finds the server's settings that Muster depends on, and what they must hold."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from typing import Any

Settings = Mapping[str, Mapping[str, Any]]

BOTS = "ServiceSettings.EnableBotAccountCreation"
COMMANDS = "ServiceSettings.EnableCommands"
SITE_URL = "ServiceSettings.SiteURL"
CONNECTIONS = "ServiceSettings.AllowedUntrustedInternalConnections"
INSECURE = "ServiceSettings.EnableInsecureOutgoingConnections"
OAUTH = "ServiceSettings.EnableOAuthServiceProvider"
TEAM_SIZE = "TeamSettings.MaxUsersPerTeam"

_PLACES = {
    BOTS: "Integrations > Bot Accounts > Enable Bot Account Creation",
    COMMANDS: "Integrations > Integration Management > Enable Custom Slash Commands",
    SITE_URL: "Environment > Web Server > Site URL",
    CONNECTIONS: "Environment > Developer > Allow untrusted internal connections to",
    INSECURE: "Environment > Web Server > Enable Insecure Outgoing Connections",
    OAUTH: "Integrations > Integration Management > Enable OAuth 2.0 Service Provider",
    TEAM_SIZE: "Site Configuration > Users and Teams > Max Users Per Team",
}


def place(key: str) -> str:
    """Return where a setting is found: its path in the System Console, and its key in the configuration."""
    return f"System Console > {_PLACES[key]} ({key})"


def value(settings: Settings, key: str) -> Any:
    """Return what a setting holds, None where the server does not have it."""
    section, _, name = key.partition(".")
    return (settings.get(section) or {}).get(name)


def patch(key: str, wanted: Any) -> dict[str, dict[str, Any]]:
    """Return the request that sets one setting."""
    section, _, name = key.partition(".")
    return {section: {name: wanted}}


async def addresses_of(host: str) -> list[str]:
    """Return the addresses that a name has as seen from here, none if it is not known here."""
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def is_private(addresses: Iterable[str]) -> bool:
    """Tell whether the server needs a permission to call one of these addresses."""
    return any(not ipaddress.ip_address(each).is_global for each in addresses)


def may_call(allowed: str, host: str, addresses: Iterable[str]) -> bool:
    """Tell whether the server may call a host, `allowed` being what its setting holds.

    A host counts as it is spelled, a range by the addresses, of which one is enough (server source:
    services/httpservice).
    """
    words = [word for word in re.split(r"[\s,]+", allowed) if word]
    ranges = [found for word in words if (found := _range(word)) is not None]
    known = [ipaddress.ip_address(each) for each in addresses]
    return host in words or not known or any(each.is_global or any(each in one for one in ranges) for each in known)


def _range(word: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(word, strict=False) if "/" in word else None
    except ValueError:
        return None
