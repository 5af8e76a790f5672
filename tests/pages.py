"""A browser for tests of pages: it keeps cookies, and sends forms as they stand in a page."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.settings.sections import Pages
from tests.stage import Stage, free_port


def pages(path: str = "", **more: Any) -> Pages:
    """Return settings for pages at a free port of this machine."""
    port = free_port()
    return Pages(url=f"http://127.0.0.1:{port}{path}", listen_port=port, **more)


@dataclass
class Form:
    """A form of a page: where it goes, what it holds, and what its button says."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    button: str = ""


class _Reader(HTMLParser):
    """Finds the forms of a page, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._inside: Form | None = None
        self._area = ""
        self._in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(given.get("action", ""))
            self.forms.append(self._inside)
        elif self._inside is not None and tag == "input" and given.get("type") != "checkbox" and "name" in given:
            self._inside.fields[given["name"]] = given.get("value", "")
        elif self._inside is not None and tag == "textarea":
            self._area = given["name"]
            self._inside.fields[self._area] = ""
        self._in_button = tag == "button"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        if tag == "textarea":
            self._area = ""
        if tag == "button":
            self._in_button = False

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._inside is not None and self._area:
            self._inside.fields[self._area] += data
        if self._inside is not None and self._in_button:
            self._inside.button += data.strip()


@dataclass
class Seen:
    """A page as a browser has it."""

    status: int
    url: str
    text: str
    headers: Any

    @property
    def words(self) -> str:
        """What somebody reads, in one line."""
        return " ".join(" ".join(self._read.words).split())

    @property
    def forms(self) -> list[Form]:
        return self._read.forms

    def form(self, ending: str) -> Form:
        """Return the one form that goes to an address with an ending, or has a button that says so."""
        found = [one for one in self.forms if one.action.endswith(ending) or one.button == ending]
        assert len(found) == 1, (ending, self.forms)
        return found[0]

    @property
    def _read(self) -> _Reader:
        read = _Reader()
        read.feed(self.text)
        return read


@dataclass
class Browser:
    """A browser at the pages at `url`."""

    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str, follow: bool = True, **headers: str) -> Seen:
        """Look at a page, by its path or its whole address."""
        return await self.ask("GET", path, follow=follow, headers=headers)

    async def send(
        self, form: Form, /, follow: bool = True, headers: dict[str, str] | None = None, **filled: str
    ) -> Seen:
        """Send a form as it stands in a page, with what it was filled in with."""
        parts = urlsplit(self.url)
        given = {"Origin": f"{parts.scheme}://{parts.netloc}", **(headers or {})}
        return await self.ask("POST", form.action, follow=follow, data={**form.fields, **filled}, headers=given)

    async def ask(self, method: str, path: str, follow: bool = True, **more: Any) -> Seen:
        here = urlsplit(self.url)
        # What stands in a page has the path before it, what a test names has not.
        path = path.removeprefix(here.path) if here.path else path
        url = path if path.startswith("http") else f"{self.url}{path}"
        async with self.session.request(method, url, allow_redirects=follow, **more) as answer:
            return Seen(answer.status, str(answer.url), await answer.text(), answer.headers)

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps."""
        return {cookie.key: cookie.value for cookie in self.session.cookie_jar}


async def link_of(scene: Stage, name: str = "alice", words: str = "open") -> tuple[str, str]:
    """Have somebody ask for a link; return it, and the code beside it."""
    answer = await scene.people[name].command(scene.town["id"], f"/{scene.trigger} {words}")
    link, code = re.search(r"\]\((http\S+)\)", answer), re.search(r"code `([a-z0-9-]+)`", answer)
    assert link is not None, answer
    assert code is not None, answer
    return link[1], code[1]


async def let_in(scene: Stage, mine: "Browser", name: str = "alice") -> Seen:
    """Have somebody sign in with a browser."""
    link, _ = await link_of(scene, name)
    landed = await mine.send((await mine.get(link)).forms[-1])
    assert landed.status == 200, landed.words
    return landed


@asynccontextmanager
async def browser(url: str) -> AsyncIterator[Browser]:
    """Open a browser without any cookies."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(url, session)
