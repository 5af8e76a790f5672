"""What holds for all requests and answers of the pages: heads, other sites, the long and the slow."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages import browser, let_in, link_of, pages
from stage import SOON, empty_stage, stage
from structlog.testing import capture_logs

from bot.app import running
from bot.doors.doorway import Limits
from bot.pages.address import Address
from bot.pages.cookies import Cookies
from bot.pages.forms import MAX_BODY
from bot.pages.guard import comes_from_here, is_for

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


async def test_every_answer_says_what_a_browser_may_do_with_it(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        link, _ = await link_of(scene)
        answers = [await mine.get(path) for path in ("/runs", link, "/in", "/nothing", "/in/old")]
        await let_in(scene, mine)
        answers += [await mine.get(path) for path in ("/runs", "/settings", "/nothing")]
        for seen in answers:
            assert seen.headers["Content-Security-Policy"] == POLICY
            assert seen.headers["Referrer-Policy"] == "same-origin"
            assert seen.headers["Cache-Control"] == "no-store"
            assert seen.headers["X-Content-Type-Options"] == "nosniff"
            assert seen.headers["X-Frame-Options"] == "DENY"
            assert seen.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "style=" not in seen.text
            assert " onclick" not in seen.text


async def test_files_may_be_kept_since_their_names_change_with_them(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        page = await mine.get("/in")
        names = [part.split('"')[0] for part in page.text.split("/static/")[1:]]
        assert {name.split("-")[0] for name in names} == {"pages", "icon"}
        for name in names:
            file = await mine.get(f"/static/{name}")
            assert file.status == 200
            assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        for name in ("pages.css", "..%2fbase.html.j2", "%2e%2e/base.html.j2", "pages-000000000000.css"):
            assert (await mine.get(f"/static/{name}")).status == 404


async def test_what_there_is_for_machines_is_not_served_there(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        for path in ("/metrics", "/healthz", "/hooks/healthz", "/hooks/actions"):
            assert (await mine.get(path)).status == 404
        for path in ("/hooks/actions", "/runs"):
            assert (await mine.ask("POST", path, data={})).status in (404, 405)


async def test_a_forged_form_does_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        page = await mine.get("/settings")
        form = next(one for one in page.forms if one.fields.get("which") == "daily")
        async with browser(scene.config.pages.url) as bobs:
            await let_in(scene, bobs, "bob")
            theirs = (await bobs.get("/settings")).forms[0].fields["form"]
        forged = [
            await mine.send(form, headers={"Origin": "https://evil.example"}),
            await mine.send(form, headers={"Origin": "null"}),
            await mine.send(form, form=""),
            await mine.send(form, form="0" * 64),
            await mine.send(form, form=theirs),
            await mine.ask("POST", form.action, data=form.fields, headers={"Sec-Fetch-Site": "cross-site"}),
            await mine.send((await mine.get("/settings")).form("Sign out here"), form=theirs),
        ]
        assert [one.status for one in forged] == [403] * 7
        kept = await scene.bot.desk.ask(lambda store: store.settings(scene.alice.id))
        assert kept.daily is True
        assert "was not done" in forged[0].words
        # Without what browsers say of themselves the token of the form is enough.
        assert (await mine.ask("POST", form.action, data=form.fields)).status == 200


async def test_a_form_of_the_way_in_is_for_the_browser_that_asked_for_it(tmp_path: Path) -> None:
    async with (
        stage(tmp_path, pages=pages()) as scene,
        browser(scene.config.pages.url) as mine,
        browser(scene.config.pages.url) as attackers,
    ):
        link, _ = await link_of(scene, "bob")
        form = (await attackers.get(link)).forms[0]
        await mine.get("/in")
        assert (await mine.send(form)).status == 403
        assert "muster-session" not in mine.cookies


async def test_another_name_of_this_machine_is_answered_with_the_right_one(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        seen = await mine.ask("GET", "/in", headers={"Host": "rebound.example"})
        assert seen.status == 421
        assert scene.config.pages.url in seen.text
        assert "rebound" not in seen.text


async def test_a_body_that_is_too_long_is_refused_in_words(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await mine.get("/settings")).forms[1]
        long = await mine.send(form, state="x" * MAX_BODY)
        assert long.status == 413
        assert "too long" in long.words


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded; charset=bogus",
        "application/x-www-form-urlencoded; charset=idna",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=" + "x" * 200,
    ],
)
async def test_what_is_no_form_is_refused_and_no_fault(tmp_path: Path, kind: str) -> None:
    with capture_logs() as logged:
        async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
            for path in ("/act/x", "/in", "/in/x", "/out"):
                for data in (b"a=%ff\xff", b"--x\r\nbroken", b"--x\r\n\r\n--x--"):
                    sent = await mine.ask("POST", path, data=data, headers={"Content-Type": kind})
                    assert 400 <= sent.status < 500, (path, data, sent.text)
            for address in ("/playbooks/%00", "/runs?owner=%00"):
                assert (await mine.get(address)).status == 404
            for name in ("muster-session", "muster-visit"):
                strange = await raw(scene.config.pages.url, f"GET /runs HTTP/1.1\r\nCookie: {name}=\xff\xfe")
                assert strange.startswith(b"HTTP/1.1 401")
    assert [one for one in logged if one["log_level"] in ("error", "critical")] == []


async def raw(url: str, head: str) -> bytes:
    """Send a request as it is, and return the beginning of its answer."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"{head}\r\nHost: {parts.netloc}\r\n\r\n".encode("latin-1"))
    async with asyncio.timeout(5):
        found = await reader.read(100)
    writer.close()
    return found


