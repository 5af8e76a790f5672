"""The way in: a link or a code that the bot gave, and the way out; whoever comes in gets a new session."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.pages.address import Address, path_of, see
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.guard import is_made_for
from bot.pages.visits import Visits
from handlers.context import Context, known_person
from handlers.events import Person
from handlers.pages.visitor import Visitor, WhyNot, may_enter
from handlers.text.paths import wanted
from store import SESSION_AT_MOST

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a pass lets in, and where they want to go."""

    person: Person
    wanted: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """Lets people in and out."""

    address: Address
    drawing: Drawing
    visits: Visits

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Answer at the addresses of the way in and out."""
        to = self.address.to
        router.add_get(to("/in"), self.look)
        router.add_post(to("/in"), self.type)
        router.add_get(to("/in/{pass}"), self.ask)
        router.add_post(to("/in/{pass}"), self.enter)
        router.add_post(to("/out"), self.leave)

    async def look(self, request: web.Request) -> web.StreamResponse:
        """Show the ways in."""
        return await self._ways_in(request, "", wanted(request.query.get("to", "")), status=200)

    async def ask_in(self, request: web.Request, why: WhyNot) -> web.StreamResponse:
        """Show the ways in where a page was wanted."""
        return await self._ways_in(request, why, wanted(path_of(request, self.address)))

    async def type(self, request: web.Request) -> web.StreamResponse:
        """Let somebody in by a code."""
        sent = await self._sent(request)
        code = "".join(letter for letter in sent.get("code", "").casefold() if letter.isalnum())
        if (invited := await self._invited(code)) is None:
            return await self._ways_in(request, "wrong_code", wanted(sent.get("to", "")), status=422)
        return await self._let_in(request, code, wanted(sent.get("to") or invited.wanted))

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Show whom a link lets in; whoever only fetches its address, as servers and phones do, changes nothing."""
        if (invited := await self._invited(request.match_info["pass"])) is None:
            return await self._ways_in(request, "old_link", wanted(""), status=410)
        who = await self.visits.who(request)
        before = who.person if isinstance(who, Visitor) and who.person.id != invited.person.id else None
        return await self._draw(request, "continue.html.j2", 200, invited=invited, before=before)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Let somebody in by a link."""
        await self._sent(request)
        secret = request.match_info["pass"]
        if (invited := await self._invited(secret)) is None:
            return await self._ways_in(request, "old_link", wanted(""), status=410)
        return await self._let_in(request, secret, wanted(invited.wanted))

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Let somebody out."""
        await self._sent(request)
        key = self.visits.cookies.session(request)
        await self.visits.questions.desk.ask(lambda store: store.end_page_session(key))
        response = await self._draw(request, "out.html.j2", 200)
        self.visits.cookies.drop(response, "session")
        return response

    async def begin(self, request: web.Request, person: Person, to: str) -> web.StreamResponse:
        """Sign somebody in, by a session that is new in any case, and bring them where they wanted."""
        questions, cookies = self.visits.questions, self.visits.cookies
        now, before = questions.now, cookies.session(request)
        secret = await questions.desk.ask(lambda store: store.begin_page_session(person.id, now, before))
        log.info("signed in to the pages", action="signed_in", person=person.id)
        response = see(to, self.address)
        cookies.begin(response, secret, SESSION_AT_MOST.total_seconds())
        return response

    async def _let_in(self, request: web.Request, secret: str, to: str) -> web.StreamResponse:
        now = self.visits.questions.now
        used = await self.visits.questions.desk.ask(lambda store: store.use_page_pass(secret, now))
        if used is None:
            return await self._ways_in(request, "old_link", to, status=410)
        person = await self.visits.questions.directory.person(used.person_id)
        if why := await self.visits.questions.ask(lambda ctx, _: may_enter(ctx, person.id)):
            return await self._ways_in(request, why, to)
        return await self.begin(request, person, to)

    async def _invited(self, secret: str) -> Invited | None:
        def who(ctx: Context, _: Person) -> Invited | None:
            found = ctx.store.page_pass(secret, ctx.now)
            known = ctx.store.person(found.person_id) if found is not None else None
            return Invited(known_person(known), found.wanted) if known is not None and found is not None else None

        return await self.visits.questions.ask(who)

    async def _sent(self, request: web.Request) -> dict[str, str]:
        """Return what a form was filled in with. Raises `HTTPForbidden` where it was not made for this browser."""
        sent = {name: str(value) for name, value in (await request.post()).items()}
        if not is_made_for(sent.get("form", ""), self.visits.cookies.form_token(request)):
            raise web.HTTPForbidden
        return sent

    async def _ways_in(self, request: web.Request, why: str, to: str, status: int = 401) -> web.StreamResponse:
        return await self._draw(request, "in.html.j2", status, why=why, wanted=to)

    async def _draw(self, request: web.Request, template: str, status: int, **values: object) -> web.Response:
        empty = web.Response()
        token = self.visits.cookies.visit(request, empty)
        around = Surroundings(form_token=token, here=path_of(request, self.address))
        response = await self.drawing.draw(request, template, around, status, **values)
        response.cookies.update(empty.cookies)
        return response
