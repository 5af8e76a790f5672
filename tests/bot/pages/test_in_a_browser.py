"""The frame of the pages, and a retrospective, in a real browser: followed, saved meanwhile, fit for phones."""

from pathlib import Path

import pytest
from page_browser import DESKTOP, PHONE, chromium, comes_in, serious
from pages import pages
from playwright.async_api import Page, expect
from scenes import QUICK, settled, started
from stage import Stage, stage

from bot.directory.retry import Patience
from bot.pages import live

BOOK = QUICK | {"retrospective": {"enabled": True}}
HERE = "/runs/1/retrospective"


async def over(scene: Stage) -> str:
    """Let a run be over; return its channel."""
    channel = await started(scene)
    await scene.alice.command(channel, f"/{scene.trigger} finish now")
    await settled(scene)
    return channel


async def text_of(scene: Stage) -> str:
    return await scene.bot.desk.ask(lambda store: store.retro_sections(1)[0].text)


async def test_what_happens_elsewhere_appears_while_somebody_writes(tmp_path: Path) -> None:
    async with stage(tmp_path, [BOOK], pages=pages()) as scene, chromium() as (page, wrong):
        channel = await over(scene)
        await comes_in(scene, page, words=f"open {HERE}")
        await page.locator("#review textarea").fill("half a sentence")
        await page.locator("#comment-1 summary").click()
        await page.locator("#comment-1 textarea").fill("half a comment")
        await scene.alice.command(channel, f"/{scene.trigger} retro comment It was the cache")
        await expect(page.locator("#readers")).to_contain_text("It was the cache")
        await scene.alice.command(channel, f"/{scene.trigger} retro 2 Nobody looked")
        await expect(page.locator("#section-2")).to_contain_text("Nobody looked")
        await expect(page.locator("#comment-1 textarea")).to_have_value("half a comment")
        await expect(page.locator("#review textarea")).to_have_value("half a sentence")
        # What was sent here stays where it was, too.
        await page.locator("#comment-1 button").click()
        await expect(page.locator("#section-1")).to_contain_text("half a comment")
        await expect(page.locator("#review textarea")).to_have_value("half a sentence")
        assert wrong == []


async def test_what_is_written_is_saved_meanwhile_and_never_lost(tmp_path: Path) -> None:
    async with stage(tmp_path, [BOOK], pages=pages()) as scene, chromium() as (page, _):
        channel = await over(scene)
        await comes_in(scene, page, words=f"open {HERE}/1")
        field, told = page.locator("#text"), page.locator("#autosave")
        await field.fill("The first words")
        await expect(told).to_have_text("Not saved yet…")
        await expect(told).to_have_text("Saved")
        assert await text_of(scene) == "The first words"
        await page.context.set_offline(True)
        await field.fill("The first words, and more")
        await expect(told).to_contain_text("no way to the server")
        await expect(field).to_have_value("The first words, and more")
        await page.context.set_offline(False)
        await page.locator("button[value=save]").click()
        await expect(page.locator("#told")).to_contain_text("is written")
        assert await text_of(scene) == "The first words, and more"
        await field.fill("Mine alone")
        await scene.alice.command(channel, f"/{scene.trigger} retro 1 And theirs")
        await expect(told).to_contain_text("Somebody else has saved this meanwhile")
        await page.locator("button[value=save]").click()
        await expect(page.locator("#theirs")).to_contain_text("And theirs")
        await expect(page.locator("#text")).to_have_value("Mine alone")
        await page.locator("button[value=both]").click()
        await expect(page.locator("#told")).to_contain_text("is written")
        assert await text_of(scene) == "The first words, and more\nAnd theirs\n\nMine alone"


async def test_a_full_disk_is_told_while_somebody_writes(tmp_path: Path) -> None:
    def filled(store: object) -> None:
        connection = store.session.connection()  # type: ignore[attr-defined]
        count = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={count}")

    def emptied(store: object) -> None:
        store.session.connection().exec_driver_sql("PRAGMA max_page_count=100000")  # type: ignore[attr-defined]

    async with stage(tmp_path, [BOOK], pages=pages()) as scene, chromium() as (page, _):
        await over(scene)
        await comes_in(scene, page, words=f"open {HERE}/1")
        await scene.bot.desk.ask(filled)
        long = "so many words that they need room " * 300
        await page.locator("#text").fill(long)
        await expect(page.locator("#autosave")).to_contain_text("disk that the database is on is full")
        await expect(page.locator("#text")).to_have_value(long)
        await Patience().insist(lambda: scene.bot.desk.ask(emptied))
        await page.locator("button[value=save]").click()
        await expect(page.locator("#told")).to_contain_text("is written")
        assert await text_of(scene) == long.strip()


async def test_a_page_says_that_its_session_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CHECKED_EVERY", 0.5)
    async with stage(tmp_path, [BOOK], pages=pages()) as scene, chromium() as (page, _):
        await started(scene)
        await comes_in(scene, page, words=f"open {HERE}")
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} settings sign out")
        await expect(page.locator("#over")).to_be_visible()
        await expect(page.locator("#over")).to_contain_text("not signed in here any more")


async def looks_well(page: Page) -> list[str]:
    """Return what is wrong with a page: for whoever cannot see it, and for who has to push it to the side."""
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*await serious(page), *([f"{page.url} is too wide"] if wide else [])]


async def test_pages_are_fit_for_phones_dark_rooms_and_screen_readers(tmp_path: Path) -> None:
    async with stage(tmp_path, [BOOK], pages=pages()) as scene:
        await over(scene)
        for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
            async with chromium(size, color_scheme=scheme, bypass_csp=True) as (page, _):
                found = []
                await page.goto(f"{scene.config.pages.url}/runs")
                found += await looks_well(page)
                await comes_in(scene, page)
                for path in ("/settings", HERE, f"{HERE}/1", f"{HERE}/publish", "/nothing"):
                    await page.goto(f"{scene.config.pages.url}{path}")
                    found += await looks_well(page)
                assert found == [], (size, scheme)


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(tmp_path: Path) -> None:
    async with stage(tmp_path, [BOOK], pages=pages()) as scene, chromium() as (page, _):
        await comes_in(scene, page, words="open /settings")
        await page.keyboard.press("Tab")
        skip = page.locator(".skip")
        await expect(skip).to_be_focused()
        await expect(skip).to_be_in_viewport()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        turn = page.locator("#digests button").first
        await expect(turn).to_be_focused()
        assert await turn.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        await expect(page.locator("#told")).to_contain_text("daily digest is off")
        await expect(page.locator("#digests button").first).to_be_focused()
