"""Open pages are told of changes, as long as session and right last."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from pages import Browser, browser, let_in, pages
from scenes import PUBLIC, QUICK, started
from stage import Stage, stage

from bot.pages import live


@asynccontextmanager
async def told(mine: Browser, path: str = "/events?run=1") -> AsyncIterator[asyncio.Queue[str]]:
    """Open a stream, and gather the names of what comes; "end" where it was ended."""
    found: asyncio.Queue[str] = asyncio.Queue()

    async def read(answer: aiohttp.ClientResponse) -> None:
        with suppress(aiohttp.ClientError):
            async for line in answer.content:
                if line.startswith(b"event: "):
                    found.put_nowait(line.decode().split()[1])
        found.put_nowait("end")

    async with mine.session.get(f"{mine.url}{path}", timeout=aiohttp.ClientTimeout(total=30)) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        task = asyncio.create_task(read(answer))
        yield found
        task.cancel()


async def next_of(found: asyncio.Queue[str]) -> str:
    async with asyncio.timeout(10):
        return await found.get()


async def until_end(found: asyncio.Queue[str]) -> None:
    while await found.get() != "end":
        pass


async def seen_by(scene: Stage, mine: Browser, run_id: int = 1) -> str:
    """Return the address at which a page of a run as it is now is told of changes."""
    revision = (await scene.bot.desk.ask(lambda store: store.revisions((run_id,))))[run_id]
    return f"/events?run={run_id}&seen={revision}"


async def test_a_page_is_told_of_each_change_elsewhere(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        channel = await started(scene)
        await let_in(scene, mine)
        async with told(mine, await seen_by(scene, mine)) as run, told(mine, "/events?run=0&seen=x") as runs:
            assert [await next_of(run), await next_of(runs), await next_of(runs)] == ["here", "here", "changed"]
            await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
            assert [await next_of(run), await next_of(runs)] == ["changed", "changed"]


async def test_what_has_changed_before_the_stream_was_opened_is_told_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        channel = await started(scene)
        await let_in(scene, mine)
        path = await seen_by(scene, mine)
        await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
        async with told(mine, path) as run:
            assert [await next_of(run), await next_of(run)] == ["here", "changed"]


async def test_a_stream_ends_with_the_session(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine)
        async with told(mine, await seen_by(scene, mine)) as run:
            assert await next_of(run) == "here"
            await scene.alice.command(scene.town["id"], f"/{scene.trigger} settings sign out")
            assert [await next_of(run), await next_of(run)] == ["over", "end"]
        assert (await mine.get("/events?run=1")).status == 404


async def test_a_stream_ends_with_the_right_to_see_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CHECKED_EVERY", 0.5)
    async with stage(tmp_path, [PUBLIC], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        channel = await started(scene)
        await let_in(scene, mine, "carla")
        async with told(mine, await seen_by(scene, mine)) as run:
            assert await next_of(run) == "here"
            await scene.admin.rest("PUT", f"/channels/{channel}/privacy", {"privacy": "P"})
            found = await next_of(run)
            while found == "changed":
                found = await next_of(run)
            assert found == "over"
        assert (await mine.get("/events?run=1")).status == 404
        assert (await mine.get("/events?run=99")).status == 404


async def test_somebody_has_so_many_streams_and_the_oldest_gives_way(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        async with told(mine, "/events") as first:
            assert await next_of(first) == "here"
            opened = [told(mine, "/events") for _ in range(live.EACH)]
            others = [await one.__aenter__() for one in opened]
            found = await next_of(first)
            assert (found if found == "end" else await next_of(first)) == "end"
            assert [await next_of(each) for each in others] == ["here"] * live.EACH
            for one in opened:
                await one.__aexit__(None, None, None)


async def test_many_streams_opened_at_once_leave_room_for_others(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        async with AsyncExitStack() as stack:
            found = await asyncio.gather(*(stack.enter_async_context(told(mine, "/events")) for _ in range(12)))
            ended = [asyncio.create_task(until_end(one)) for one in found]
            await asyncio.wait(ended, timeout=2)
            assert sum(not one.done() for one in ended) == live.EACH
            for one in ended:
                one.cancel()


async def test_changes_of_runs_that_nobody_here_may_see_are_not_told(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        channel = await started(scene)
        await let_in(scene, mine, "carla")
        before = (await mine.get("/runs")).text.partition("seen=")[2].partition('"')[0]
        assert before == "0-0-0"
        async with told(mine, f"/events?run=0&seen={before}") as runs:
            assert await next_of(runs) == "here"
            await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
            await asyncio.sleep(2 * live.EVERY)
            assert runs.empty()
        assert f"seen={before}" in (await mine.get("/runs")).text


async def test_the_bot_ends_although_pages_are_open(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        stream = told(mine, "/events")
        assert await next_of(await stream.__aenter__()) == "here"
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 5
    await stream.__aexit__(None, None, None)
