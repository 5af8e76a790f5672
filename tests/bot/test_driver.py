"""The driver against servers that behave, misbehave, and go away."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from wayout import Stage, staged

from bot.driver import Driver, ServerRefused, ServerUnreachable, connect

TOKEN = "the-secret-token"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Odd:
    """A server that answers what a test wants, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Handler = self._ok
        self.asked: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.url = ""

    async def __aenter__(self) -> "Odd":
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._hear)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()

    def says(self, status: int, text: str, kind: str = "application/json", **headers: str) -> None:
        async def answer(request: web.Request) -> web.Response:
            return web.Response(status=status, text=text, content_type=kind, headers=headers)

        self.answer = answer

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.bodies.append(await request.read())
        return await self.answer(request)

    async def _ok(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "OK"})


@pytest.fixture
async def odd() -> AsyncIterator[Odd]:
    async with Odd() as server:
        yield server


@pytest.fixture
async def driver(odd: Odd) -> AsyncIterator[Driver]:
    made = connect(odd.url, TOKEN)
    yield made
    await made.close()


async def refused(call: Awaitable[Any]) -> ServerRefused:
    with pytest.raises(ServerRefused) as caught:
        await call
    return caught.value


@pytest.mark.parametrize("version", ["5.37", "11.6"])
async def test_the_catalogues_methods_can_be_awaited(version: str) -> None:
    async with staged(version) as stage:
        await check_catalogue(stage)


async def check_catalogue(stage: Stage) -> None:
    channel_id = await stage.channel()
    post = await stage.driver.posts.create_post(options={"channel_id": channel_id, "message": "hello"})
    changed = await stage.driver.posts.patch_post(post["id"], options={"message": "hello again"})
    listed = await stage.driver.posts.get_posts_for_channel(channel_id, params={"per_page": 5})

    assert (await stage.driver.users.get_user("me"))["id"] == stage.bot_id
    assert changed["message"] == "hello again"
    assert listed["order"][0] == post["id"]
    assert (await stage.driver.client.get("/users/me"))["username"] == "muster"


async def test_a_request_carries_the_token_the_json_and_the_query(driver: Driver, odd: Odd) -> None:
    assert await driver.client.post("/posts", options={"message": "é"}, params={"set_online": False}) == {
        "status": "OK"
    }

    (request,) = odd.asked
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (request.method, request.path_qs) == ("POST", "/api/v4/posts?set_online=false")
    assert odd.bodies == [b'{"message": "\\u00e9"}']


async def test_many_requests_share_connections(driver: Driver, odd: Odd) -> None:
    for _ in range(20):
        await driver.client.get("/users/me")

    assert len({request.transport for request in odd.asked}) == 1


async def test_a_server_below_a_path_is_reached_there(odd: Odd) -> None:
    driver = connect(f"{odd.url}/chat/", TOKEN)
    await driver.client.get("/users/me")
    await driver.webhooks.call_webhook("h1", {"text": "x"})
    await driver.close()

    assert [request.path for request in odd.asked] == ["/chat/api/v4/users/me", "/hooks/h1"]


async def test_a_file_is_uploaded(driver: Driver, odd: Odd) -> None:
    await driver.files.upload_file("c1", {"files": ("a.txt", b"content")})

    assert b'filename="a.txt"' in odd.bodies[0]
    assert b"content" in odd.bodies[0]


async def test_a_refusal_names_the_error(driver: Driver, odd: Odd) -> None:
    odd.says(403, '{"id": "api.context.permissions.app_error", "message": "No.", "status_code": 403}')
    error = await refused(driver.users.get_user("me"))

    assert (error.status, error.id, error.message) == (403, "api.context.permissions.app_error", "No.")


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (500, "<html><body>Internal Server Error</body></html>", "text/html"),
        (400, '["a", "list"]', "application/json"),
        (400, '{"id": 7, "message": ["no", "words"]}', "application/json"),
        (502, "", "text/plain"),
        (404, "null", "application/json"),
    ],
)
async def test_an_odd_refusal_is_a_refusal_all_the_same(
    driver: Driver, odd: Odd, status: int, text: str, kind: str
) -> None:
    odd.says(status, text, kind)
    error = await refused(driver.client.post("/posts"))

    assert (error.status, error.id, error.retry_after) == (status, "", None)


async def test_a_rate_limit_says_how_long_to_wait() -> None:
    async with staged() as stage:
        stage.mm.faults.rate_limit("GET /users/me", retry_after=7)
        error = await refused(stage.driver.users.get_user("me"))

    assert (error.status, error.retry_after) == (429, 7.0)


