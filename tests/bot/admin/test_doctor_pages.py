"""`muster doctor` tries the pages: their address, what stands in front of it, and the application at the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pages import pages
from pydantic import SecretStr
from stage import SOON, empty_stage, free_port

from bot.admin.doctor_pages import examine_pages
from bot.admin.findings import Finding
from bot.app import running
from bot.settings.config import Config
from bot.settings.sections import Pages, Server


async def found(section: Pages, server: str = "http://127.0.0.1:9") -> list[Finding]:
    config = Config.model_construct(pages=section, server=Server(url=server))
    return [one async for one in examine_pages(config)]


@asynccontextmanager
async def answering(status: int, text: str = "") -> AsyncIterator[int]:
    """Have something else answer at a port."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner, port = web.AppRunner(app), free_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield port
    await runner.cleanup()


async def test_nothing_is_said_where_there_are_no_pages() -> None:
    assert await found(Pages()) == []


async def test_all_is_well_while_nothing_runs_and_while_muster_does(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, pages=pages()) as scene:
        section = scene.config.pages
        (alone,) = await found(section)
        assert (alone.state, alone.words) == ("well", f"The pages can be reached at {section.url}.")
        async with running(scene.config, patience=SOON):
            assert await found(section) == [alone]


@pytest.mark.parametrize(
    ("status", "words", "remedy"),
    [
        (421, "does not say by which name", "proxy_set_header Host"),
        (502, "does not reach Muster at 127.0.0.1:", "Let it lead to"),
        (200, "something else answers there (200)", "correct [pages] url"),
        (404, "something else answers there (404)", "correct [pages] url"),
    ],
)
async def test_what_stands_in_front_is_told_what_it_lacks(status: int, words: str, remedy: str) -> None:
    async with answering(status, "hello") as port:
        (one,) = await found(Pages(url=f"http://127.0.0.1:{port}", listen_port=free_port()))
        assert one.state == "ill"
        assert words in one.words
        assert remedy in one.remedy
        assert "chat" in one.still


async def test_nothing_at_the_address_and_somebody_else_at_the_port() -> None:
    (nothing,) = await found(Pages(url=f"http://127.0.0.1:{free_port()}", listen_port=free_port()))
    assert "nothing answers" in nothing.words
    async with answering(200, "another program") as port:
        (taken,) = await found(Pages(url=f"http://127.0.0.1:{port}", listen_port=port))
        assert f"cannot listen for its pages at 127.0.0.1:{port}" in taken.words


@pytest.mark.parametrize("version", ["5.37", "10.0", "11.6"])
async def test_the_application_at_the_server_is_tried(tmp_path: Path, version: str) -> None:
    async with empty_stage(tmp_path, version=version) as scene:
        switched = {"ServiceSettings": {"EnableOAuthServiceProvider": True}}
        await scene.admin.rest("PUT", "/config/patch", switched)
        app = {"name": "Muster", "homepage": "http://127.0.0.1", "callback_urls": ["http://127.0.0.1/oauth/back"]}
        made = await scene.admin.rest("POST", "/oauth/apps", app | {"description": "x"})
        right: dict[str, Any] = {
            "oauth_client_id": made["id"],
            "oauth_client_secret": SecretStr(made["client_secret"]),
        }
        for change, state, words in (
            ({}, "well", "signed in to Mattermost"),
            ({"oauth_client_secret": SecretStr("wrong")}, "ill", "does not know the OAuth 2.0 application"),
            ({"oauth_client_id": "x" * 26}, "ill", "does not know the OAuth 2.0 application"),
            ({"oauth_client_id": ""}, "ill", "only one of id and secret"),
        ):
            *_, one = await found(pages(**right | change), scene.url)
            assert (one.state, words in one.words) == (state, True), one
        await scene.admin.rest("DELETE", f"/oauth/apps/{made['id']}")
