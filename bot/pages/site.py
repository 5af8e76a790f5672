"""The pages as a web application: what holds for all of them, and who answers at which address."""

import asyncio
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.driver import ServerRefused, ServerUnreachable
from bot.logs.addresses import route_of
from bot.pages.acting import Acting
from bot.pages.address import Address, see
from bot.pages.cookies import Cookies
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.entrance import Entrance
from bot.pages.forms import AT_ONCE, MAX_FIELDS, MAX_UPLOAD, MAX_WHOLE, is_upload
from bot.pages.guard import Handler, comes_from_here, is_for, secured
from bot.pages.guesses import Guesses
from bot.pages.live import Live, Revisions
from bot.pages.oauth import OAuth, Provider
from bot.pages.questions import Questions
from bot.pages.rows import PAGES
from bot.pages.showing import Showing
from bot.pages.static import read_static
from bot.pages.visits import Visits
from bot.transaction.pace import PersonalPace
from handlers.text.paths import HOME
from handlers.unsure import Unsure
from store import Conflict, Unavailable

log = structlog.get_logger()

ELSEWHERE = "These pages are at {}; what stands in front of them has to pass the Host header on."
_WHY = {400: "no_form", 403: "forged", 404: "not_there", 405: "not_there", 413: "too_long"}


@dataclass(frozen=True, slots=True)
class Site:
    """All pages of an installation; `streams` is how many open ones are told of changes at most, `provider`
    lets in who is signed in to Mattermost."""

    address: Address
    questions: Questions
    pace: PersonalPace
    streams: int
    provider: Provider | None = None

    def application(self) -> web.Application:
        """Return the pages as a web application."""
        desk = self.questions.desk
        static = read_static()
        drawing = Drawing(self.address, static, lambda: desk.here, desk.clock)
        visits = Visits(self.questions, Cookies(self.address))
        entrance = Entrance(self.address, drawing, visits, Guesses(desk.clock), self.provider is not None)
        showing = Showing(self.address, drawing, visits, entrance)
        acting = Acting(self.address, drawing, visits, entrance, self.pace)
        live = Live(visits, Revisions(self.questions), self.streams)
        app = web.Application(
            client_max_size=MAX_WHOLE, client_max_fields=MAX_FIELDS, middlewares=[self._guarded(drawing)]
        )
        app.on_response_prepare.append(self._secure)
        drawing.set_up(app)
        live.set_up(app)
        to = self.address.to
        app.router.add_get(to("/static/{name}"), static.serve)
        app.router.add_get(to("/"), self._home)
        entrance.add_to(app.router)
        if self.provider is not None:
            OAuth(self.provider, entrance).add_to(app.router)
        app.router.add_post(to("/act/{action}"), acting.act)
        app.router.add_get(to("/events"), live.stream)
        for row in PAGES:
            app.router.add_get(to(row.path), showing.of(row))
        return app

    async def _home(self, _request: web.Request) -> web.Response:
        return see(HOME, self.address)

    async def _secure(self, _request: web.Request, response: web.StreamResponse) -> None:
        secured(response, self.address)

    def _guarded(self, drawing: Drawing) -> Middleware:
        uploads = asyncio.Semaphore(AT_ONCE)

        async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not is_upload(request):
                return await handler(request)
            async with uploads:
                return await handler(request.clone(client_max_size=MAX_UPLOAD))

        async def why(request: web.Request, status: int, why: str) -> web.Response:
            return await drawing.draw(request, "error.html.j2", Surroundings(), status, why=why)

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not is_for(request, self.address):
                return web.Response(status=421, text=ELSEWHERE.format(self.address.url))
            if request.method not in ("GET", "HEAD") and not comes_from_here(request, self.address):
                log.warning("a form of another site", action="refused", path=route_of(request))
                return await why(request, 403, "forged")
            try:
                _require_words(request)
                return await answered(request, handler)
            except web.HTTPException as error:
                return await why(request, error.status, _WHY.get(error.status, "failed"))
            except (Unavailable, Conflict, ServerRefused, ServerUnreachable, Unsure) as error:
                log.warning("a page was not shown", action="page_failed", path=route_of(request), why=str(error))
                return await why(request, 503, "away")
            except Exception:
                log.exception("a page broke", action="page_broke", path=route_of(request))
                return await why(request, 500, "failed")

        return guarded


def _require_words(request: web.Request) -> None:
    """Raise `HTTPNotFound` for an address that no database can be asked for."""
    if "\0" in request.path or "\0" in request.query_string:
        raise web.HTTPNotFound
