"""A file is uploaded on a page: its plan is shown first, and by a press all that it says is done."""

import json
from pathlib import Path

import aiohttp
from mattermost_files import EXAMPLE, example, of_2022
from page_browser import DESKTOP, PHONE, chromium, comes_in, serious
from pages import Browser, Seen, browser, let_in, pages
from scenes import QUICK
from stage import stage

from handlers.exchange.files import MOST_BYTES


async def upload(mine: Browser, content: bytes, name: str = "drill.json") -> Seen:
    """Upload a file as a browser does; return the page that follows."""
    form = (await mine.get("/playbooks/import")).form("book.import")
    data = aiohttp.FormData(form.fields)
    data.add_field("file", content, filename=name, content_type="application/json")
    return await mine.ask("POST", form.action, data=data, headers={"Origin": mine.url})


async def test_a_file_is_uploaded_looked_at_and_imported(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        plan = await upload(mine, EXAMPLE.read_bytes())
        assert "1 to create, 0 to update, 0 to skip" in plan.words
        assert "its commands are only handed over" in plan.words
        done = await mine.send(plan.form("import.do"))
        assert done.url.endswith("/playbooks/database-failover-drill")
        assert "is imported" in done.words
        assert "/echo drill $WINDOW begins" in done.words
        confirmed = await mine.send(done.form("book.confirm"))
        assert "so a system administrator confirms them" in confirmed.words
        assert "are off until" in confirmed.words
        assert (await mine.get(plan.url)).status == 404


async def test_a_conflict_is_settled_on_the_page_and_a_page_sent_twice_counts_once(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await upload(mine, json.dumps(of_2022()).encode())).form("import.do")
        assert "is imported" in (await mine.send(form)).words
        assert "is imported" not in (await mine.send(form)).words
        plan = await upload(mine, json.dumps(of_2022() | {"description": "Changed"}).encode())
        assert "1 conflict" in plan.words
        plan = await mine.send(plan.form("import.settle"), on_conflict="new-version")
        assert "a new version" in plan.words
        assert "has a new version 2" in (await mine.send(plan.form("import.do"))).words


async def test_what_cannot_be_read_is_said_beside_the_file(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        assert "is no JSON" in (await upload(mine, b"{no")).words
        assert "is neither JSON nor text" in (await upload(mine, b"\xff\x00\xfe")).words
        assert "Choose a file first" in (await upload(mine, b"")).words
        assert "larger than 5 MB" in (await upload(mine, b"{" + b" " * MOST_BYTES + b"}")).words
        assert (await upload(mine, b" " * 7_000_000)).status == 413


async def test_of_whoever_is_not_signed_in_no_file_is_read(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        data = b"no form at all"
        sent = {"Origin": mine.url, "Content-Type": "multipart/form-data; boundary=x"}
        seen = await mine.ask("POST", "/act/book.import", data=data, headers=sent)
        assert seen.status == 401
        await let_in(scene, mine)
        assert (await mine.ask("POST", "/act/book.import", data=data, headers=sent)).status == 400


async def test_an_import_is_nobody_elses(tmp_path: Path) -> None:
    async with (
        stage(tmp_path, [QUICK], pages=pages()) as scene,
        browser(scene.config.pages.url) as mine,
        browser(scene.config.pages.url) as theirs,
    ):
        await let_in(scene, mine)
        await let_in(scene, theirs, "bob")
        plan = await upload(mine, json.dumps(example()).encode())
        assert (await theirs.get(plan.url)).status == 404
        assert "forgotten" in (await mine.send(plan.form("import.drop"))).words
        assert (await mine.get(plan.url)).status == 404


async def test_it_works_in_a_browser_on_a_phone_and_on_a_screen(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene:
        for size, name in ((PHONE, "alice"), (DESKTOP, "bob")):
            async with chromium(size) as (page, wrong):
                await comes_in(scene, page, name)
                await page.goto(f"{scene.config.pages.url}/playbooks")
                await page.get_by_role("link", name="Import").click()
                await page.get_by_label("The file").set_input_files(str(EXAMPLE))
                await page.get_by_role("button", name="Show what would be done").click()
                await page.get_by_role("heading", name="What the import would do").wait_for()
                assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
                assert await serious(page) == []
                if name == "alice":
                    await page.get_by_role("button", name="Import").click()
                    await page.get_by_role("heading", name="Database failover drill").first.wait_for()
                else:
                    assert await page.get_by_text("it is here already").is_visible()
                assert wrong == []
