"""Shows a page to who is signed in; whoever is not gets the way in, and comes back here afterwards."""

from dataclasses import dataclass, replace

from aiohttp import web

from bot.pages.address import Address, path_of
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.entrance import Entrance
from bot.pages.guard import Handler
from bot.pages.rows import Page, Served
from bot.pages.visits import Visits
from handlers.context import Context
from handlers.events import Person
from handlers.pages.asked import Asked, NotThere
from handlers.pages.revision import revision_for
from handlers.pages.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows pages."""

    address: Address
    drawing: Drawing
    visits: Visits
    entrance: Entrance

    def of(self, row: Page | Served) -> Handler:
        """Return what shows one page."""

        async def shown(request: web.Request) -> web.StreamResponse:
            who = await self.visits.who(request)
            if not isinstance(who, Visitor):
                return await self.entrance.ask_in(request, who)
            asked = Asked(who.person, dict(request.match_info), dict(request.query), who.told)
            around = Surroundings(
                who.person, who.told, self.visits.cookies.form_token(request), path_of(request, self.address)
            )
            try:
                if isinstance(row, Served):
                    return await row.make(self.visits.questions, asked)
                response = await self._draw(row, request, asked, around)
            except NotThere:
                response = await self.drawing.draw(request, "error.html.j2", around, 404, why="not_there")
            if request.headers.get("X-Muster") != "live":
                await self.visits.used(self.visits.cookies.session(request), who)
            return response

        return shown

    async def _draw(self, row: Page, request: web.Request, asked: Asked, around: Surroundings) -> web.Response:
        run_id = asked.number("run") if "run" in asked.path else 0

        def look(ctx: Context, asker: Person) -> tuple[object, str]:
            # Both are of one moment, so that no change is missed between page and stream.
            revision = revision_for(ctx, asker, run_id) if row.live else ""
            return row.show(ctx, replace(asked, asker=asker)), revision

        value, revision = await self.visits.questions.ask(look, asked.asker)
        if (rehearse := row.rehearse) is not None:
            plan = value
            value = await self.visits.questions.rehearsing.ask(lambda ctx, _: rehearse(ctx, plan), asked.asker)
        events = f"/events?run={run_id}&seen={revision}" if row.live else ""
        return await self.drawing.draw(request, row.template, replace(around, events=events), page=value)
