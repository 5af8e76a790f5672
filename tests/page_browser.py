"""A Chromium for tests of pages, with whatever it complains of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from tests.browser import installed
from tests.pages import link_of
from tests.stage import Stage

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@asynccontextmanager
async def chromium(size: dict[str, int] | None = None, **options: Any) -> AsyncIterator[tuple[Page, list[str]]]:
    """Open a page in a new Chromium; give it, and what its console says is wrong."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(installed()), args=["--no-sandbox"])
        context = await browser.new_context(viewport=size or PHONE, **options)  # type: ignore[arg-type]
        page, wrong = await context.new_page(), list[str]()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page, wrong
        await browser.close()


async def comes_in(scene: Stage, page: Page, name: str = "alice", words: str = "open") -> None:
    """Have somebody sign in by a link."""
    link, _ = await link_of(scene, name, words)
    await page.goto(link)
    await page.get_by_role("button", name="Continue as").click()
    await page.wait_for_load_state()


async def serious(page: Page) -> list[str]:
    """Return what axe finds that is serious, with where it is."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{one['id']}: {node['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
