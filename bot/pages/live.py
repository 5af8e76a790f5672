"""Tells open pages by server-sent events that what they show has changed, as long as session and right last."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.pages.questions import Questions
from bot.pages.visits import Visits
from handlers.context import Context
from handlers.events import Person
from handlers.pages.revision import revision_for
from handlers.pages.visitor import Visitor
from handlers.rules import permissions
from handlers.text.numbers import number
from handlers.unsure import Unsure
from store import Unavailable

log = structlog.get_logger()

EVERY = 0.5
"""Seconds between two looks whether something has changed, which is one question for all open pages."""
CHECKED_EVERY = 5.0
"""Seconds after which it is asked anew whether who looks is still signed in, and may still see it."""
EACH = 4
"""How many pages of one person are told, the last ones; a browser has six connections, and needs some for all else."""
AGAIN = 3000
"""Milliseconds after which a browser comes again whose connection broke."""


@dataclass
class Revisions:
    """What each run that somebody looks at is like by now, as a word that changes with it; 0 stands for all runs."""

    questions: Questions
    is_over: bool = False
    _now: Mapping[int, str] = field(default_factory=dict)
    _looked_at: Counter[int] = field(default_factory=Counter)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self) -> None:
        """Look until this is cancelled; as long as nobody has a page open, nothing is asked."""
        while True:
            await asyncio.sleep(EVERY)
            if ids := tuple(self._looked_at):
                await self._look(ids)

    async def end(self) -> None:
        """Let nobody wait any more."""
        self.is_over = True
        await self.wake()

    async def wake(self) -> None:
        """Let those who wait look whether they still have to."""
        async with self._news:
            self._news.notify_all()

    @contextmanager
    def looked_at(self, run_id: int) -> Iterator[None]:
        """Have a run looked at."""
        self._looked_at[run_id] += 1
        try:
            yield
        finally:
            self._looked_at[run_id] -= 1
            # What nobody looks at goes.
            self._looked_at += Counter()

    async def other_than(self, run_id: int, seen: str, within: float, waits: Callable[[], bool]) -> str:
        """Return what a run is like as soon as that differs from what was seen, or nobody waits; or after seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within), self._news:
                await self._news.wait_for(lambda: not waits() or self._now.get(run_id, seen) != seen)
        return self._now.get(run_id, seen)

    async def _look(self, run_ids: tuple[int, ...]) -> None:
        try:
            found = await self.questions.ask(lambda ctx, _: ctx.store.revisions(run_ids))
        except Unavailable as error:
            log.info("not known whether pages have changed", action="not_looked", why=str(error))
            return
        if found != self._now:
            self._now = found
            await self.wake()


@dataclass(frozen=True, slots=True)
class Live:
    """Streams of events, `most` of them at once."""

    visits: Visits
    revisions: Revisions
    most: int
    _open: dict[str, deque[EventSourceResponse]] = field(default_factory=dict)

    def set_up(self, app: web.Application) -> None:
        """Look for changes as long as an application is up."""

        async def looking(_app: web.Application) -> AsyncIterator[None]:
            task = asyncio.create_task(self.revisions.run(), name="revisions")
            yield
            task.cancel()

        async def ended(_app: web.Application) -> None:
            await self.revisions.end()

        app.cleanup_ctx.append(looking)
        app.on_shutdown.append(ended)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell a page of changes: of one run, or of all; `seen` is what it was like when the page was drawn."""
        run_id, who = number(request.query.get("run", "")), await self.visits.who(request)
        if not isinstance(who, Visitor) or not await self._may_see(who.person, run_id):
            raise web.HTTPNotFound
        if sum(map(len, self._open.values())) >= self.most:
            log.warning("too many pages are open to tell them all", action="streams_full", most=self.most)
            raise web.HTTPServiceUnavailable
        async with sse_response(request) as response, self._counted(who.person.id, response):
            # Whoever closes a page ends its stream in the middle of anything.
            with suppress(ConnectionError, TimeoutError), self.revisions.looked_at(run_id):
                await self._tell(request, response, run_id, who.person)
        return response

    async def _tell(self, request: web.Request, response: EventSourceResponse, run_id: int, person: Person) -> None:
        seen = request.query.get("seen", "")
        # Of all runs together nobody is told but what changes for them; at first that is not known.
        known = seen if run_id else ""

        def waits() -> bool:
            return response.is_connected() and not self.revisions.is_over

        await response.send("here", event="here", retry=AGAIN)
        while waits():
            known = await self.revisions.other_than(run_id, known, CHECKED_EVERY, waits)
            if not await self._may_go_on(request, run_id):
                await response.send("over", event="over")
                return
            now = known if run_id else await self._theirs(person, seen)
            if now != seen and waits():
                await response.send(now, event="changed")
            seen = now

    async def _may_go_on(self, request: web.Request, run_id: int) -> bool:
        try:
            who = await self.visits.who(request)
            return isinstance(who, Visitor) and await self._may_see(who.person, run_id)
        except Unavailable:
            # Nothing can have changed, neither a run nor a right.
            return True

    async def _theirs(self, person: Person, seen: str) -> str:
        """Return what all runs are like that somebody may see; as was seen, where that cannot be asked."""
        try:
            return await self.visits.questions.ask(lambda ctx, asker: revision_for(ctx, asker, 0), person)
        except (Unavailable, Unsure):
            return seen

    async def _may_see(self, person: Person, run_id: int) -> bool:
        def may(ctx: Context, asker: Person) -> bool:
            run = ctx.store.run(run_id)
            return run is not None and permissions.may_see(ctx, asker, run)

        return run_id == 0 or await self.visits.questions.ask(may, person)

    @asynccontextmanager
    async def _counted(self, person_id: str, response: EventSourceResponse) -> AsyncIterator[None]:
        """Let one more page of somebody be told; the one that was opened first gives way."""
        mine = self._open.setdefault(person_id, deque())
        mine.append(response)
        # All but the last are stopped, as those that gave way before may still be there.
        given_way = list(mine)[:-EACH]
        for one in given_way:
            one.stop_streaming()
        if given_way:
            await self.revisions.wake()
        try:
            yield
        finally:
            mine.remove(response)
            if not mine:
                del self._open[person_id]
