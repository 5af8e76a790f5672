"""What is sent is signed as Standard Webhooks says; what an address answers is told apart."""

import asyncio
import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from standardwebhooks import Webhook

from bot.webhooks.guard import Guard
from bot.webhooks.sender import READ_AT_MOST, Sender, headers
from store import new_secret
from tests.bot.webhooks.receiver import Receiver, receiving

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SECRET = new_secret()
HERE = Guard(["127.0.0.0/8"])


async def sent(receiver: Receiver, guard: Guard = HERE, seconds: float = 5, url: str = ""):
    sender = Sender(guard, timeout=aiohttp.ClientTimeout(total=seconds))
    return await sender.send(url or receiver.url, "msg_1", '{"type":"run.started"}', [SECRET], NOW)


def test_the_test_vector_of_the_specification() -> None:
    """As it stands in the specification's own reference tests, signed at 1614265330."""
    at = datetime.fromtimestamp(1614265330, UTC)
    made = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], at
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert made["webhook-timestamp"] == "1614265330"
    assert made["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_for_a_day_both_secrets_sign() -> None:
    both = headers("msg_1", "{}", [SECRET, new_secret()], NOW)["webhook-signature"].split(" ")
    assert both[0] == headers("msg_1", "{}", [SECRET], NOW)["webhook-signature"]
    assert len(both) == 2


async def test_what_arrives_is_verified_by_the_specification_alone() -> None:
    """Worked out here by hand, from the words of the specification and the standard library."""
    async with receiving(Receiver()) as receiver:
        answer = await sent(receiver)
    assert (answer.status, answer.why) == (200, "")
    ((head, body),) = receiver.got
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    assert head["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert head["Content-Type"] == "application/json"
    assert body == b'{"type":"run.started"}'


async def test_a_receivers_library_takes_what_is_sent_now() -> None:
    async with receiving(Receiver()) as receiver:
        await Sender(HERE).send(receiver.url, "msg_1", '{"a": 1}', [SECRET], datetime.now(UTC))
    ((head, body),) = receiver.got
    assert Webhook(SECRET).verify(body, head) == {"a": 1}


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_only_what_is_taken_counts(status: int) -> None:
    async with receiving(Receiver([status])) as receiver:
        assert (await sent(receiver)).why == ""


@pytest.mark.parametrize(("status", "why"), [(400, "status"), (404, "status"), (410, "status"), (500, "status")])
async def test_any_other_answer_is_a_failure(status: int, why: str) -> None:
    async with receiving(Receiver([status])) as receiver:
        answer = await sent(receiver)
    assert (answer.status, answer.why) == (status, why)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_not_followed(status: int) -> None:
    async with receiving(Receiver()) as inside, receiving(Receiver([status])) as receiver:
        receiver.headers = {"Location": inside.url}
        answer = await sent(receiver)
    assert (answer.status, answer.why) == (status, "redirect")
    assert inside.got == []


async def test_an_address_that_never_answers_is_given_up() -> None:
    async with receiving(Receiver()) as receiver:
        receiver.gate.clear()
        answer = await sent(receiver, seconds=0.2)
    assert (answer.status, answer.why) == (None, "timeout")


async def test_an_address_that_sends_byte_after_byte_is_given_up() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answer = await sent(Receiver(), seconds=0.3, url=f"http://127.0.0.1:{port}/")
    assert answer.why == ""
    assert answer.took_ms < 5000


async def test_of_ten_megabytes_little_is_read() -> None:
    async with receiving(Receiver(body=b"x" * 10_000_000)) as receiver:
        answer = await sent(receiver)
    assert (answer.status, answer.why) == (200, "")
    assert READ_AT_MOST < 100_000


async def test_nobody_there_is_told() -> None:
    async with receiving(Receiver()) as receiver:
        url = receiver.url
    assert (await sent(receiver, url=url)).why == "unreachable"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "127.1", "2130706433", "169.254.169.254"]
)
async def test_the_private_network_is_never_reached(host: str) -> None:
    async with receiving(Receiver()) as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        answer = await sent(receiver, Guard(), url=f"http://{host}:{port}/hook")
    assert answer.why in ("private", "unreachable")
    assert receiver.got == []
    if host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "169.254.169.254"):
        assert answer.why == "private"


@pytest.mark.parametrize("host", ["１２７.0.0.1", "127。0。0。1", "127．0．0．1", "①②⑦.0.0.1", "１６９.254.169.254"])
async def test_digits_and_full_stops_of_other_scripts_lead_nowhere_else(host: str) -> None:
    async with receiving(Receiver()) as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        answer = await sent(receiver, Guard(), url=f"http://{host}:{port}/hook")
    assert answer.why == "private"
    assert receiver.got == []


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 14:05:00 GMT", 300),
        ("Mon, 23 Nov 2026 13:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
    ],
)
async def test_when_to_come_again_is_read(said: str, seconds: float | None) -> None:
    async with receiving(Receiver([503], {"Retry-After": said})) as receiver:
        assert (await sent(receiver)).retry_after == seconds


async def test_nothing_of_a_proxy_in_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with receiving(Receiver()) as receiver:
        assert (await sent(receiver)).why == ""
        assert timedelta(milliseconds=(await sent(receiver)).took_ms) < timedelta(seconds=5)
