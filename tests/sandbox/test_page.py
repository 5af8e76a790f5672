"""The sandbox's page: its files, its Markdown, and who may act as somebody in it."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox_people import Stage, staged

from sandbox import Sandbox
from sandbox.emoji import EMOJI as KNOWN_EMOJI
from sandbox.page.markdown import EMOJI, render
from sandbox.pages import HINT_EVENT, PAGE, is_loopback, set_hint

TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "a", "span", "code", "pre", "blockquote",
    "ul", "ol", "li", "input", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "href", "title", "target", "rel", "class", "data-name", "role", "aria-label",
    "type", "disabled", "checked", "start",
}  # fmt: skip


@pytest.fixture
async def page_stage() -> AsyncIterator[Stage]:
    async with staged("11.6") as found:
        yield found


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


async def ask(mm: Sandbox, method: str, path: str, body: Any = None, base: str = "", **headers: str) -> Answer:
    data = None if body is None else json.dumps(body)
    address = (base or mm.url) + path
    async with aiohttp.request(method, address, data=data, headers=headers) as reply:
        return Answer(reply.status, await reply.text(), dict(reply.headers))


class Reader(HTMLParser):
    """Notes the tags and attributes of a page, as a browser would read them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "href":
                self.addresses.append(value or "")


def is_safe(page: str) -> bool:
    reader = Reader(page)
    good = all(re.match(r"(?:https?|mailto|tel):|[/#](?!/)", row, re.IGNORECASE) for row in reader.addresses)
    return reader.tags <= TAGS and reader.attributes <= ATTRIBUTES and "<script" not in page.lower() and good


def mention(name: str) -> str:
    return f'<a class="mention" data-name="{name.lower()}">@{name}</a>'


def link(address: str, text: str = "") -> str:
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{text or address}</a>'


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("plain", "<p>plain</p>"),
        ("**bold** *slanted* ~~gone~~", "<p><strong>bold</strong> <em>slanted</em> <s>gone</s></p>"),
        ("one\ntwo", "<p>one<br />\ntwo</p>"),
        ("hi @alice.", f"<p>hi {mention('alice')}.</p>"),
        ("@On_Call-2, @all", f"<p>{mention('On_Call-2')}, {mention('all')}</p>"),
        ("me@example.com `@alice`", "<p>me@example.com <code>@alice</code></p>"),
        ("see ~town-square!", '<p>see <a class="channel" data-name="town-square">~town-square</a>!</p>'),
        ("#sev1 but not #1", '<p><span class="hashtag">#sev1</span> but not #1</p>'),
        (r"\@alice \*no\* \~x \#tag1 \[ ]", "<p>@alice *no* ~x #tag1 [ ]</p>"),
        (":nope: 12:30:45", "<p>:nope: 12:30:45</p>"),
        ("https://a.example/x_y_(z)?a=1&b=2.", f"<p>{link('https://a.example/x_y_(z)?a=1&amp;b=2')}.</p>"),
        ("(http://a.example)", f"<p>({link('http://a.example')})</p>"),
        ("http:// and xhttp://a", "<p>http:// and xhttp://a</p>"),
        ("[run](/team/channels/run-1)", f"<p>{link('/team/channels/run-1', 'run')}</p>"),
        ("[@alice](http://a.example)", f"<p>{link('http://a.example', '@alice')}</p>"),
        ("![cat](http://a.example/cat.png)", f"<p>{link('http://a.example/cat.png', 'cat')}</p>"),
        ("[none]() ![none]()", "<p><a>none</a> </p>"),
        ("<b>&amp;", "<p>&lt;b&gt;&amp;</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_becomes_what_the_clients_show(text: str, page: str) -> None:
    assert render(text).strip() == page


def test_an_emoji_has_its_name_for_those_who_do_not_see_it() -> None:
    sign = '<span class="emoji" role="img" aria-label="tada" title=":tada:">🎉</span>'
    assert render(":tada:").strip() == f"<p>{sign}</p>"
    assert "👍" in render(":+1:")


def test_all_emoji_that_can_be_reactions_can_be_drawn() -> None:
    assert set(EMOJI) == KNOWN_EMOJI


def test_a_task_list_has_boxes_that_nobody_can_click() -> None:
    page = render("- [x] ~~done~~ · @bob\n- [ ] **open**\n- \\[x] no box\n- [x]none")
    assert page.count('<li class="task">') == 2
    assert '<li class="task"><input type="checkbox" disabled checked> <s>done</s> · ' in page
    assert '<li class="task"><input type="checkbox" disabled> <strong>open</strong></li>' in page
    assert "<li>[x] no box</li>" in page


def test_a_table_is_aligned_without_inline_styles() -> None:
    page = render("| a | b |\n|---|--:|\n| @bob | 2 |")
    assert '<td class="align-right">2</td>' in page
    assert f"<td>{mention('bob')}</td>" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x) [y](file:///etc/passwd) [z](//evil.example)",
        '[x](http://a.example/" onmouseover="alert(1))',
        '[x](http://a.example "\\" onclick=\\"alert(1)")',
        '![" onerror="alert(1)](http://a.example/"onload="x)',
        'http://a.example/"onclick="alert(1)',
        "<http://a.example/'onclick='x>",
        "<javascript:alert(1)>",
        '```" onclick="x\n</code></pre><script>alert(1)</script>\n```',
        "- [ ] <input autofocus onfocus=alert(1)>",
        '@alice"onclick=x ~chan"onclick=x #tag"onclick=x :tada"onclick=x:',
        "| <script> |\n|---|\n| <svg/onload=alert(1)> |",
    ],
)
def test_what_could_do_harm_is_text(text: str) -> None:
    assert is_safe(render(text))


