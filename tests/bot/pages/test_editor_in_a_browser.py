"""The editor in a real browser, on a phone and on a screen: with keys, by dragging, by pasting, and saved meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from browser import installed
from page_browser import DESKTOP, PHONE, serious
from pages import browser, let_in, pages
from playwright.async_api import Browser, Page, async_playwright, expect
from stage import Stage, stage

from handlers.playbooks.playbook import Playbook, playbook_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECTIONS = (
    "basics",
    "tasks",
    "people",
    "channel",
    "updates",
    "attributes",
    "automation",
    "retrospective",
    "permissions",
)
LIST = "- [ ] Look at the graphs\n- [ ] Tell support\n\n## Afterwards\n- [ ] Say that it is over"
FULL: dict[str, Any] = {
    "title": "Everything at once",
    "key": "everything",
    "keywords": ["all is lost"],
    "invite": ["group:ops"],
    "roles": ["scribe", {"name": "on-call", "rota": {"people": ["@ann", "@bob"], "from": "2026-01-05"}}],
    "attributes": [{"name": "Severity", "type": "select", "options": ["high", "low"], "required": True}],
    "actions": [{"on": "finish", "post": "It is over", "when": {"attribute": "Severity", "is": "high"}}],
    "webhooks": [{"name": "pager", "url": "https://hooks.example.org/x"}],
    "retrospective": {"metrics": [{"title": "Users affected", "type": "integer"}]},
    "checklists": [
        {
            "title": "First",
            "tasks": [
                {
                    "title": "A rather long title that does not fit into one line of any phone at all",
                    "description": "Look",
                    "due": "1h",
                    "assignee": "scribe",
                    "when": {"attribute": "Severity", "is": "high"},
                }
            ],
        }
    ],
}


@dataclass
class Scene:
    """A stage, and a browser in which somebody is signed in."""

    stage: Stage
    chromium: Browser
    url: str
    cookies: list[Any]
    wrong: list[str]

    async def page(self, size: Any = DESKTOP, **more: Any) -> Page:
        context = await self.chromium.new_context(viewport=size, **more)
        await context.add_cookies(self.cookies)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        return page

    async def begin(self, page: Page, title: str, tasks: str = LIST) -> str:
        """Make a playbook as people do; return its path."""
        await page.goto(f"{self.url}/playbooks")
        await page.get_by_role("link", name="New playbook").click()
        await page.get_by_label("What is it for?").fill(title)
        await page.get_by_label("What is to be done?").fill(tasks)
        await page.get_by_role("button", name="Make it").click()
        await page.get_by_role("heading", name=f"Edit {title}").wait_for()
        return page.url.removesuffix("/edit").removeprefix(self.url)

    async def draft(self, path: str) -> Playbook:
        key = path.rpartition("/")[2]

        def found(store: Any) -> Playbook:
            return playbook_of(store.draft(store.playbook_by_key(key).id).definition)

        return await self.stage.bot.desk.ask(found)

    async def lists(self, path: str) -> dict[str, list[str]]:
        """Return the tasks of a draft by their checklists."""
        return {one.title: [task.title for task in one.tasks] for one in (await self.draft(path)).checklists}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("editor")
    async with (
        stage(folder, (FULL,), pages=pages()) as made,
        browser(made.config.pages.url) as mine,
        async_playwright() as player,
    ):
        await let_in(made, mine)
        await made.bot.desk.ask(lambda store: setattr(store.playbook_by_key("everything"), "source", "made:"))
        cookies = [{"name": name, "value": value, "url": mine.url} for name, value in mine.cookies.items()]
        chromium = await player.chromium.launch(executable_path=installed(), args=["--no-sandbox"])
        yield Scene(made, chromium, mine.url, cookies, [])
        await chromium.close()


async def saved(page: Page) -> None:
    await expect(page.locator("#saving")).to_have_text("Saved as a draft")


@pytest.mark.parametrize(("size", "name"), [(DESKTOP, "screen"), (PHONE, "phone")], ids=["screen", "phone"])
async def test_a_playbook_is_made_filled_in_published_and_found(scene: Scene, size: Any, name: str) -> None:
    page = await scene.page(size)
    path = await scene.begin(page, f"Outage on a {name}")
    assert await scene.lists(path) == {
        "Tasks": ["Look at the graphs", "Tell support"],
        "Afterwards": ["Say that it is over"],
    }
    await page.get_by_role("link", name="Checklists").click()
    await page.locator("#tasks\\.t0-more summary").click()
    await page.locator("#tasks\\.t0\\.due").fill("20m")
    await saved(page)
    await page.get_by_role("link", name="Publish…").click()
    await page.get_by_label("What has changed, in a line").fill("First")
    await page.get_by_role("button", name="Publish version 1").click()
    await page.get_by_text("is published as version 1").wait_for()
    await page.get_by_text("due after 20 min").wait_for()
    assert scene.wrong == []
    await page.context.close()


async def test_keys_add_move_and_take_out_tasks(scene: Scene) -> None:
    page = await scene.page()
    path = await scene.begin(page, "By keys")
    await page.goto(f"{scene.url}{path}/edit/tasks")
    await page.get_by_label("Title of task 1.1").press("Enter")
    await page.keyboard.type("Wake somebody")
    await page.keyboard.press("Enter")
    await page.keyboard.type("One too many")
    await saved(page)
    expected = ["Look at the graphs", "Wake somebody", "One too many", "Tell support"]
    assert (await scene.lists(path))["Tasks"] == expected
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")
    await page.keyboard.press("Backspace")
    await expect(page.get_by_label("Title of task 1.2")).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Alt+ArrowDown")
    await expect(page.get_by_label("Title of task 2.1")).to_be_focused()
    await page.get_by_label("Title of task 2.2").press("Alt+ArrowUp")
    await saved(page)
    assert await scene.lists(path) == {
        "Tasks": ["Look at the graphs", "Tell support"],
        "Afterwards": ["Say that it is over", "Wake somebody"],
    }
    await page.reload()
    await expect(page.get_by_label("Title of task 2.2")).to_have_value("Wake somebody")
    await page.context.close()


async def test_a_task_is_dragged_into_another_checklist(scene: Scene) -> None:
    page = await scene.page({"width": 1280, "height": 1200})
    path = await scene.begin(page, "Dragged")
    await page.goto(f"{scene.url}{path}/edit/tasks")
    grip = await page.locator(".edit-task .number").first.bounding_box()
    there = await page.locator(".edit-task").nth(2).bounding_box()
    assert grip is not None
    assert there is not None
    await page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(there["x"] + 40, there["y"] + there["height"] - 5, steps=12)
    await page.mouse.up()
    await saved(page)
    assert await scene.lists(path) == {
        "Tasks": ["Tell support"],
        "Afterwards": ["Say that it is over", "Look at the graphs"],
    }
    await page.context.close()


async def test_a_list_that_is_pasted_into_a_title_becomes_tasks(scene: Scene) -> None:
    page = await scene.page()
    path = await scene.begin(page, "Pasted")
    await page.goto(f"{scene.url}{path}/edit/tasks")
    await page.get_by_label("Title of task 1.2").press("Enter")
    await page.evaluate(
        """text => {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        const how = { clipboardData: data, bubbles: true, cancelable: true };
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        "- [ ] Three\r\n- [x] Four\n3. Five",
    )
    await saved(page)
    assert (await scene.lists(path))["Tasks"] == ["Look at the graphs", "Tell support", "Three", "Four", "Five"]
    await page.context.close()


