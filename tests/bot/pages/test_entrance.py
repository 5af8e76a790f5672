"""The way into the pages, over real sockets: by a link, by a code, and out again."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from pages import Browser, browser, let_in, link_of, pages
from scenes import QUICK
from stage import Stage, stage
from structlog.testing import capture_logs

from bot.settings.sections import Callbacks
from handlers.text.paths import HOME
from sandbox.human import words
from store import Store


@asynccontextmanager
async def scene_with(folder: Path, browsers: int = 1) -> AsyncIterator[tuple[Stage, *tuple[Browser, ...]]]:
    """Set up a server and the bot with its pages, and open some browsers."""
    async with AsyncExitStack() as stack:
        scene = await stack.enter_async_context(stage(folder, pages=pages()))
        opened = [await stack.enter_async_context(browser(scene.config.pages.url)) for _ in range(browsers)]
        yield scene, *opened


async def test_a_link_lets_its_person_in_once_and_only_by_the_press(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, other):
        link, _ = await link_of(scene)
        for each in (mine, other, mine):
            seen = await each.get(link)
            assert f"Continue as @{scene.name('alice')}" in seen.words
            assert "muster-session" not in each.cookies
        first = await mine.send(seen.form(f"Continue as @{scene.name('alice')}"))
        assert (first.status, first.url) == (200, f"{mine.url}/runs")
        assert f"@{scene.name('alice')}" in first.words
        again = await other.get(link)
        assert again.status == 410
        assert "used already" in again.words
        late = await other.ask("POST", link, data={"form": again.forms[0].fields["form"]})
        assert late.status == 410
        assert "muster-session" not in other.cookies


async def test_a_link_is_over_after_ten_minutes_and_when_a_fresh_one_is_made(tmp_path: Path) -> None:
    async with scene_with(tmp_path) as (scene, mine):
        link, _ = await link_of(scene)
        fresh, code = await link_of(scene)
        assert (await mine.get(link)).status == 410
        seen = await mine.get(fresh)
        assert seen.status == 200
        scene.pass_time(minutes=10)
        assert (await mine.send(seen.forms[0])).status == 410
        assert (await mine.send((await mine.get("/runs")).form("/in"), code=code)).status == 422
        assert "muster-session" not in mine.cookies


async def test_somebody_without_a_session_is_told_the_ways_in_and_lands_where_they_wanted(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, app):
        seen = await mine.get("/settings?x=1")
        assert seen.status == 401
        assert f"/{scene.trigger} open /settings?x=1" in seen.words
        assert "Sign in with Mattermost" not in seen.words
        link, code = await link_of(scene, words="open /settings?x=1")
        landed = await mine.send((await mine.get(link)).forms[0])
        assert landed.url == f"{mine.url}/settings?x=1"
        # The same in a browser that shares no cookies with the one in which the link opened.
        _, code = await link_of(scene)
        page = await app.get("/settings")
        landed = await app.send(page.form("/in"), code=f" {code.upper().replace('-', ' ')} ")
        assert landed.url == f"{mine.url}/settings"
        assert f"@{scene.name('alice')}" in landed.words


async def test_a_code_opens_what_was_asked_for_where_nothing_else_is_wanted(tmp_path: Path) -> None:
    async with scene_with(tmp_path) as (scene, mine):
        _, code = await link_of(scene, words="open #7")
        landed = await mine.send((await mine.get("/in")).form("/in"), code=code)
        assert landed.url == f"{mine.url}/runs/7"


async def test_codes_cannot_be_guessed(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, other):
        _, code = await link_of(scene)
        page = await other.get("/in")
        for number in range(5):
            wrong = await other.send(page.form("/in"), code=f"aaaaa-aaaa{number}")
            assert wrong.status == 422
            assert "no such code" in wrong.words
        # Nor by taking it for a link, which nobody counts.
        assert (await other.get(f"/in/{code.replace('-', '')}")).status == 410
        limited = await other.send(page.form("/in"), code=code)
        assert limited.status == 429
        assert "Too many wrong codes" in limited.words
        # Elsewhere it still counts, as it does here after a while.
        there = {"X-Forwarded-For": "10.0.0.9, 203.0.113.7"}
        assert (await mine.send((await mine.get("/in")).form("/in"), headers=there, code=code)).status == 200
        _, code = await link_of(scene)
        scene.pass_time(seconds=60)
        assert (await other.send(page.form("/in"), code=code)).status == 200


async def test_nobody_is_sent_elsewhere(tmp_path: Path) -> None:
    async with scene_with(tmp_path) as (scene, mine):
        for to in ("//evil.example/", "https://evil.example", "/\\evil.example", "/../evil", "/in/x", "/out", "runs"):
            _, code = await link_of(scene)
            landed = await mine.send((await mine.get("/in")).form("/in"), follow=False, code=code, to=to)
            assert (landed.status, landed.headers["Location"]) == (303, HOME), to


async def test_each_press_gives_a_new_session_and_ends_the_one_before(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, thief):
        found = []
        for _ in range(2):
            await let_in(scene, mine)
            found.append(mine.cookies["muster-session"])
        assert found[0] != found[1]
        thief.session.cookie_jar.update_cookies({"muster-session": found[0]})
        assert (await thief.get("/runs")).status == 401


async def test_an_id_that_somebody_else_chose_is_never_taken_over(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, theirs):
        for each in (mine, theirs):
            each.session.cookie_jar.update_cookies({"muster-session": "chosen-by-somebody"})
        assert (await mine.get("/runs")).status == 401
        await let_in(scene, mine)
        assert mine.cookies["muster-session"] != "chosen-by-somebody"
        assert (await theirs.get("/runs")).status == 401


async def test_who_else_is_signed_in_here_is_said_before_and_after(tmp_path: Path) -> None:
    async with scene_with(tmp_path) as (scene, mine):
        await let_in(scene, mine, "bob")
        link, _ = await link_of(scene, "alice")
        seen = await mine.get(link)
        assert f"@{scene.name('bob')} is signed in here" in seen.words
        assert f"@{scene.name('bob')}" in (await mine.get("/runs")).words
        landed = await mine.send(seen.form(f"Continue as @{scene.name('alice')}"))
        assert f"@{scene.name('bob')} was signed in here, and is signed out now" in landed.words
        assert f"@{scene.name('bob')}" not in (await mine.get("/runs")).words


async def test_signing_out_ends_the_session_here_alone(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, phone):
        await let_in(scene, mine)
        await let_in(scene, phone)
        kept = mine.cookies["muster-session"]
        out = await mine.send((await mine.get("/runs")).form("/out"))
        assert "signed out" in out.words
        assert "muster-session" not in mine.cookies
        mine.session.cookie_jar.update_cookies({"muster-session": kept})
        assert (await mine.get("/runs")).status == 401
        assert (await phone.get("/runs")).status == 200


async def test_settings_end_all_sessions_and_links(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 3) as (scene, mine, phone, bobs):
        await let_in(scene, bobs, "bob")
        for ended_by in ("settings sign out", "button", "page"):
            await let_in(scene, mine)
            await let_in(scene, phone)
            link, code = await link_of(scene)
            if ended_by == "button":
                before = set(scene.alice.screen)
                answer = await scene.alice.command(scene.town["id"], f"/{scene.trigger} settings")
                assert "settings sign out" in answer
                post = await scene.alice.sees(
                    "What I tell you unasked", that=lambda one, old=before: one["id"] not in old
                )
                await scene.alice.press(post, "Sign out of the pages")
                await scene.alice.sees("signed out of the pages in 2 browsers")
            elif ended_by == "page":
                await mine.send((await mine.get("/settings")).form("/act/settings.sign_out"))
            else:
                answer = await scene.alice.command(scene.town["id"], f"/{scene.trigger} {ended_by}")
                assert "signed out of the pages in 2 browsers" in answer
            assert [(await one.get("/runs")).status for one in (mine, phone)] == [401, 401]
            assert (await mine.get(link)).status == 410
            assert (await mine.send((await mine.get("/in")).form("/in"), code=code)).status == 422
        assert (await bobs.get("/runs")).status == 200


async def test_a_session_ends_after_a_week_without_use_and_after_a_month(tmp_path: Path) -> None:
    async with scene_with(tmp_path) as (scene, mine):
        await let_in(scene, mine)
        for _ in range(4):
            scene.pass_time(days=6)
            assert (await mine.get("/runs")).status == 200
        scene.pass_time(days=6)
        over = await mine.get("/runs")
        assert over.status == 401
        assert "has ended" in over.words
        await let_in(scene, mine)
        scene.pass_time(days=7)
        assert (await mine.get("/runs")).status == 401


async def test_the_session_ends_with_the_account_and_with_the_last_team(tmp_path: Path) -> None:
    async with scene_with(tmp_path, 2) as (scene, mine, bobs):
        await let_in(scene, mine)
        await let_in(scene, bobs, "bob")
        await scene.admin.rest("PUT", f"/users/{scene.bob.id}/active", {"active": False})
        await scene.admin.rest("DELETE", f"/teams/{scene.team['id']}/members/{scene.alice.id}")
        scene.pass_time(minutes=16)
        gone, left = await bobs.get("/runs"), await mine.get("/runs")
        assert (gone.status, left.status) == (401, 401)
        assert "deactivated" in gone.words
        assert "in no team" in left.words
        # Even if they come back, they have to come in anew.
        await scene.admin.rest("PUT", f"/users/{scene.bob.id}/active", {"active": True})
        scene.pass_time(minutes=16)
        assert (await bobs.get("/runs")).status == 401


async def test_no_secret_is_stored_or_logged(tmp_path: Path) -> None:
    def stored(store: Store) -> str:
        tables = ("page_session", "page_pass", "outbox", "heard")
        connection = store.session.connection()
        return str([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables])

    with capture_logs() as logged:
        async with scene_with(tmp_path) as (scene, mine):
            await let_in(scene, mine)
            link, code = await link_of(scene)
            assert (await mine.get(link)).status == 200
            secrets = [link.rpartition("/")[2], code.replace("-", ""), mine.cookies["muster-session"]]
            found = await scene.bot.desk.ask(stored) + str(logged)
    assert found.count(scene.alice.id) > 2
    assert "signed_in" in found
    assert [one for one in secrets if one in found] == []


async def test_no_log_has_a_link_that_still_lets_in(tmp_path: Path) -> None:
    with capture_logs() as logged:
        async with scene_with(tmp_path) as (scene, mine):
            link, _ = await link_of(scene)
            form = (await mine.get(link)).forms[0]
            assert (await mine.send(form, headers={"Origin": "https://evil.example"})).status == 403
            assert (await mine.get(link)).status == 200
    assert [one["path"] for one in logged if one.get("action") == "refused"] == ["/in/{pass}"]
    assert link.rpartition("/")[2] not in str(logged)


async def test_the_cookie_is_for_the_server_alone_and_comes_with_links_to_here(tmp_path: Path) -> None:
    async with scene_with(tmp_path) as (scene, mine):
        link, _ = await link_of(scene)
        answer = await mine.send((await mine.get(link)).forms[0], follow=False)
        (cookie,) = [one for one in answer.headers.getall("Set-Cookie") if one.startswith("muster-session=")]
        assert re.search(r"; HttpOnly; Max-Age=2592000; Path=/; SameSite=Lax$", cookie)


async def test_pages_work_without_callbacks_and_links_are_asked_for_by_message(tmp_path: Path) -> None:
    async with (
        stage(tmp_path, pages=pages(), callbacks=Callbacks(mode="off")) as scene,
        browser(scene.config.pages.url) as mine,
    ):
        seen = await mine.get("/runs")
        assert f"@{scene.me} open" in seen.words
        await scene.alice.say(scene.town["id"], f"@{scene.me} open")
        found = words(await scene.alice.sees("Open the pages"))
        link = re.search(r"\]\((http\S+)\)", found)
        assert link is not None, found
        assert (await mine.send((await mine.get(link[1])).forms[0])).status == 200


async def test_pages_may_stand_below_a_path(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], pages=pages("/muster")) as scene, browser(scene.config.pages.url) as mine:
        link, _ = await link_of(scene, words="open /settings")
        assert link.startswith(f"{mine.url}/in/")
        landed = await mine.send((await mine.get(link)).forms[0])
        assert landed.url == f"{mine.url}/settings"
        off = await mine.send(landed.forms[1])
        assert (off.url, "daily digest is off" in off.words) == (landed.url, True)
        addresses = re.findall(r'(?:href|src|action|data-events)="([^"#]+)"', off.text + (await mine.get("/runs")).text)
        assert [one for one in addresses if not one.startswith("/muster/")] == []
        for name in re.findall(r"/muster(/static/[^\"]+)", off.text):
            assert (await mine.get(name)).status == 200
        (cookie,) = [one for one in mine.session.cookie_jar if one.key == "muster-session"]
        assert cookie["path"] == "/muster"
        assert (await mine.get(mine.url.removesuffix("/muster") + "/runs")).status == 404


async def test_without_an_address_there_are_no_pages(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        answer = await scene.alice.command(scene.town["id"], f"/{scene.trigger} open")
        assert "no pages" in answer
        assert "sign out" not in await scene.alice.command(scene.town["id"], f"/{scene.trigger} settings")
