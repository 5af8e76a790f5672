"""Sends one delivery: signed as Standard Webhooks 1.0 says, over a connection that goes to no private network."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook
from yarl import URL

from bot.webhooks.guard import Guard, GuardedResolver, PrivateAddress, literal
from store import WebhookFailure

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
"""Seconds that an address has to answer in, and of these to be connected to."""
READ_AT_MOST = 16 * 1024
"""How many bytes of an answer are read: what it says makes no difference, its status does."""
AGENT = "Muster"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: the status, if any, and what is wrong with it; `retry_after` is in seconds."""

    status: int | None
    why: WebhookFailure
    took_ms: int
    retry_after: float | None = None


class Sender:
    """Sends deliveries; each gets a connection of its own, so that nothing is kept from one to the next."""

    def __init__(
        self, guard: Guard, resolver: AbstractResolver | None = None, timeout: aiohttp.ClientTimeout = TIMEOUT
    ) -> None:
        self._guard = guard
        self._resolver = resolver
        self._timeout = timeout

    async def send(self, url: str, key: str, body: str, secrets: Sequence[str], now: datetime) -> Answer:
        """Return what an address answers to a delivery that is signed with each of the secrets."""
        began = time.perf_counter()
        try:
            status, why, retry_after = await self._post(url, headers(key, body, secrets, now), body, now)
        except PrivateAddress:
            status, why, retry_after = None, "private", None
        except TimeoutError:
            status, why, retry_after = None, "timeout", None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            is_private = isinstance(error.__cause__, PrivateAddress) or isinstance(
                getattr(error, "os_error", None), PrivateAddress
            )
            status, why, retry_after = None, "private" if is_private else "unreachable", None
        return Answer(status, why, round((time.perf_counter() - began) * 1000), retry_after)

    async def _post(
        self, url: str, headers: dict[str, str], body: str, now: datetime
    ) -> tuple[int, WebhookFailure, float | None]:
        # As it is connected to: digits and full stops of other scripts have become those of an address by then.
        to = URL(url)
        host = to.raw_host or ""
        if (address := literal(host)) is not None:
            self._guard.require(host, [address])
        resolver = GuardedResolver(self._guard, self._resolver or aiohttp.ThreadedResolver())
        connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
        async with (
            aiohttp.ClientSession(
                connector=connector, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()
            ) as session,
            session.post(to, data=body.encode(), headers=headers, allow_redirects=False) as response,
        ):
            await response.content.read(READ_AT_MOST)
            return response.status, _failure(response.status), _retry_after(response.headers.get("Retry-After"), now)


def headers(key: str, body: str, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the headers of a delivery; `now` is in UTC."""
    signatures = [Webhook(secret).sign(key, now, body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _failure(status: int) -> WebhookFailure:
    if 200 <= status < 300:
        return ""
    return "redirect" if 300 <= status < 400 else "status"


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Return for how many seconds an address wants to be left alone: it says so in seconds, or by a time."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now.timestamp(), 0)