async def test_two_browsers_at_once_lose_nothing(scene: Scene) -> None:
    mine, theirs = await scene.page(), await scene.page(PHONE)
    path = await scene.begin(mine, "Together")
    due = "#tasks\\.t0\\.due"
    for page in (mine, theirs):
        await page.goto(f"{scene.url}{path}/edit/tasks")
        await page.locator("#tasks\\.t0-more summary").click()
    await theirs.get_by_label("Title of task 1.2").fill("Tell everybody")
    await saved(theirs)
    await mine.locator(due).fill("1h")
    await saved(mine)
    await expect(mine.get_by_label("Title of task 1.2")).to_have_value("Tell everybody")
    await theirs.locator(due).fill("2h")
    await expect(theirs.locator("#saving")).to_contain_text("nothing was overwritten")
    assert (await scene.draft(path)).tasks[0].due == 3600
    await theirs.get_by_role("button", name="Save draft").click()
    await theirs.get_by_role("heading", name="Changed by both of you").wait_for()
    await expect(theirs.locator(due)).to_have_value("2h")
    await theirs.get_by_role("button", name="Keep mine").click()
    await theirs.get_by_text("Saved as a draft, together").wait_for()
    await expect(theirs.locator(due)).to_have_value("2 h")
    assert [(one.title, one.due) for one in (await scene.draft(path)).checklists[0].tasks] == [
        ("Look at the graphs", 7200),
        ("Tell everybody", None),
    ]
    for page in (mine, theirs):
        await page.context.close()


