"""The pages, as people's browsers see them: whether their address leads here, and whether Mattermost lets people in."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.admin.findings import Finding, ill, note, well
from bot.driver import ServerRefused, connect
from bot.pages.oauth import Provider, provider_of
from bot.settings.config import Config
from bot.settings.sections import Pages

IN_TIME = aiohttp.ClientTimeout(total=10)
STILL = "everything in chat; only the pages do not open."
BY_LINK = "people get into the pages by a link or a code."
OURS = "Muster</title>"
"""What the way into the pages says of itself."""


async def examine_pages(config: Config) -> AsyncIterator[Finding]:
    """Yield whether the pages can be reached and got into; nothing where there are none."""
    if not config.pages.url:
        return
    async with _answering(config.pages) as (mark, why):
        yield (
            ill(why, "Free that port, or choose another listen_port in [pages].", STILL)
            if why
            else await _reached(config.pages, mark)
        )
    if config.pages.oauth_client_id or config.pages.oauth_client_secret.get_secret_value():
        yield await _oauth(config)


@asynccontextmanager
async def _answering(pages: Pages) -> AsyncIterator[tuple[str, str]]:
    """Have the bot answer where it listens, or the doctor; give what is answered, or why nobody can."""
    mark = f"{secrets.token_hex(8)} {OURS}"

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=f"<title>{mark}", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, pages.listen_host, pages.listen_port).start()
        except OSError as error:
            is_ours = OURS in (await _asked(_local(pages), Host=urlsplit(pages.url).netloc))[1]
            mark = OURS
            if not is_ours:
                at = f"{pages.listen_host}:{pages.listen_port}"
                yield "", f"Muster cannot listen for its pages at {at}: {error.strerror}."
                return
        yield mark, ""


async def _reached(pages: Pages, mark: str) -> Finding:
    status, text = await _asked(f"{pages.url}/in")
    at = f"{pages.listen_host}:{pages.listen_port}"
    if status == 200 and mark in text:
        return well(f"The pages can be reached at {pages.url}.")
    if status == 421:
        return ill(
            f"What stands in front of the pages at {pages.url} does not say by which name it was asked.",
            "Let it pass the Host header on, in nginx by: proxy_set_header Host $host;",
            STILL,
        )
    if status in (502, 503, 504):
        return ill(f"What answers at {pages.url} does not reach Muster at {at}.", f"Let it lead to {at}.", STILL)
    what = f"something else answers there ({status})" if status else f"nothing answers from here: {text}"
    return ill(
        f"The pages cannot be reached at {pages.url}: {what}.",
        f"Let what stands in front lead to {at}, or correct [pages] url.",
        STILL,
    )


async def _oauth(config: Config) -> Finding:
    provider = provider_of(config.pages, config.server.url, verify=config.server.verify_tls)
    if provider is None:
        return ill(
            "Of the OAuth 2.0 application for the pages only one of id and secret is known.",
            "Set [pages] oauth_client_id and MUSTER_PAGES_OAUTH_CLIENT_SECRET, or neither.",
            BY_LINK,
        )
    return await _known(provider, f"{config.pages.url}/oauth/back")


async def _known(provider: Provider, back: str) -> Finding:
    """Ask for a made-up code: to an application that it knows the server says that it is old."""
    door = connect(provider.server, "", verify=provider.verify)
    try:
        await provider.token_for(door, "made-up-by-the-doctor", "", back)
    except ServerRefused as refusal:
        if refusal.status == 400 and "code" in f"{refusal.id} {refusal.message}":
            return well("People who are signed in to Mattermost get into the pages by that.")
        if refusal.status == 501 or "turn_off" in refusal.id or "disabled" in refusal.id:
            return ill(
                "The server lets no application ask who somebody is.",
                "Switch EnableOAuthServiceProvider on (System Console > Integration Management).",
                BY_LINK,
            )
        return ill(
            f"The server does not know the OAuth 2.0 application of the pages ({refusal.status} {refusal.id}).",
            f"Correct its id and secret; its callback address has to be {back}.",
            BY_LINK,
        )
    finally:
        await door.close()
    return note("The server gave a token for a made-up code, which none does that Muster knows.")


async def _asked(url: str, **headers: str) -> tuple[int, str]:
    """Return with which status, and what, somebody answers; 0 and why where nobody does."""
    try:
        async with (
            aiohttp.ClientSession(timeout=IN_TIME, headers=headers) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return answer.status, (await answer.content.read(4000)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return 0, str(error) or "no answer in time"


def _local(pages: Pages) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(pages.listen_host, pages.listen_host)  # noqa: S104 - asked there
    return f"http://{host}:{pages.listen_port}{urlsplit(pages.url).path.rstrip('/')}/in"