_PIECES = st.sampled_from(
    [
        "<script", "<img src=x onerror=a>", "</a>", "[", "](", ")", "!", "javascript:", "data:", "http://",
        "https://a.b/", "@al", "~ch", "#tag", ":tada:", ":", '"', "'", " onclick=x ", "`", "```", "\n", "\n\n",
        "- [x] ", "> ", "| a |\n|--:|\n", "**", "~~", "\\", "&lt;", "&#60;",
    ]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=12), max_size=14).map("".join))
def test_no_text_makes_a_script_or_a_listener(text: str) -> None:
    assert is_safe(render(text))


@given(st.from_regex(r"[A-Za-z0-9 .,!?]*", fullmatch=True))
def test_plain_words_stay_as_they_are(text: str) -> None:
    words = " ".join(text.split())
    page = re.sub(r"<[^>]*>", "", render(words)).strip()
    assert page in (words, re.sub(r"^\d+\. ?", "", words))


async def test_the_page_is_served_with_a_strict_policy(page_stage: Stage) -> None:
    for path in ("/", "/acme/channels/run-1", "/acme/pl/abc", "/acme/messages/@bob"):
        reply = await ask(page_stage.mm, "GET", path)
        assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
        assert "unsafe" not in reply.headers["Content-Security-Policy"]
        assert "<style" not in reply.text
        assert " style=" not in reply.text
        assert not re.search(r"<script(?![^>]* src=)", reply.text)


async def test_every_file_that_the_page_names_is_there(page_stage: Stage) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
    for path in PAGE.iterdir():
        if path.suffix not in kinds:
            continue
        reply = await ask(page_stage.mm, "GET", f"/{path.name}")
        assert (reply.status, reply.headers["Content-Type"].split(";")[0]) == (200, kinds[path.suffix])
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        named = re.findall(r'from "\./([\w.]+)"|(?:href|src)="/([\w.]+)"', reply.text)
        assert all((PAGE / (one or other)).is_file() for one, other in named), path.name
        assert not re.search(r"https?://(?!www\.w3\.org)\w", reply.text), path.name


@pytest.mark.parametrize(
    "name", ["pages.py", "markdown.py", "__init__.py", "emoji.json", "none.js", "..%2fpages.py", "%00.js"]
)
async def test_nothing_else_is_served(page_stage: Stage, name: str) -> None:
    assert (await ask(page_stage.mm, "GET", f"/{name}")).status == 404


async def test_texts_are_rendered_many_at_once(page_stage: Stage) -> None:
    reply = await ask(page_stage.mm, "POST", "/sandbox/render", ["*a*", "<b>", ""])
    assert reply.json == ["<p><em>a</em></p>\n", "<p>&lt;b&gt;</p>\n", ""]