async def test_what_is_not_right_is_not_saved_and_says_so_beside_its_field(scene: Scene) -> None:
    page = await scene.page(PHONE)
    path = await scene.begin(page, "Mistaken")
    await page.goto(f"{scene.url}{path}/edit/updates")
    await page.get_by_label("Ask the owner for an update every").fill("now and then")
    await expect(page.locator("#saving")).to_contain_text("something is not right yet")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.locator("#updates\\.every-wrong")).to_contain_text("A length of time is written like")
    await expect(page.locator("#updates\\.every")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Ask the owner for an update every").fill("45m")
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("Saved as a draft.").wait_for()
    assert (await scene.draft(path)).updates.every == 45 * 60
    await page.context.close()


async def test_what_is_written_while_there_is_no_way_to_the_server_is_saved_later(scene: Scene) -> None:
    page = await scene.page()
    path = await scene.begin(page, "Offline")
    await page.goto(f"{scene.url}{path}/edit/channel")
    await page.context.set_offline(True)
    await page.get_by_label("What everybody is told who comes in, once").fill("Welcome to it")
    await expect(page.locator("#saving")).to_contain_text("no way to the server")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("Saved as a draft.").wait_for()
    assert (await scene.draft(path)).welcome == "Welcome to it"
    scene.wrong.clear()
    await page.context.close()


async def test_without_scripts_everything_works_as_well(scene: Scene) -> None:
    page = await scene.page(PHONE, java_script_enabled=False)
    path = await scene.begin(page, "Without scripts")
    await page.get_by_role("link", name="Checklists").click()
    await page.get_by_role("button", name="Down: 1.1 Look at the graphs").click()
    await page.get_by_role("button", name="Take out: 2.1 Say that it is over").click()
    assert await scene.lists(path) == {"Tasks": ["Tell support", "Look at the graphs"], "Afterwards": []}
    await page.goto(f"{scene.url}{path}/edit/attributes")
    await page.get_by_text("Add an attribute").click()
    await page.get_by_label("Name", exact=True).fill("Severity")
    await page.get_by_label("What it holds").select_option("select")
    await page.get_by_label("Values to choose from, one a line").fill("high\nlow")
    await page.get_by_role("button", name="Save draft").last.click()
    await page.get_by_role("heading", name="Severity").wait_for()
    assert [one.choices for one in (await scene.draft(path)).attributes] == [("high", "low")]
    await page.context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone, light", "screen, dark"]
)
async def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_window(
    scene: Scene, size: Any, scheme: Any
) -> None:
    page = await scene.page(size, color_scheme=scheme)
    here = "/playbooks/everything"
    paths = [f"{here}/edit", f"{here}/preview", f"{here}/history", f"{here}/history/1", "/playbooks/new"]
    for path in (*paths, "/playbooks/new/incident-response", *(f"{here}/edit/{one}" for one in SECTIONS)):
        await page.goto(f"{scene.url}{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert await serious(page) == [], path
    assert scene.wrong == []
    await page.context.close()
