"""The way in: a link or a code that the bot gave, and the way out; whoever comes in gets a new session."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.pages.address import Address, path_of, see
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.forms import sent_with
from bot.pages.guard import is_made_for
from bot.pages.guesses import Guesses, place_of
from bot.pages.visits import Visits
from handlers.context import Context, known_person
from handlers.events import Person
from handlers.pages.visitor import Visitor, WhyNot, may_enter
from handlers.text.paths import HOME, wanted
from handlers.text.sentences import say
from store import PASS_FOR, SESSION_AT_MOST, Flash

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a pass lets in, and where they want to go."""

    person: Person
    wanted: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """Lets people in and out; `has_oauth` tells whether being signed in to Mattermost is a way in."""

    address: Address
    drawing: Drawing
    visits: Visits
    guesses: Guesses
    has_oauth: bool

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
        return await self.ways_in(request, "", wanted(request.query.get("to", "")), status=200)

    async def ask_in(self, request: web.Request, why: WhyNot) -> web.StreamResponse:
        """Show the ways in where a page was wanted."""
        return await self.ways_in(request, why, wanted(path_of(request, self.address)))

    async def type(self, request: web.Request) -> web.StreamResponse:
        """Let somebody in by a code."""
        sent, place = await self._sent(request), place_of(request)
        to = wanted(sent.get("to", ""))
        if not self.guesses.may_try(place):
            return await self.ways_in(request, "too_many", to, status=429)
        code = "".join(letter for letter in sent.get("code", "").casefold() if letter.isalnum())
        if (invited := await self._invited(code, is_code=True)) is None:
            self.guesses.was_wrong(place)
            return await self.ways_in(request, "wrong_code", to, status=422)
        to = to if to != HOME else wanted(invited.wanted)
        return await self._let_in(request, code, to, is_code=True)

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Show whom a link lets in; whoever only fetches its address, as servers and phones do, changes nothing."""
        if (invited := await self._invited(request.match_info["pass"])) is None:
            return await self.ways_in(request, "old_link", wanted(""), status=410)
        who = await self.visits.who(request)
        before = who.person if isinstance(who, Visitor) and who.person.id != invited.person.id else None
        return await self._draw(request, "continue.html.j2", 200, invited=invited, before=before)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Let somebody in by a link."""
        await self._sent(request)
        secret = request.match_info["pass"]
        if (invited := await self._invited(secret)) is None:
            return await self.ways_in(request, "old_link", wanted(""), status=410)
        return await self._let_in(request, secret, wanted(invited.wanted))

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Let somebody out."""
        await self._sent(request)
        key = self.visits.cookies.session(request)
        await self.visits.questions.desk.ask(lambda store: store.end_page_session(key))
        response = await self._draw(request, "out.html.j2", 200)
        self.visits.cookies.drop(response, "session")
        return response

    async def admit(self, request: web.Request, person_id: str, to: str) -> web.StreamResponse:
        """Sign somebody in, if they may be, by a session that is new in any case, and bring them where they wanted."""
        questions, cookies = self.visits.questions, self.visits.cookies
        person = await questions.directory.person(person_id)
        if why := await questions.ask(lambda ctx, _: may_enter(ctx, person_id)):
            return await self.ways_in(request, why, to)
        now, before = questions.now, cookies.session(request)
        told = await self._whom_it_was(request, person)
        secret = await questions.desk.ask(lambda store: store.begin_page_session(person_id, now, before, told))
        log.info("signed in to the pages", action="signed_in", person=person_id)
        response = see(to, self.address)
        cookies.begin(response, secret, SESSION_AT_MOST.total_seconds())
        return response

    async def ways_in(
        self, request: web.Request, why: str, to: str, status: int = 401, kept: Sequence[str] = ()
    ) -> web.StreamResponse:
        """Show the ways in, and why they are shown, by a word of the template; and what somebody wrote in vain."""
        minutes = PASS_FOR.total_seconds() // 60
        values = {"why": why, "wanted": to, "minutes": int(minutes), "has_oauth": self.has_oauth, "kept": kept}
        return await self._draw(request, "in.html.j2", status, **values)

    async def _whom_it_was(self, request: web.Request, person: Person) -> list[Flash]:
        """Return what is told of who was signed in here before, if that was somebody else."""
        who = await self.visits.who(request)
        if not isinstance(who, Visitor) or who.person.id == person.id:
            return []
        reader = self.visits.questions.desk.here.reader(person)
        return [Flash(text=say("pages", reader, before=who.person.username)["was_here"])]

    async def _let_in(self, request: web.Request, secret: str, to: str, *, is_code: bool = False) -> web.StreamResponse:
        """Let in whom a pass names, which is used up by that."""
        now = self.visits.questions.now
        used = await self.visits.questions.desk.ask(lambda store: store.use_page_pass(secret, now, is_code=is_code))
        if used is None:
            return await self.ways_in(request, "old_link", to, status=410)
        return await self.admit(request, used.person_id, to)

    async def _invited(self, secret: str, *, is_code: bool = False) -> Invited | None:
        def who(ctx: Context, _: Person) -> Invited | None:
            found = ctx.store.page_pass(secret, ctx.now, is_code=is_code)
            known = ctx.store.person(found.person_id) if found is not None else None
            return Invited(known_person(known), found.wanted) if known is not None and found is not None else None

        return await self.visits.questions.ask(who)

    async def _sent(self, request: web.Request) -> dict[str, str]:
        """Return what a form was filled in with. Raises `HTTPForbidden` where it was not made for this browser."""
        sent = await sent_with(request)
        if not is_made_for(sent.get("form", ""), self.visits.cookies.form_token(request)):
            raise web.HTTPForbidden
        return sent

    async def _draw(self, request: web.Request, template: str, status: int, **values: object) -> web.Response:
        empty = web.Response()
        token = self.visits.cookies.visit(request, empty)
        around = Surroundings(form_token=token, here=path_of(request, self.address))
        response = await self.drawing.draw(request, template, around, status, **values)
        response.cookies.update(empty.cookies)
        return response
