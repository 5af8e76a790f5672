"""A visit to the bot's pages, as a browser does it: it follows a link, presses the one button, and reads."""

import html
import re

import aiohttp
from yarl import URL

from sandbox.human import NotSeen

_LINK = re.compile(r"\]\((http[^)]+)\)")
_HIDDEN = re.compile(r'<input type="?hidden"? name="?(\w+)"? value="([^"]*)"')
_ACTION = re.compile(r'<form[^>]* action="([^"]+)"')
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.S)


async def visit(answer: str, path: str) -> str:
    """Follow the link of an answer, sign in where it leads, and return the words of the page at a path."""
    found = _LINK.search(answer)
    if found is None:
        raise NotSeen("a link")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        link = URL(found[1])
        entrance = await _read(browser, "GET", link)
        form = entrance[entrance.index("<main") :]
        action = _ACTION.search(form)
        fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(form)}
        to = link.join(URL(html.unescape(action[1]))) if action else link
        await _read(browser, "POST", to, fields)
        page = await _read(browser, "GET", link.with_path(path).with_query(None))
    return " ".join(html.unescape(_TAG.sub(" ", page[page.index("<main") :])).split())


async def _read(browser: aiohttp.ClientSession, method: str, url: URL, fields: dict[str, str] | None = None) -> str:
    async with browser.request(method, url, data=fields, headers={"Origin": str(url.origin())}) as answer:
        if answer.status != 200:
            raise NotSeen(f"the page {url.path}, but {answer.status}")
        return await answer.text()