async def test_a_slow_client_gives_way(tmp_path: Path) -> None:
    async with (
        empty_stage(tmp_path, pages=pages()) as scene,
        running(scene.config, patience=SOON, limits=Limits(head=0.2, body=0.2)),
        browser(scene.config.pages.url) as mine,
    ):
        parts = urlsplit(scene.config.pages.url)
        head = f"POST /in HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 100\r\n"
        for said, answer in ((b"GET /in HT", b""), (f"{head}\r\nhalf".encode(), b"HTTP/1.1 408")):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(said)
            async with asyncio.timeout(5):
                assert (await reader.read())[: len(answer) or None] == answer
            writer.close()
        assert (await mine.get("/in")).status == 200


class Request:
    """A request, as far as its head says where it goes and where it comes from."""

    def __init__(self, host: str = "", **headers: str) -> None:
        self.host = host
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


PAGES = Address("https://playbooks.example.com/muster")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("playbooks.example.com", True),
        ("Playbooks.Example.com:443", True),
        ("playbooks.example.com:8647", False),
        ("playbooks.example.com.evil.example", False),
        ("127.0.0.1:8647", False),
        ("", False),
    ],
)
def test_hosts(host: str, is_ours: bool) -> None:
    assert is_for(Request(host), PAGES) is is_ours  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({}, True),
        ({"Origin": "https://playbooks.example.com"}, True),
        ({"Origin": "https://playbooks.example.com", "Sec_Fetch_Site": "same-origin"}, True),
        ({"Origin": "http://playbooks.example.com"}, False),
        ({"Origin": "https://chat.example.com"}, False),
        ({"Origin": "null"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
    ],
)
def test_where_a_form_comes_from(headers: dict[str, str], is_ours: bool) -> None:
    assert comes_from_here(Request(**headers), PAGES) is is_ours  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "cookie"),
    [
        ("https://p.example.com", "__Host-muster-session=s; HttpOnly; Max-Age=60; Path=/; SameSite=Lax; Secure"),
        ("https://p.example.com/m", "__Secure-muster-session=s; HttpOnly; Max-Age=60; Path=/m; SameSite=Lax; Secure"),
        ("http://127.0.0.1:8647", "muster-session=s; HttpOnly; Max-Age=60; Path=/; SameSite=Lax"),
    ],
)
def test_cookies_are_secure_where_the_address_is(url: str, cookie: str) -> None:
    from aiohttp import web

    response = web.Response()
    Cookies(Address(url)).put(response, "session", "s", 60)
    assert [one.OutputString() for one in response.cookies.values()] == [cookie]
