"""What pages ask the store, beside the desk; where an answer hangs on what the server alone knows, that is asked."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import datetime
from typing import Protocol, TypeVar, assert_never

import structlog
from msgspec.structs import replace

from bot.charts.charts import Charts
from bot.directory.doubts import MOST, Knows
from bot.driver import ServerUnreachable
from bot.rendering.rendering import Rendering
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.readers import Readers
from bot.transaction.rehearsal import Rehearsal
from handlers.context import Context
from handlers.events import Person
from handlers.unsure import HeadOf, InTeam, OfGroups, Question, ReadersOf, ToRender, Unsure
from store import Store

log = structlog.get_logger()
T = TypeVar("T")
NOBODY = Person(id="", username="")


class People(Knows, Protocol):
    """The directory, as far as pages need it."""

    async def person(self, person_id: str) -> Person: ...


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks for somebody."""

    desk: Dispatcher
    readers: Readers | Rehearsal
    directory: People
    charts: Charts = field(default_factory=Charts)
    rehearsal: Rehearsal = field(default_factory=Rehearsal)
    previews: Rendering = field(default_factory=Rendering)
    rehearses: bool = False

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    @property
    def rehearsing(self) -> "Questions":
        """The same, of an empty store in which a question may write as it likes, and nothing of it stays.

        Its templates are rendered by a process of their own: no start waits for what somebody only looks at.
        """
        return replaced(self, readers=self.rehearsal, rehearses=True)

    async def ask(self, question: Callable[[Context, Person], T], asker: Person = NOBODY) -> T:
        """Return what a question finds that is put for somebody; what it raises comes through.

        Where the server is away, what is known counts. Raises `Unavailable`, and `Unsure` where the server has an
        answer that does not stay.
        """
        asked: Counter[Question] = Counter()
        asks = True
        while True:
            try:
                return await self._put(question, asker, asks)
            except Unsure as unsure:
                if asked[unsure.question] == MOST:
                    raise
                asked[unsure.question] += 1
                try:
                    asker = await self._learn(unsure.question, asker)
                except ServerUnreachable as error:
                    # In an outage the pages may be all that is left to look at: what is known counts.
                    log.warning("not known who is in which team now", action="not_asked", why=str(error))
                    asks = False

    async def _put(self, question: Callable[[Context, Person], T], asker: Person, asks: bool) -> T:
        return await self.readers.ask(lambda store: question(self._context(store, asker, asks), asker))

    def _context(self, store: Store, asker: Person, asks: bool) -> Context:
        here = self.desk.here
        return Context(self.now, store, here, asks=asks, reader=here.reader(asker))

    async def _learn(self, question: Question, asker: Person) -> Person:
        match question:
            case InTeam(team_id, person_ids):
                await self.directory.ask_members(team_id, person_ids)
                return asker
            case OfGroups(names):
                await self.directory.ask_groups(names)
                return asker
            case ToRender():
                if self.rehearses:
                    await self.previews.answer(question, self.desk.here.rendered)
                else:
                    await self.directory.render(question)
                return asker
            case HeadOf(place_id):
                place = frozenset({place_id})
                heads = place if await self.directory.administers(asker.id, place_id) else frozenset[str]()
                return replace(asker, asked=asker.asked | place, heads=asker.heads | heads)
            case ReadersOf():
                # A page has one reader.
                raise Unsure(question)
            case _:
                assert_never(question)