@pytest.mark.parametrize("body", [None, {}, "text", [1], ["a"] * 1001])
async def test_anything_but_a_list_of_texts_is_refused(page_stage: Stage, body: Any) -> None:
    assert (await ask(page_stage.mm, "POST", "/sandbox/render", body)).status == 400


async def test_people_can_be_picked_and_bots_cannot(page_stage: Stage) -> None:
    mm = page_stage.mm
    start = (await ask(mm, "GET", "/sandbox/start")).json
    assert [person["username"] for person in start["people"]] == ["alice", "bob", "admin"]
    assert [person["admin"] for person in start["people"]] == [False, False, True]
    assert start["version"] == "11.6.0"
    reply = await ask(mm, "POST", "/sandbox/login/alice")
    assert "Set-Cookie" not in reply.headers
    me = await ask(mm, "GET", "/api/v4/users/me", Authorization=f"Bearer {reply.json['token']}")
    assert me.json["id"] == page_stage.alice.id
    for nobody in ("pb", "unknown"):
        assert (await ask(mm, "POST", f"/sandbox/login/{nobody}")).status == 404


async def test_a_person_keeps_the_token_until_it_ends(page_stage: Stage) -> None:
    mm = page_stage.mm
    first = (await ask(mm, "POST", "/sandbox/login/alice")).json["token"]
    assert (await ask(mm, "POST", "/sandbox/login/alice")).json["token"] == first
    await ask(mm, "POST", "/api/v4/users/logout", Authorization=f"Bearer {first}")
    assert (await ask(mm, "POST", "/sandbox/login/alice")).json["token"] != first


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sandbox/login/alice"), ("GET", "/sandbox/start"), ("POST", "/sandbox/render")]
)
@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Host": "["}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
async def test_pages_from_elsewhere_are_refused(
    page_stage: Stage, method: str, path: str, headers: dict[str, str]
) -> None:
    reply = await ask(page_stage.mm, method, path, **headers)
    assert reply.status == 403
    assert "token" not in reply.text


async def test_the_own_page_may_ask(page_stage: Stage) -> None:
    mm = page_stage.mm
    assert (await ask(mm, "POST", "/sandbox/login/alice", Origin=mm.url)).status == 200


async def test_another_machine_cannot_log_in() -> None:
    address = await asyncio.to_thread(_outer_address)
    if is_loopback(address):
        pytest.skip("this machine has no address but loopback")
    async with Sandbox(host="0.0.0.0") as mm:
        port = mm.url.rpartition(":")[2]
        base = f"http://{address}:{port}"
        reply = await ask(mm, "POST", "/sandbox/login/admin", base=base, Host=f"localhost:{port}")
        assert reply.status == 403
        assert (await ask(mm, "POST", "/sandbox/login/admin", base=f"http://127.0.0.1:{port}")).status == 200


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True), ("localhost", True),
        ("10.0.0.1", False), ("::ffff:10.0.0.1", False), ("0.0.0.0", False), ("", False),
        ("localhost.evil.example", False),
    ],
)  # fmt: skip
def test_only_loopback_is_the_machine_itself(host: str, own: bool) -> None:
    assert is_loopback(host) is own


async def test_a_hint_is_shown_on_start_and_in_open_pages(page_stage: Stage) -> None:
    mm = page_stage.mm
    assert (await ask(mm, "GET", "/sandbox/start")).json["hint"] == ""
    async with page_stage.alice.listen() as ears:
        set_hint(mm.world, "Type `help`")
        assert (await ears.next(HINT_EVENT))["data"] == {"hint": "Type `help`"}
    assert (await ask(mm, "GET", "/sandbox/start")).json["hint"] == "Type `help`"


async def test_a_hint_can_be_a_setting() -> None:
    async with Sandbox(config={"Sandbox": {"Hint": "Say hello"}}) as mm:
        assert (await ask(mm, "GET", "/sandbox/start")).json["hint"] == "Say hello"


def _outer_address() -> str:
    """Return the address that this machine would use to reach others; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
