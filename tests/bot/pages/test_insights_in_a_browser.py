"""The page of insights in a real browser: its picture is drawn, it fits a phone, and axe finds nothing serious."""

from pathlib import Path
from typing import Any

import pytest
from browser import installed
from page_browser import DESKTOP, PHONE, chromium, comes_in, serious
from pages import pages
from stage import stage
from stories.test_insights import book, remembers

pytestmark = pytest.mark.skipif(installed() is None, reason="there is no browser")
DRAWN = "document.querySelector('img.picture').complete && document.querySelector('img.picture').naturalWidth > 0"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WAYS: list[tuple[dict[str, int], dict[str, Any]]] = [
    (PHONE, {"color_scheme": "light"}),
    (DESKTOP, {"color_scheme": "dark"}),
    (PHONE, {"java_script_enabled": False}),
]


async def test_the_page_is_read_on_a_phone_and_on_a_screen_with_and_without_scripts(tmp_path: Path) -> None:
    async with stage(tmp_path, [book()], pages=pages()) as scene:
        await remembers(scene)
        for size, way in WAYS:
            async with chromium(size, **way) as (page, wrong):
                await comes_in(scene, page)
                for address in ("/insights/outage?time=all&by=service", "/insights?time=soon"):
                    await page.goto(f"{scene.config.pages.url}{address}")
                    await page.wait_for_load_state("networkidle")
                    if "java_script_enabled" not in way:
                        assert await serious(page) == []
                    assert not await page.evaluate(TOO_WIDE)
                    if "outage" in address:
                        await page.locator("img.picture").scroll_into_view_if_needed()
                        await page.wait_for_function(DRAWN)
                        assert await page.locator("th", has_text="Until finished").first.is_visible()
                assert wrong == []
