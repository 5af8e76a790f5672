"""Who looks at a page: asked anew with each request, so that a session ends with the rights of its person."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.directory.directory import Unknown
from bot.driver import ServerRefused, ServerUnreachable
from bot.pages.cookies import Cookies
from bot.pages.questions import Questions
from handlers.pages.visitor import Visitor, WhyNot, visitor
from store import NOTED_EVERY

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visits:
    """Finds out who is signed in, and ends the sessions of those who may not be any more."""

    questions: Questions
    cookies: Cookies

    async def who(self, request: web.Request) -> Visitor | WhyNot:
        """Return who looks at a page, or why nobody does."""
        key = self.cookies.session(request)
        found = await self._found(key)
        if found in ("deactivated", "no_team"):
            log.info("a session has ended", action="session_over", why=found)
            await self.questions.desk.ask(lambda store: store.end_page_session(key))
        return found

    async def used(self, key: str, who: Visitor) -> None:
        """Note that a session is used, and that what was to be told has been; most looks at a page write nothing."""
        now = self.questions.now
        if who.told or now - who.used_at >= NOTED_EVERY:
            await self.questions.desk.ask(lambda store: store.use_page_session(key, now))

    async def _found(self, key: str) -> Visitor | WhyNot:
        """Return who it is as the server says, which is asked anew where it was asked long ago."""
        found = await self.questions.ask(lambda ctx, _: visitor(ctx, key))
        if not isinstance(found, Visitor):
            return found
        try:
            is_as_before = await self.questions.directory.person(found.person.id) == found.person
        except Unknown:
            return "deactivated"
        except (ServerRefused, ServerUnreachable) as error:
            log.warning("not known who looks at a page", action="not_asked", why=str(error))
            return found
        return found if is_as_before else await self.questions.ask(lambda ctx, _: visitor(ctx, key))
