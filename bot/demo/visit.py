"""A visit to the bot's pages, as a browser does it: it follows a link, presses the one button, and reads."""

from html.parser import HTMLParser

import aiohttp
from yarl import URL

from sandbox.human import NotSeen

OK = 200


class _Page(HTMLParser):
    """What a page's main part says, and the first form in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._words: list[str] = []
        self._is_main = False
        self.feed(html)

    @property
    def words(self) -> str:
        return " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_main = self._is_main or tag == "main"
        if self._is_main and tag == "form" and self.action is None:
            self.action = given.get("action", "")
        elif self._is_main and tag == "input" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._is_main:
            self._words.append(data)


async def visit(answer: str, path: str) -> str:
    """Follow the link of an answer, sign in where it leads, and return the words of the page at a path."""
    link = URL(answer.partition("](")[2].partition(")")[0])
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        entrance = await _read(browser, "GET", link)
        await _read(browser, "POST", link.join(URL(entrance.action or "")), entrance.fields)
        return (await _read(browser, "GET", link.with_path(path).with_query(None))).words


async def _read(browser: aiohttp.ClientSession, method: str, url: URL, fields: dict[str, str] | None = None) -> _Page:
    async with browser.request(method, url, data=fields, headers={"Origin": str(url.origin())}) as answer:
        if answer.status != OK:
            raise NotSeen(f"the page {url.path}, but {answer.status}")
        return _Page(await answer.text())
