"""The page in a real browser: the demo's steps as they are printed, and what the web client does with messages."""

import json
import re
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from browser import Tab, browser
from stage import ADMIN

from bot.demo.stand import HINT
from bot.demo.tour import SAID
from bot.demo.world import Acme, acme
from sandbox import Sandbox
from sandbox.human import Human
from sandbox.pages import set_hint

DESKTOP, PHONE = (1280, 900), (390, 844)
COMPOSE = "document.querySelector('#compose textarea')"
LABEL = "✓ 1.1 Announce the window to customers, partners and on-call"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tab]:
    async with browser(tmp_path_factory.mktemp("browser")) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def world(tmp_path: Path) -> AsyncIterator[Acme]:
    async with acme(tmp_path) as made:
        set_hint(made.sandbox.world, HINT)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mm() -> AsyncIterator[Sandbox]:
    async with Sandbox(admin=ADMIN) as made, Human(made.url, *ADMIN) as admin:
        await admin.rest("POST", "/teams", {"name": "ops", "display_name": "Operations", "type": "O"})
        yield made


def with_text(selector: str, text: str) -> str:
    """Return the last element whose text holds something."""
    return f"[...document.querySelectorAll('{selector}')].findLast(one => one.textContent.includes({json.dumps(text)}))"


async def says(tab: Tab, text: str) -> None:
    await tab.click(COMPOSE)
    await tab.write(text)
    await tab.enter()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_steps_of_the_demo_work_as_they_are_printed(tab: Tab, world: Acme, size: tuple[int, int]) -> None:
    """`HINT` is what is printed, and what the page shows."""
    await tab.open(world.sandbox.url, *size)
    code = with_text("#hint code", SAID)
    await tab.sees(COMPOSE)
    await tab.click(code)
    assert await tab.run(f"{COMPOSE}.value") == SAID
    await tab.enter()
    await tab.click(with_text(".thread-foot", "1 reply"))
    await tab.click(with_text("#panel .action", "Start run"))
    await tab.click("document.querySelector('dialog textarea')")
    await tab.write("Nobody can pay.")
    await tab.click(with_text("dialog button", "Start run"))
    link = with_text("#panel .attachment a", "Checkout is down")
    await tab.sees(with_text("#panel .attachment", "started"))
    await tab.click(link)
    await tab.sees("document.querySelector('#head h1').textContent === 'Checkout is down'")
    await tab.sees(with_text("#posts .attachment-title", "Checkout is down"))
    await says(tab, "/playbook help")
    answer = "document.querySelector('#posts .secret')"
    await tab.sees(answer)
    in_sight = f"(box => box.top >= 0 && box.top < innerHeight)({answer}.getBoundingClientRect())"
    assert await tab.sees(in_sight)