@pytest.mark.parametrize(("said", "seconds"), [("2.5", 2.5), ("-1", 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None)])
async def test_only_seconds_are_taken_for_a_waiting_time(
    driver: Driver, odd: Odd, said: str, seconds: float | None
) -> None:
    odd.says(429, "limit exceeded\n", "text/plain", **{"Retry-After": said})

    assert (await refused(driver.client.get("/users/me"))).retry_after == seconds


async def test_a_redirect_is_not_followed_but_told(driver: Driver, odd: Odd) -> None:
    odd.says(301, "", **{"Location": "https://chat.example/"})
    error = await refused(driver.client.post("/posts", options={}))

    assert len(odd.asked) == 1
    assert "https://chat.example/" in error.message


@pytest.mark.parametrize("method", ["get", "post"])
async def test_a_page_of_a_proxy_is_no_answer(driver: Driver, odd: Odd, method: str) -> None:
    odd.says(200, "<html>Please log in</html>", "text/html")

    with pytest.raises(ServerUnreachable):
        await driver.client.make_request(method, "/posts")


async def test_an_empty_list_may_be_null(driver: Driver, odd: Odd) -> None:
    odd.says(200, "null")

    assert await driver.client.get("/posts/p1/reactions") is None


async def test_what_is_no_json_is_given_as_bytes(driver: Driver, odd: Odd) -> None:
    odd.says(200, "a file", "application/octet-stream")

    assert await driver.files.get_file("f1") == b"a file"


async def test_nobody_listening_is_unreachable() -> None:
    driver = connect("http://127.0.0.1:9", TOKEN)
    with pytest.raises(ServerUnreachable):
        await driver.users.get_user("me")
    await driver.close()


async def test_a_connection_reset_is_unreachable() -> None:
    async with staged() as stage:
        stage.mm.faults.reset("POST /posts")
        with pytest.raises(ServerUnreachable):
            await stage.driver.posts.create_post(options={"channel_id": await stage.channel(), "message": "x"})


class Closing(asyncio.Protocol):
    """A server that answers one request of each connection, and closes it under the next one."""

    requests: list[bytes]

    def __init__(self, requests: list[bytes]) -> None:
        self.requests = requests
        self.heard = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.requests.append(data)
        self.heard += 1
        if self.heard == 1:
            body = b'{"n": %d}' % len(self.requests)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self.transport.write(head + body)  # type: ignore[attr-defined]
        else:
            self.transport.close()


async def test_what_repeats_harmlessly_survives_a_closed_idle_connection() -> None:
    requests: list[bytes] = []
    server = await asyncio.get_running_loop().create_server(lambda: Closing(requests), "127.0.0.1", 0)
    driver = connect(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", TOKEN)
    async with server:
        assert await driver.client.get("/users/me") == {"n": 1}
        assert await driver.client.put("/posts/p1/patch", options={"message": "x"}) == {"n": 3}
        with pytest.raises(ServerUnreachable):
            await driver.client.post("/posts", options={"message": "x"})
        await driver.close()

    assert [request.split(b" ")[0] for request in requests] == [b"GET", b"PUT", b"PUT", b"POST"]


async def test_the_token_is_nowhere_to_be_read(driver: Driver, odd: Odd, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    odd.says(401, '{"id": "x", "message": "no"}')
    error = await refused(driver.users.get_user("me"))
    dead = connect("http://127.0.0.1:9", TOKEN)
    with pytest.raises(ServerUnreachable) as unreachable:
        await dead.users.get_user("me")
    await dead.close()

    shown = [repr(driver), repr(driver.client), str(driver.options), repr(error), repr(unreachable.value), caplog.text]
    assert not [text for text in shown if TOKEN in text]


async def test_proxies_of_the_environment_are_not_asked(
    driver: Driver, odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert await driver.client.get("/users/me") == {"status": "OK"}


@pytest.mark.parametrize("url", ["chat.example", "ftp://chat.example", "http://", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        connect(url, TOKEN)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://chat.example", "https://chat.example:443/api/v4"),
        ("http://chat.example", "http://chat.example:80/api/v4"),
        ("https://chat.example:8443/team/", "https://chat.example:8443/team/api/v4"),
        ("http://[::1]:8065", "http://[::1]:8065/api/v4"),
    ],
)
def test_an_address_has_its_port_and_path(url: str, root: str) -> None:
    assert connect(url, TOKEN).client.url == root
