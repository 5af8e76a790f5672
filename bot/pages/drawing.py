"""Draws a page: a template of `templates/pages` with its value, in its reader's language and by their clock."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from jinja2 import PackageLoader, StrictUndefined, pass_context
from markupsafe import Markup

from bot.pages import markdown
from bot.pages.address import Address
from bot.pages.static import Static
from handlers.context import Installation
from handlers.events import Person
from handlers.text import sentences
from handlers.text.readers import ANYBODY, Reader
from store import Flash


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What each page shows besides its own: who is signed in, what there is to tell, and what its forms carry.

    `here` is the page's own path, where its forms come back to; `events` is where it is told of changes, if anywhere.
    """

    person: Person | None = None
    told: tuple[Flash, ...] = ()
    form_token: str = field(default="", repr=False)
    here: str = ""
    events: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws pages for one installation."""

    address: Address
    static: Static
    installation: Callable[[], Installation]
    clock: Callable[[], datetime]

    def set_up(self, app: web.Application) -> None:
        """Let an application draw pages."""
        made = aiohttp_jinja2.setup(
            app,
            loader=PackageLoader("templates", "pages"),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            filters=_FILTERS,
        )
        made.globals |= {
            "to": self.address.to,
            "static": lambda name: self.address.to(f"/static/{self.static.names[name]}"),
            "once": lambda: secrets.token_urlsafe(12),
            "refused": _refused,
        }

    async def draw(
        self, request: web.Request, template: str, around: Surroundings, status: int = 200, **values: Any
    ) -> web.Response:
        """Return a page, drawn beside everything else."""
        here = self.installation()
        reader = here.reader(around.person) if around.person is not None else ANYBODY
        given = {"around": around, "reader": reader, "now": self.clock(), "call": here.call, "site": here.site_url}
        text = await asyncio.to_thread(aiohttp_jinja2.render_string, template, request, given | values)
        return web.Response(text=text, content_type="text/html", status=status)


@pass_context
def _refused(context: Mapping[str, Any], action: str, run: int = 0, **values: str) -> Flash | None:
    """Return what was refused just now of a form that held these values, None where nothing was."""
    told = reversed(context["around"].told)
    here = (one for one in told if (one.action, one.run_id) == (action, run))
    return next((one for one in here if all(one.values.get(name) == said for name, said in values.items())), None)


def _to_reader(said: Callable[..., str]) -> Any:
    return pass_context(lambda context, value, *more: said(value, context["reader"], *more))


def _clock_zone(at: datetime, reader: Reader) -> str:
    return reader.zone_name(at)


_FILTERS: dict[str, Any] = {
    "clock": pass_context(lambda context, at: sentences.clock(at, context["reader"], context["now"])),
    "clock_zone": _to_reader(_clock_zone),
    "counted": _to_reader(sentences.counted),
    "markdown": lambda text: Markup(markdown.html(text)),  # noqa: S704 - made safe there
    "span": _to_reader(sentences.span),
    "weekday": _to_reader(sentences.weekday),
}
