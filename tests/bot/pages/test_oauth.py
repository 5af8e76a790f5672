"""Getting in by being signed in to Mattermost, at the sandbox or a real server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from pages import Browser, browser, let_in, pages
from pydantic import SecretStr
from stage import SOON, Stage, empty_stage

from bot.app import running


@asynccontextmanager
async def allowed(folder: Path, **more: Any) -> AsyncIterator[tuple[Stage, Browser]]:
    """Set up an application at the server, the bot that knows it, and a browser."""
    section = pages()
    app = {"name": "Muster", "description": "Pages", "homepage": section.url, "is_trusted": True}
    async with empty_stage(folder, pages=section, **more) as scene:
        app["callback_urls"] = [f"{section.url}/oauth/back"]
        switched = {"ServiceSettings": {"EnableOAuthServiceProvider": True}}
        await scene.admin.rest("PUT", "/config/patch", switched)
        made = await scene.admin.rest("POST", "/oauth/apps", app)
        known = {"oauth_client_id": made["id"], "oauth_client_secret": SecretStr(made["client_secret"])}
        scene.config = scene.config.model_copy(update={"pages": section.model_copy(update=known)})
        async with running(scene.config, clock=scene.clock, patience=SOON) as bot, browser(section.url) as mine:
            scene.bot = bot
            yield scene, mine
        await scene.admin.rest("DELETE", f"/oauth/apps/{made['id']}")


async def agreed(scene: Stage, mine: Browser, to: str = "/settings", name: str = "alice") -> str:
    """Go to Mattermost, where somebody is signed in; return where it sends the browser back to."""
    asked = await mine.get(f"/oauth?to={to}", follow=False)
    assert asked.status == 303
    headers = {"Authorization": f"Bearer {scene.people[name].token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(asked.headers["Location"], headers=headers, allow_redirects=False) as answer,
    ):
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def test_who_is_signed_in_to_mattermost_gets_in_and_lands_where_they_wanted(tmp_path: Path) -> None:
    async with allowed(tmp_path) as (scene, mine):
        page = await mine.get("/settings")
        assert "Sign in with Mattermost" in page.words
        assert 'href="/oauth?to=/settings"' in page.text
        back = await agreed(scene, mine)
        landed = await mine.get(back)
        assert (landed.status, landed.url) == (200, f"{mine.url}/settings")
        assert f"@{scene.name('alice')}" in landed.words
        # The way back counts once, and only in the browser that went there.
        assert (await mine.get(back)).status == 400
        async with browser(mine.url) as other:
            assert (await other.get(await agreed(scene, mine))).status == 400
            assert (await other.get("/runs")).status == 401


async def test_what_goes_to_mattermost_holds_no_secret_and_its_token_ends_at_once(tmp_path: Path) -> None:
    async with allowed(tmp_path) as (scene, mine):
        asked = await mine.get("/oauth?to=/runs", follow=False)
        sent = dict(parse_qsl(urlsplit(asked.headers["Location"]).query))
        assert set(sent) == {
            *("response_type", "client_id", "redirect_uri", "state"),
            *("code_challenge", "code_challenge_method"),
        }
        assert scene.config.pages.oauth_client_secret.get_secret_value() not in asked.headers["Location"]
        verifier = mine.cookies["muster-oauth"].split(".")[1]
        assert verifier not in asked.headers["Location"]
        cookie = next(one for one in asked.headers.getall("Set-Cookie") if one.startswith("muster-oauth="))
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert (await mine.get(await agreed(scene, mine))).status == 200
        assert "muster-oauth" not in mine.cookies
        if scene.sandbox is not None:
            world = scene.sandbox.world
            mine_now = [one for one in world.sessions.values() if one.user_id == scene.alice.id]
            assert [one.token for one in mine_now] == [scene.alice.token]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"state": "x"}, 400, "begun in another browser"),
        ({"state": ""}, 400, "begun in another browser"),
        ({"code": "", "error": "access_denied"}, 401, "did not allow"),
        ({"code": "made-up"}, 502, "did not say who you are"),
    ],
)
async def test_what_comes_back_otherwise_lets_nobody_in(
    tmp_path: Path, change: dict[str, str], status: int, words: str
) -> None:
    async with allowed(tmp_path) as (scene, mine):
        back = urlsplit(await agreed(scene, mine))
        answer = await mine.session.get(f"{mine.url}/oauth/back", params=dict(parse_qsl(back.query)) | change)
        assert answer.status == status
        assert words in await answer.text()
        assert "muster-session" not in mine.cookies
        assert "muster-oauth" not in mine.cookies


async def test_a_code_is_worth_nothing_without_what_the_browser_kept(tmp_path: Path) -> None:
    async with allowed(tmp_path) as (scene, mine):
        back = await agreed(scene, mine)
        state, _, to = mine.cookies["muster-oauth"].split(".")
        mine.session.cookie_jar.clear()
        mine.session.cookie_jar.update_cookies({"muster-oauth": f"{state}.{'x' * 64}.{to}"})
        # Servers before 11 do not look at it.
        is_new = scene.bot.gateway.server.version >= (11,)
        assert (await mine.get(back)).status == (502 if is_new else 200)


async def test_nobody_is_sent_elsewhere_afterwards(tmp_path: Path) -> None:
    async with allowed(tmp_path) as (scene, mine):
        landed = await mine.get(await agreed(scene, mine, to="//evil.example/"))
        assert landed.url == f"{mine.url}/runs"


async def test_who_was_signed_in_here_before_is_told_of(tmp_path: Path) -> None:
    async with allowed(tmp_path) as (scene, mine):
        await let_in(scene, mine, "bob")
        landed = await mine.get(await agreed(scene, mine))
        assert f"@{scene.name('bob')} was signed in here" in landed.words
