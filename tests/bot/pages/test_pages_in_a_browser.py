"""The pages in a real browser: on a phone and on a screen, light and dark, with and without scripts; axe looks too."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from browser import installed
from pages import browser, let_in, pages
from playwright.async_api import Browser, Page, async_playwright
from stage import Stage, stage

PHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
TASKS = [
    "Acknowledge the alert and say in the channel that you have it, so that nobody else takes it as well",
    "😀🔥 Tell support what to say",
    "اتصل بفريق الدعم وأخبرهم بما حدث",
    "https://grafana.example.com/d/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/overview",
    "x" * 90,
]
BOOK: dict[str, Any] = {
    "title": "Service outage with a rather long name for a playbook",
    "key": "outage",
    "keywords": ["outage"],
    "description": "What to do when **a service** is down.",
    "roles": ["commander", "scribe"],
    "channel": {"visibility": "public"},
    "updates": {"every": "30m"},
    "retrospective": {"metrics": [{"title": "Users affected", "type": "integer", "target": "100"}]},
    "checklists": [
        {
            "title": f"Stage {number}",
            "tasks": [
                {"title": one, "description": "1. look at *errors*\n2. compare", "due": "20m"} for one in TASKS * 2
            ],
        }
        for number in range(1, 6)
    ],
}
NAME = "Checkout is down for everybody in Europe and the Americas since 13:58, payments time out 🔥"
PATHS = ("/runs", "/runs?state=odd", "/runs/1", "/runs/2", "/runs/9", "/tasks", "/playbooks", "/playbooks/outage")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Scene:
    """A stage with a long run, and a browser in which somebody is signed in."""

    stage: Stage
    chromium: Browser
    url: str
    cookies: list[Any]

    async def page(self, size: Any = PHONE, **more: Any) -> Page:
        context = await self.chromium.new_context(viewport=size, **more)
        await context.add_cookies(self.cookies)
        return await context.new_page()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("pages")
    async with (
        stage(folder, (BOOK,), pages=pages()) as made,
        browser(made.config.pages.url) as mine,
        async_playwright() as player,
    ):
        for words in (
            *(f"run outage {NAME}", f"run outage {TASKS[2]}"),
            "#1 summary Payments fail with a **timeout** for 40% of customers. We rolled back.\n\nMore of it.",
            *("#1 role commander me", "#1 check 1.1", "#1 skip 1.2", "#1 start 1.3", "#1 assign 1.4 me"),
            *("#1 update The error rate is **40%**.", "#1 update It is 20% now.", "#1 note The graphs moved"),
        ):
            await made.alice.command(made.town["id"], f"/{made.trigger} {words}")
            if words.startswith("run"):
                await made.alice.sees(words.removeprefix("run outage ")[:30], "Tasks")
        await let_in(made, mine)
        cookies = [{"name": name, "value": value, "url": mine.url} for name, value in mine.cookies.items()]
        chromium = await player.chromium.launch(executable_path=installed(), args=["--no-sandbox"])
        yield Scene(made, chromium, mine.url, cookies)
        await chromium.close()


@pytest.mark.parametrize(
    ("size", "scheme", "paths"),
    [(PHONE, "light", PATHS), (SCREEN, "dark", ("/runs", "/runs/1"))],
    ids=["phone, light", "screen, dark"],
)
async def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_window(
    scene: Scene, size: Any, scheme: Any, paths: tuple[str, ...]
) -> None:
    page = await scene.page(size, color_scheme=scheme)
    for path in paths:
        await page.goto(f"{scene.url}{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        found = (await Axe().run(page)).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert serious == [], path
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    await page.context.close()


async def test_a_phone_shows_how_a_run_stands_without_scrolling(scene: Scene) -> None:
    page = await scene.page(PHONE)
    await page.goto(f"{scene.url}/runs/1")
    for seen in (
        "In progress",
        "Payments fail with a timeout for 40% of customers.",
        "Owner",
        "Last update",
        "Next update",
    ):
        box = await page.get_by_text(seen, exact=True).first.bounding_box()
        assert box is not None, seen
        assert box["y"] + box["height"] <= PHONE["height"], seen
    await page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_run_is_worked_on_with_and_without_scripts(scene: Scene, scripts: bool) -> None:
    page = await scene.page(SCREEN, java_script_enabled=scripts)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(f"{scene.url}/runs/2")
    task = "2.1" if scripts else "2.2"
    await page.get_by_role("button", name=f"Done: {task} ").first.click()
    await page.get_by_role("button", name=f"Open again: {task} ").first.wait_for()
    assert await page.get_by_text("is done.").first.is_visible()
    await page.locator("#update > summary").click()
    await page.fill("#update-text", f"It is better, said {task}")
    await page.get_by_role("button", name="Post update").click()
    await page.locator("#said").get_by_text(f"It is better, said {task}").first.wait_for()
    await page.goto(f"{scene.url}/runs/2")
    await page.locator("#new-task > summary").click()
    await page.fill("#new-title", f"One more after {task}")
    await page.fill("#new-due", "some day")
    await page.get_by_role("button", name="Add task").click()
    await page.locator("#new-task .wrong").first.wait_for()
    assert await page.input_value("#new-title") == f"One more after {task}"
    assert wrong == []
    await page.context.close()


async def test_what_happens_elsewhere_appears_by_itself_and_what_is_typed_stays(scene: Scene) -> None:
    page = await scene.page(SCREEN)
    await page.goto(f"{scene.url}/runs/1")
    await page.locator("#update > summary").click()
    await page.fill("#update-text", "Half a sen")
    made = scene.stage
    await made.alice.command(made.town["id"], f"/{made.trigger} #1 check 3.1")
    await page.get_by_role("button", name="Open again: 3.1 ").first.wait_for(timeout=5000)
    assert await page.input_value("#update-text") == "Half a sen"
    await page.context.close()


async def test_a_run_that_is_deleted_while_its_page_is_open_says_so(scene: Scene) -> None:
    made, page = scene.stage, await scene.page(SCREEN)
    await made.alice.command(made.town["id"], f"/{made.trigger} run outage To be deleted")
    await made.alice.sees("To be deleted", "Tasks")
    number = max(run.id for run in await made.bot.desk.ask(lambda store: list(store.runs(5))))
    await page.goto(f"{scene.url}/runs/{number}")
    await made.alice.command(made.town["id"], f"/{made.trigger} delete now #{number}")
    await page.locator("#over").wait_for(timeout=5000)
    answer = await page.goto(f"{scene.url}/runs/{number}")
    assert answer is not None
    assert answer.status == 404
    await page.context.close()


async def test_a_keyboard_reaches_the_first_task(scene: Scene) -> None:
    page = await scene.page(SCREEN)
    await page.goto(f"{scene.url}/runs/1")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.value === 'uncheck' && document.activeElement.name === 'verb'"):
            break
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Done: 1.1 ").first.wait_for()
    await page.context.close()


async def test_paper_shows_tasks_without_buttons(scene: Scene) -> None:
    page = await scene.page(SCREEN)
    await page.goto(f"{scene.url}/runs/1")
    await page.emulate_media(media="print")
    assert await page.locator("#tasks .title").first.is_visible()
    assert await page.locator("#tasks .box:visible").first.inner_text() == "☑"
    assert not await page.locator("main button:visible").count()
    assert not await page.locator(".top").is_visible()
    await page.context.close()
