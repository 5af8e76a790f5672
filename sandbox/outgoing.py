"""The server's own HTTP calls to integrations: where it may call, how long it waits."""

import asyncio
import ipaddress
import re
import socket
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from yarl import URL

from .jsontext import dump

RESPONSE_LIMIT = 1024 * 1024
_LOG_SIZE = 10_000
_HEADERS = {
    "User-Agent": "Mattermost-Bot/1.1",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
}


class CallFailed(Exception):
    """The integration could not be reached, may not be called, or took too long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an integration replied."""

    status: int
    reason: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """A line of the log of calls to integrations; `status` is 0 if there was no reply."""

    method: str
    url: str
    body: str
    status: int


class Settings(Protocol):
    """The server's configuration."""

    def setting(self, section: str, name: str) -> object: ...


class Outgoing:
    """Calls integrations."""

    def __init__(self, world: Settings, timeout: float) -> None:
        self.world = world
        self.timeout = timeout
        self.log: deque[OutgoingCall] = deque(maxlen=_LOG_SIZE)
        self._client: aiohttp.ClientSession | None = None

    async def post_json(self, url: str, value: Any, limited: bool) -> Answer:
        """Send JSON, as for buttons and dialogs."""
        headers = _HEADERS | {"Content-Type": "application/json"}
        return await self._call("POST", url, headers, dump(value), limited)

    async def send_form(self, method: str, url: str, fields: list[tuple[str, str]], token: str) -> Answer:
        """Send a form with a command's token, as for slash commands."""
        headers = _HEADERS | {"Authorization": f"Token {token}"}
        text = URL.build(query=sorted(fields)).raw_query_string
        if method == "G":
            joint = "&" if "?" in url else "?"
            return await self._call("GET", f"{url}{joint}{text}", headers, "", True)
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._call("POST", url, headers, text, True)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _call(self, method: str, url: str, headers: dict[str, str], body: str, limited: bool) -> Answer:
        status = 0
        try:
            async with asyncio.timeout(self._seconds()):
                answer = await self._send(method, url, headers, body)
            status = answer.status
        except (TimeoutError, OSError, ValueError, aiohttp.ClientError) as error:
            raise CallFailed(str(error)) from error
        finally:
            self.log.append(OutgoingCall(method, url, body, status))
        if limited and len(answer.body) > RESPONSE_LIMIT:
            raise CallFailed("the response is too large")
        return answer

    async def _send(self, method: str, url: str, headers: dict[str, str], body: str) -> Answer:
        await self._check_address(URL(url))
        if self._client is None:
            self._client = aiohttp.ClientSession()
        data = body.encode() if method == "POST" else None
        async with self._client.request(method, url, headers=headers, data=data) as reply:
            content_type = reply.headers.get("Content-Type", "")
            return Answer(reply.status, reply.reason or "", content_type, await reply.read())

    async def _check_address(self, url: URL) -> None:
        """Refuse reserved addresses unless the configuration names them."""
        host = url.host
        if host is None or url.scheme not in ("http", "https"):
            raise CallFailed(f"not an address: {url}")
        allowed = self._allowed()
        if host in allowed:
            return
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)
        if all(_forbidden(row[4][0], allowed) for row in found):
            raise CallFailed(f"address forbidden: {host}")

    def _allowed(self) -> list[str]:
        text = str(self.world.setting("ServiceSettings", "AllowedUntrustedInternalConnections"))
        return [word for word in re.split(r"[\s,]+", text) if word]

    def _seconds(self) -> float:
        setting = self.world.setting("ServiceSettings", "OutgoingIntegrationRequestsTimeout")
        return min(self.timeout, float(setting)) if isinstance(setting, (int, float)) else self.timeout


def _forbidden(address: object, allowed: list[str]) -> bool:
    ip = ipaddress.ip_address(str(address))
    if ip.is_global:
        return False
    return not any(ip in network for network in map(_network, allowed) if network)


def _network(word: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(word, strict=False) if "/" in word else None
    except ValueError:
        return None
