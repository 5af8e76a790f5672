"""The pages as a web application: what holds for all of them, and who answers at which address."""

from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.driver import ServerRefused, ServerUnreachable
from bot.pages.acting import Acting
from bot.pages.address import Address, see
from bot.pages.cookies import Cookies
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.entrance import Entrance
from bot.pages.guard import Handler, comes_from_here, is_for, secured
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

MAX_BODY = 256 * 1024
"""Bytes that a form has at most; what a person writes at once is far less."""
ELSEWHERE = "These pages are at {}; what stands in front of them has to pass the Host header on."


@dataclass(frozen=True, slots=True)
class Site:
    """All pages of an installation."""

    address: Address
    questions: Questions
    pace: PersonalPace

    def application(self) -> web.Application:
        """Return the pages as a web application."""
        desk = self.questions.desk
        static = read_static()
        drawing = Drawing(self.address, static, lambda: desk.here, desk.clock)
        visits = Visits(self.questions, Cookies(self.address))
        entrance = Entrance(self.address, drawing, visits)
        showing = Showing(self.address, drawing, visits, entrance)
        acting = Acting(self.address, drawing, visits, entrance, self.pace)
        app = web.Application(client_max_size=MAX_BODY, middlewares=[self._guarded(drawing)])
        drawing.set_up(app)
        to = self.address.to
        app.router.add_get(to("/static/{name}"), static.serve)
        app.router.add_get(to("/"), self._home)
        entrance.add_to(app.router)
        app.router.add_post(to("/act/{action}"), acting.act)
        for page in PAGES:
            app.router.add_get(to(page.path), showing.of(page))
        return app

    async def _home(self, _request: web.Request) -> web.Response:
        return see(HOME, self.address)

    def _guarded(self, drawing: Drawing) -> Middleware:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await self._answer(request, handler, drawing)
            if not response.prepared:
                secured(response, self.address)
            return response

        return guarded

    async def _answer(self, request: web.Request, handler: Handler, drawing: Drawing) -> web.StreamResponse:
        if not is_for(request, self.address):
            return web.Response(status=421, text=ELSEWHERE.format(self.address.url))
        if request.method not in ("GET", "HEAD") and not comes_from_here(request, self.address):
            log.warning("a form of another site", action="refused", path=request.path)
            return await drawing.draw(request, "error.html.j2", Surroundings(), 403, why="forged")
        try:
            return await handler(request)
        except web.HTTPException as answer:
            why = {404: "not_there", 405: "not_there", 413: "too_long"}.get(answer.status, "failed")
            return await drawing.draw(request, "error.html.j2", Surroundings(), answer.status, why=why)
        except (Unavailable, Conflict, ServerRefused, ServerUnreachable, Unsure) as error:
            log.warning("a page was not shown", action="page_failed", path=request.path, why=str(error))
            return await drawing.draw(request, "error.html.j2", Surroundings(), 503, why="away")
        except Exception:
            log.exception("a page broke", action="page_broke", path=request.path)
            return await drawing.draw(request, "error.html.j2", Surroundings(), 500, why="failed")