async def test_a_badge_counts_each_mention_once_even_where_the_channel_is_loaded_meanwhile(
    tab: Tab, mm: Sandbox
) -> None:
    async with Human(mm.url, *ADMIN) as admin:
        (team,) = await admin.rest("GET", "/users/me/teams")
        bob = {"username": "bob", "email": "bob@example.com", "password": "Some-pass-2026"}
        made = await admin.rest("POST", "/users", bob)
        await admin.rest("POST", f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": made["id"]})
        await tab.open(f"{mm.url}/#{ADMIN[0]}/town-square", *DESKTOP)
        await tab.sees(with_text("#posts .notice", "bob"))
        async with Human(mm.url, "bob", bob["password"]) as other:
            body = {"team_id": team["id"], "name": "war-room", "display_name": "War room", "type": "O"}
            channel = await other.rest("POST", "/channels", body)
            await other.rest("POST", f"/channels/{channel['id']}/members", {"user_id": admin.id})
            for number in range(5):
                await other.say(channel["id"], f"@{ADMIN[0]} {number}")
            town = await admin.rest("GET", f"/teams/{team['id']}/channels/name/town-square")
            await other.say(town["id"], "That was all.")
        await tab.sees(with_text("#posts .post", "That was all."))
        member = await admin.rest("GET", f"/channels/{channel['id']}/members/{admin.id}")
    shown = await tab.sees(f"{with_text('#channels a', 'War room')}?.querySelector('.badge')?.textContent")
    assert shown == str(member["mention_count"]) == "6"


async def show(tab: Tab, mm: Sandbox, size: tuple[int, int], attachment: dict[str, Any], message: str = "") -> None:
    """Post an attachment into a channel of its own, and open that."""
    async with Human(mm.url, *ADMIN) as admin:
        (team,) = await admin.rest("GET", "/users/me/teams")
        body = {"team_id": team["id"], "name": f"c{len(mm.channels)}", "display_name": "C", "type": "O"}
        channel = await admin.rest("POST", "/channels", body)
        await admin.rest(
            "POST", "/posts", {"channel_id": channel["id"], "message": message, "props": {"attachments": [attachment]}}
        )
    await tab.open(f"{mm.url}/#{ADMIN[0]}/{channel['name']}", *size)
    await tab.sees("document.querySelector('.attachment')")


def _png(width: int, height: int) -> bytes:
    """Return a picture of one grey."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    lines = zlib.compress(b"".join(b"\x00" + b"\xc0" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", lines) + part(b"IEND", b"")


PIXELS = _png(900, 400)
BOX = "(one => (box => [Math.round(box.left), Math.round(box.right)])(one.getBoundingClientRect()))"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_text_over_200_pixels_is_folded_and_a_field_is_not(
    tab: Tab, mm: Sandbox, size: tuple[int, int]
) -> None:
    lines = "\n".join(f"- [ ] **1.{number}** Task" for number in range(1, 21))
    await show(tab, mm, size, {"text": lines, "fields": [{"title": "Tasks", "value": lines, "short": False}]})
    more = with_text(".attachment .fold-line button", "Show more")
    await tab.sees(f"({more})?.offsetHeight")
    assert await tab.run("document.querySelector('.attachment .fold-inside').offsetHeight") == 200
    assert await tab.run("document.querySelector('.field').offsetHeight") > 300
    await tab.click(more)
    assert await tab.sees("document.querySelector('.attachment .fold-inside').offsetHeight > 300")
    await tab.sees(with_text(".attachment .fold-line button", "Show less"))


async def test_a_short_text_is_not_folded_and_a_long_message_is(tab: Tab, mm: Sandbox) -> None:
    await show(tab, mm, PHONE, {"text": "One line"}, "word " * 600)
    await tab.sees(f"({with_text('.post-body > .fold > .fold-line button', 'Show more')})?.offsetHeight")
    assert await tab.run("document.querySelector('.post-body > .fold > .fold-inside').offsetHeight") == 600
    assert await tab.run("document.querySelector('.attachment .fold-line').hidden") is True


async def test_a_title_shows_words_and_links_alone(tab: Tab, mm: Sandbox) -> None:
    title = "**2** &#42; *3* ~town-square `x` [began](http://127.0.0.1:1/x) @admin"
    await show(tab, mm, DESKTOP, {"title": title})
    await tab.sees("document.querySelector('.attachment-title').textContent.startsWith('2 * 3 ~town-square x began')")
    assert await tab.run("[...document.querySelectorAll('.attachment-title *')].map(one => one.tagName)") == ["A"]


async def test_labels_do_not_wrap_and_burst_their_button_on_a_phone(tab: Tab, mm: Sandbox) -> None:
    integration = {"url": "http://127.0.0.1:1/", "context": {}}
    names = ["✓ 1.1 Announce the window to cus", LABEL]
    actions: list[dict[str, Any]] = [{"id": f"b{n}", "type": "button", "name": one} for n, one in enumerate(names)]
    menu = {"id": "m", "type": "select", "name": "Any task…", "options": [{"text": "A", "value": "a"}]}
    actions = [action | {"integration": integration} for action in (*actions, menu)]
    buttons = "[...document.querySelectorAll('.actions > .action')]"
    overflows = f"{buttons}.map(one => one.scrollWidth > one.clientWidth)"
    await show(tab, mm, PHONE, {"text": "x", "actions": actions})
    assert await tab.run(overflows) == [False, True]
    assert await tab.run(f"{buttons}.map(one => one.offsetHeight)") == [32, 32]
    assert await tab.run("document.querySelector('.actions .combobox').offsetWidth") == 220
    await show(tab, mm, DESKTOP, {"text": "x", "actions": actions})
    assert await tab.run(overflows) == [False, False]
    # A menu stands flush against the button before it.
    await show(tab, mm, DESKTOP, {"text": "x", "actions": [actions[0], actions[-1]]})
    last = await tab.run(f"{BOX}({buttons}[0])")
    after = await tab.run(f"{BOX}(document.querySelector('.combobox'))")
    assert last[1] == after[0]


async def test_short_fields_touch_on_a_phone_and_a_long_one_has_the_line(tab: Tab, mm: Sandbox) -> None:
    fields = [{"title": name, "value": "x", "short": name != "Roles"} for name in ("Tasks", "Next", "Roles", "State")]
    await show(tab, mm, PHONE, {"fields": fields, "footer": "started by @admin"})
    tasks, following, roles, state = await tab.run(f"[...document.querySelectorAll('.field')].map({BOX})")
    assert tasks[1] == following[0]
    assert (roles[0], roles[1]) == (tasks[0], following[1])
    assert (state[0], state[1]) == (tasks[0], following[1])
    assert await tab.sees("document.querySelector('.attachment-footer .mention.me')?.textContent") == "@admin"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_picture_is_shown_within_its_message_and_another_file_by_its_name(
    tab: Tab, mm: Sandbox, size: tuple[int, int]
) -> None:
    async with Human(mm.url, *ADMIN) as admin:
        (team,) = await admin.rest("GET", "/users/me/teams")
        admin.team_id = team["id"]
        channel = await admin.channel("town-square")
        posted = [await admin.upload(channel["id"], name, what) for name, what in (("a.png", PIXELS), ("a.md", b"# A"))]
        await admin.say(channel["id"], "Figures", file_ids=[one["id"] for one in posted])
    await tab.open(f"{mm.url}/#{ADMIN[0]}/town-square", *size)
    assert await tab.sees("[...document.querySelectorAll('.picture img')].at(-1)?.naturalWidth") == 900
    left, right = await tab.run(f"{BOX}([...document.querySelectorAll('.picture img')].at(-1))")
    assert (left > 0, right <= size[0]) == (True, True)
    await tab.sees(with_text(".file", "a.md"))


async def test_readme_terminal_and_page_say_the_same() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    quoted = " ".join(re.findall(r"(?m)^> (.*)$", readme))
    assert HINT in quoted
    assert SAID in HINT
