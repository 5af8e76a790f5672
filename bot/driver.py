"""The Mattermost driver over one pooled asynchronous session: its endpoint methods return awaitables."""

import json
from collections.abc import Mapping
from functools import partialmethod
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import mattermostdriver

NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""What goes wrong before anything of a request is sent."""
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
IDLE_SECONDS = 50
"""How long an unused connection is kept; the server closes it after 60 s (server source: app/server.go:Start)."""


class ServerRefused(Exception):
    """The server answered, and the answer is no.

    `id` is the server's name for the error, empty when something other than Mattermost (a proxy, the rate limiter)
    answered; `retry_after` is in seconds.
    """

    def __init__(self, status: int, id: str = "", message: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{status} {id or '-'}: {message}")
        self.status = status
        self.id = id
        self.message = message
        self.retry_after = retry_after


class ServerUnreachable(Exception):
    """No answer, or nothing that Mattermost would say: the server, the way to it, or a proxy is down.

    `unsent` tells that the request cannot have arrived.
    """

    def __init__(self, message: str = "", *, unsent: bool = False) -> None:
        super().__init__(message)
        self.unsent = unsent


class Client:
    """Does the requests of mattermostdriver's endpoints: its own client's methods, as coroutines, on one session.

    The session is made with the first request, and the token is known to it alone.
    """

    def __init__(self, options: Mapping[str, Any], token: str) -> None:
        self.root = f"{options['scheme']}://{options['url']}:{options['port']}"
        self.basepath = str(options["basepath"])
        self.userid = ""
        self.username = ""
        self._verify = bool(options["verify"])
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        return self.root + self.basepath

    async def make_request(
        self,
        method: str,
        endpoint: str,
        options: Any = None,
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        files: Mapping[str, Any] | None = None,
        basepath: str | None = None,
    ) -> Any:
        """Return the answer: JSON as Python values, anything else as bytes.

        Raises `ServerRefused` for every answer that is not 2xx and `ServerUnreachable` when there is none.
        A request that repeats harmlessly is sent a second time by aiohttp when the server has closed the idle
        connection under it. Redirects are not followed: a POST would arrive as a GET.
        """
        url = self.root + (self.basepath if basepath is None else basepath) + endpoint
        body: dict[str, Any] = {"data": _form(data, files)} if data or files else {}
        if not body and options is not None and method.lower() != "get":
            body = {"json": options}
        try:
            async with self._open().request(
                method.upper(), url, params=_query(params), allow_redirects=False, **body
            ) as answer:
                return _read(answer, await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # aiohttp's exceptions hold the request with its headers, so nothing of them but the words goes further.
            words = f"{method.upper()} {endpoint}: {_words(error)}"
            raise ServerUnreachable(words, unsent=isinstance(error, NOT_CONNECTED)) from None

    get = partialmethod(make_request, "get")
    post = partialmethod(make_request, "post")
    put = partialmethod(make_request, "put")
    delete = partialmethod(make_request, "delete")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {self._token}", "User-Agent": "Muster"},
                timeout=TIMEOUT,
                connector=aiohttp.TCPConnector(limit=32, keepalive_timeout=IDLE_SECONDS, ssl=self._verify),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=True,
            )
        return self._session


class Driver(mattermostdriver.Driver):  # type: ignore[misc]  # the library has no types
    """mattermostdriver's catalogue of endpoints (`driver.posts.create_post(…)`), to be awaited.

    What the catalogue lacks, or spells wrongly, goes through `driver.client.get("/…")` and its sisters.
    """

    client: Client

    async def close(self) -> None:
        """Close the session; requests that are under way fail."""
        await self.client.close()


def connect(url: str, token: str, *, verify: bool = True) -> Driver:
    """Return a driver for the server at `url`, which may have a path; nothing is sent yet.

    With `verify` off any certificate is accepted. Raises `ValueError` if `url` is no http(s) address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no http:// or https:// address")
    options = {
        "scheme": parts.scheme,
        "url": f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname,
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "basepath": parts.path.rstrip("/") + "/api/v4",
        "verify": verify,
    }
    # The library keeps its options, so the token is not among them.
    return Driver(options, client_cls=lambda known: Client(known, token))


def _read(answer: aiohttp.ClientResponse, body: bytes) -> Any:
    said = _json(body)
    if not 200 <= answer.status < 300:
        raise _refusal(answer, body, said)
    if said is not None or body.strip() == b"null":
        return said
    if answer.method == "GET" and answer.content_type != "text/html":
        return body
    raise ServerUnreachable(f"{answer.method} {answer.url.path}: the answer is not Mattermost's")


def _refusal(answer: aiohttp.ClientResponse, body: bytes, said: Any) -> ServerRefused:
    known = said if isinstance(said, dict) else {}
    name, message = known.get("id"), known.get("message")
    words = message if isinstance(message, str) else body[:200].decode(errors="replace").strip()
    if 300 <= answer.status < 400:
        words = f"redirected to {answer.headers.get('Location', 'nowhere')}: give the bot the final address"
    return ServerRefused(answer.status, name if isinstance(name, str) else "", words, _retry_after(answer))


def _retry_after(answer: aiohttp.ClientResponse) -> float | None:
    try:
        return max(0.0, float(answer.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _query(params: Mapping[str, Any] | None) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in (params or {}).items()
        if value is not None
    }


def _form(data: Any, files: Mapping[str, Any] | None) -> Any:
    if not files:
        return data
    form = aiohttp.FormData(data or {})
    for name, file in files.items():
        filename, content = file if isinstance(file, tuple) else (name, file)
        form.add_field(name, content, filename=filename)
    return form


def _words(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
