"""What runs tell is asked for in a channel, comes with a picture, and leads to a patch of the playbook's own file."""

import asyncio
import re
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from history import BOOK, planned, write_history
from pages import browser, let_in, pages
from stage import Stage, real_server, stage

from handlers.context import Context
from handlers.figures.keep import keep_some
from handlers.figures.picture import Panel, Picture
from handlers.playbooks.file import read_playbook
from sandbox.human import words
from store import Run, Store, Task

PAST = [run for run in planned(count=80) if run.state == "finished" and not run.left_out][:40]

MOST_IN_A_ROW = 40
"""Whoever asks for more than 60 things within a quarter of a minute is told to wait."""


def book(scene_names: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the playbook of the history as its file says it, with admins."""
    said = BOOK.definition()
    kept = ("title", "key", "keywords", "timezone", "updates")
    return {key: said[key] for key in kept} | {
        "admins": list(scene_names),
        "checklists": [
            {"title": "Assess", "tasks": ["Look at the graphs", {"title": "Tell support", "due": "15m"}]},
            {"title": "Repair", "tasks": ["Fail over", "Write it down"]},
        ],
    }


async def remembers(scene: Stage) -> None:
    """Let the bot remember runs of the past, in the town square, in all of which the last task was skipped."""

    def write(store: Store) -> None:
        row = store.playbook_by_key("outage")
        assert row is not None
        write_history(store, PAST, row.id, scene.team["id"])
        ids = [*store.runs_without_figures(None, 1000)]
        for run_id in ids:
            run = store.run(run_id)
            assert isinstance(run, Run)
            run.channel_id, run.own_channel = scene.town["id"], False
            for task in store.tasks(run_id):
                assert isinstance(task, Task)
                task.state = "skipped" if task.title == "Write it down" else task.state
        keep_some(Context(scene.bot.desk.clock(), store, scene.bot.desk.here), ids)

    await scene.bot.desk.ask(write)


async def test_figures_are_posted_with_a_picture_and_lead_to_a_patch_that_applies(tmp_path: Path) -> None:
    async with stage(tmp_path, [book()]) as scene:
        await remembers(scene)
        where = scene.town["id"]
        said = await scene.alice.command(where, f"/{scene.trigger} insights outage all")
        assert "on their way" in said
        post = await scene.bob.sees("Outage", "40 runs, all over", "(40 runs)", where=where)
        (file,) = post["metadata"]["files"]
        assert (file["mime_type"], file["extension"]) == ("image/png", "png")
        assert (file["width"], file["size"] > 10_000) == (780, True)

        await scene.bob.press(post, "What to change")
        proposal = await scene.alice.sees("was skipped in 40 of 40 runs", where=where)
        assert proposal["root_id"] == post["id"]
        await scene.admin.rest("POST", f"/channels/{where}/members", {"user_id": scene.admin.id})
        await scene.admin.press(proposal, "Accept")
        proposal = await scene.alice.sees("accepted by", "Make the patch", where=where)
        await scene.admin.press(proposal, "Make the patch")
        made = await scene.bob.sees("as a patch", where=where)
        (patch,) = made["metadata"]["files"]
        assert patch["name"] == "outage.patch"
        (tmp_path / "outage.patch").write_text(await scene.bob.rest("GET", f"/files/{patch['id']}"))
        applied = await asyncio.create_subprocess_exec("git", "apply", "outage.patch", cwd=tmp_path)
        assert await applied.wait() == 0
        after = read_playbook((tmp_path / "book0.yaml").read_text(), "book0.yaml")
        assert [task.title for task in after.checklists[1].tasks] == ["Fail over"]


async def test_a_table_comes_to_who_asked_alone_with_a_file(tmp_path: Path) -> None:
    async with stage(tmp_path, [book()]) as scene:
        await remembers(scene)
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} insights outage all table")
        told = await scene.alice.sees("40 runs, all over", "Most skipped tasks", "Write it down")
        assert told["channel_id"] != scene.town["id"]
        (file,) = told["metadata"]["files"]
        assert file["name"].endswith(".csv")
        lines = (await scene.alice.rest("GET", f"/files/{file['id']}")).splitlines()
        assert any("Write it down,40,40" in line for line in lines)


async def test_a_channel_of_a_few_is_told_of_what_all_of_them_may_see(tmp_path: Path) -> None:
    """Runs in a channel that only Alice reads count for nobody else: not where Bob reads along."""
    async with stage(tmp_path, [book()]) as scene:
        await remembers(scene)
        team = {"team_id": scene.team["id"], "type": "P"}
        makes = scene.alice.rest
        secret, both = [
            await makes("POST", "/channels", team | {"name": f"{name}-{token_hex(4)}", "display_name": name})
            for name in ("secret", "both")
        ]
        for channel in (secret, both):
            await makes("POST", f"/channels/{channel['id']}/members", {"user_id": scene.bot.gateway.server.me.id})
        await makes("POST", f"/channels/{both['id']}/members", {"user_id": scene.bob.id})

        def hide(store: Store) -> None:
            for run in store.runs_in(scene.town["id"])[:10]:
                run.channel_id, run.owner_id = secret["id"], scene.alice.id

        await scene.bot.desk.ask(hide)
        await scene.alice.command(secret["id"], f"/{scene.trigger} insights outage all")
        await scene.alice.sees("40 runs, all over", where=secret["id"])
        await scene.alice.command(both["id"], f"/{scene.trigger} insights outage all")
        await scene.bob.sees("30 runs, all over", where=both["id"])
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} insights outage all")
        await scene.bob.sees("30 runs, all over", where=scene.town["id"])


@pytest.mark.skipif(bool(real_server()), reason="guests need a licence")
async def test_a_guest_who_came_after_the_figures_is_told_of_no_run(tmp_path: Path) -> None:
    async with stage(tmp_path, [book()]) as scene:
        await remembers(scene)
        where = scene.town["id"]
        await scene.alice.command(where, f"/{scene.trigger} insights outage all")
        post = await scene.alice.sees("40 runs, all over", where=where)
        scene.sandbox.world.users[scene.carla.id].roles = "system_guest"
        await scene.alice.press(post, "What to change")
        await scene.alice.sees("no run is over that everybody who reads here may see")
        assert [one for one in scene.carla.screen.values() if "was skipped" in words(one)] == []


async def test_a_page_shows_them_with_a_picture_and_all_of_it_in_tables(tmp_path: Path) -> None:
    settings = pages()
    async with stage(tmp_path, [book()], pages=settings) as scene, browser(settings.url) as mine:
        await remembers(scene)
        await let_in(scene, mine)
        page = await mine.get("/insights/outage?time=all")
        assert page.status == 200
        assert "40 runs, all over" in page.words
        assert "Every run, as in the picture (40)" in page.words
        assert "was skipped in 40 of 40 runs" in page.words
        # On a phone each value stands behind its label; what is empty has none.
        assert '<td data-label="n"><bdi>40</bdi></td>' in page.text
        assert 'data-label="Beside it"><bdi></bdi>' not in page.text
        assert '<th scope="row"><bdi>over</bdi></th><td></td>' in page.text
        picture = await mine.get("/insights/outage/picture?time=all")
        width, height = re.search(r'class="picture".* width="(\d+)" height="(\d+)"', page.text).groups()
        drawn = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.text)
        assert float(drawn[1]) / float(drawn[2]) == pytest.approx(int(width) / int(height), rel=0.01)
        assert (picture.status, picture.headers["Content-Type"]) == (200, "image/svg+xml")
        assert picture.text.lstrip().startswith("<?xml")
        assert "is no time" in (await mine.get("/insights?time=nonsense")).words
        assert (await mine.get("/insights/nothing")).status == 404
        assert (await mine.get("/insights/-/picture?time=2001")).status == 404


async def test_a_command_is_answered_while_a_picture_is_drawn(tmp_path: Path) -> None:
    """The largest picture takes a second or more; whoever asks for something else meanwhile does not wait for it."""
    dots = tuple((number * 400.0, 60.0 + number) for number in range(2000))
    panels = tuple(Panel(title=f"Panel {number}", dots=dots) for number in range(6))
    large = Picture(title="Large", first=0.0, last=800_000.0, panels=panels)
    async with stage(tmp_path, [book()]) as scene:
        loop, waits = asyncio.get_running_loop(), list[float]()
        drawing = asyncio.create_task(scene.bot.charts.draw(large, "png"))
        while not drawing.done() and len(waits) < MOST_IN_A_ROW:
            before = loop.time()
            assert "insights" in await scene.alice.command(scene.town["id"], f"/{scene.trigger} help")
            waits.append(loop.time() - before)
        assert (await drawing).startswith(b"\x89PNG")
    assert sorted(waits)[len(waits) // 2] < 0.5
