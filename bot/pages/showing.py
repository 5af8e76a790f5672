"""Shows a page to who is signed in; whoever is not gets the way in, and comes back here afterwards."""

from dataclasses import dataclass, replace

from aiohttp import web

from bot.pages.address import Address, path_of
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.entrance import Entrance
from bot.pages.guard import Handler
from bot.pages.rows import Page
from bot.pages.visits import Visits
from handlers.pages.asked import Asked, NotThere
from handlers.pages.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows pages."""

    address: Address
    drawing: Drawing
    visits: Visits
    entrance: Entrance

    def of(self, page: Page) -> Handler:
        """Return what shows one page."""

        async def shown(request: web.Request) -> web.StreamResponse:
            who = await self.visits.who(request)
            if not isinstance(who, Visitor):
                return await self.entrance.ask_in(request, who)
            return await self._show(page, request, who)

        return shown

    async def _show(self, page: Page, request: web.Request, who: Visitor) -> web.Response:
        asked = Asked(who.person, dict(request.match_info), dict(request.query))
        around = Surroundings(
            who.person, who.told, self.visits.cookies.form_token(request), path_of(request, self.address)
        )
        questions, key = self.visits.questions, self.visits.cookies.session(request)
        try:
            value = await questions.ask(lambda ctx, asker: page.show(ctx, replace(asked, asker=asker)), who.person)
        except NotThere:
            return await self.drawing.draw(request, "error.html.j2", around, 404, why="not_there")
        response = await self.drawing.draw(request, page.template, around, page=value)
        await self.visits.used(key, who)
        return response
