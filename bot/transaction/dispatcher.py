"""The desk: hands each event to its handler in one transaction, and puts what follows into the outbox."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from bot.transaction.bell import Bell
from bot.transaction.decisions import Decide, Decisions, Pace, Reply
from bot.transaction.pace import next_in_turn
from bot.transaction.settling import Result, note
from bot.transaction.transactions import Transactions
from handlers import effects as do
from handlers.context import Installation
from handlers.events import AnyEvent, Person, Place
from handlers.routes import decide
from store import Database, Store, Unavailable

T = TypeVar("T")
Prepare = Callable[[Reply], object]
"""Prepares, on the event loop, what is to be done with a reply, while it is still being committed."""

AT_ONCE = 32
"""How many events one transaction decides at most."""


class Waiting:
    """An event that waits for its decision, and whoever waits for the answer."""

    def __init__(self, event: AnyEvent, answer: asyncio.Future[Reply], prepare: Prepare | None) -> None:
        self.event = event
        self.answer = answer
        self._prepare = prepare
        self.place: Place | None = getattr(event, "place", None)
        asker: Person | None = getattr(event, "asker", None) or getattr(event, "author", None)
        self.asker_id = asker.id if asker is not None else ""
        self._reply: Reply | None = None
        self._error: Exception | None = None

    def take(self, decisions: Decisions) -> None:
        """Let the event be decided."""
        self._reply = decisions.take(self.event)

    def announce(self) -> None:
        """Let the answer be prepared that is told once it is committed."""
        loop = self.answer.get_loop()
        if self._prepare is not None and self._reply is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._prepare, self._reply)

    def fail(self, error: Exception) -> None:
        """Tell that nothing was decided."""
        self._error = error
        self.tell()

    def tell(self) -> None:
        """Give the answer to who waits for it, on the event loop."""
        loop = self.answer.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._resolve)

    def _resolve(self) -> None:
        if self.answer.done():
            return
        if self._error is not None:
            self.answer.set_exception(self._error)
        elif self._reply is not None:
            self.answer.set_result(self._reply)


class Dispatcher:
    """Decides in transactions, what waits at a time together in one.

    `outgoing` is rung with the time when there is something to take from the outbox, `planned` when something was
    planned, and `listening` when there are other things to be heard. `storage` tells whether the database can be used.
    `decisions` and `seconds` count the events that came by the doors, and the time until they were committed.
    """

    def __init__(
        self,
        database: Database,
        here: Installation,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        handle: Decide = decide,
    ) -> None:
        self.database = database
        self.here = here
        self.clock = clock
        self.outgoing = Bell()
        self.transactions = Transactions(database, clock)
        self.storage = self.transactions.storage
        self.planned, self.listening = self.transactions.planned, self.transactions.listening
        self.calling = self.transactions.calling
        self.decisions = 0
        self.seconds = 0.0
        self._decide = handle
        self._pace = Pace()
        self._queue: list[Waiting] = []
        self._choosing = threading.Lock()

    async def dispatch(self, event: AnyEvent, prepare: Prepare | None = None) -> Reply:
        """Decide what follows from an event and commit it; what is for the asker is returned.

        `prepare` is given that before, and perhaps another one before that, which did not come about.
        """
        began = time.perf_counter()
        waiting = Waiting(event, asyncio.get_running_loop().create_future(), prepare)
        with self._choosing:
            self._queue.append(waiting)
        self.transactions.submit(self._take_waiting)
        reply = await waiting.answer
        self.decisions += 1
        self.seconds += time.perf_counter() - began
        return reply

    async def settle_and(self, results: Sequence[Result], then: Callable[[Store], T]) -> T:
        """Note what became of effects, decide in the same transaction what follows, and ask `then` last.

        Nobody is woken for what `then` takes.
        """

        def work(store: Store) -> tuple[T, datetime | None]:
            decisions = self._decisions(store)
            for result in results:
                if (event := note(result, store, self.clock())) is not None:
                    decisions.take(event)
            at = decisions.close()
            return then(store), at

        answer, at = await self.transactions.run(work)
        self._left(at)
        return answer

    async def ask(self, question: Callable[[Store], T]) -> T:
        """Run a question, or a change that decides nothing, in a transaction of its own."""
        return await self.transactions.run(question)

    async def tell(self, person_id: str, content: do.Content, once: str = "") -> None:
        """Send a direct message that follows from no event, such as an answer that could not be shown in place.

        One with a key `once` is sent no second time.
        """

        def work(store: Store) -> datetime | None:
            decisions = self._decisions(store)
            if not once or store.once(once, self.clock()):
                decisions.send(do.Tell(person_id=person_id, content=content))
            return decisions.close()

        self._left(await self.transactions.run(work))

    def close(self) -> None:
        self.transactions.close()

    def _decisions(self, store: Store) -> Decisions:
        return Decisions(store, self.here, self.clock(), self._decide, self._pace)

    def _left(self, at: datetime | None) -> None:
        """Tell that something is in the outbox now that can be taken from a time on."""
        if at is not None:
            self.outgoing.ring(at)

    def _take_waiting(self) -> None:
        """Decide what waits, some events in one transaction, so that many people at once share its commit.

        Where one of them fails, nothing of it has happened, and each is decided in a transaction of its own, unless the
        database itself was away.
        """
        batch = self._next()
        if (error := self._decided(batch)) is None:
            return
        is_alike = len(batch) == 1 or isinstance(error, Unavailable)
        for waiting in batch:
            if (failure := error if is_alike else self._decided([waiting])) is not None:
                waiting.fail(failure)

    def _next(self) -> list[Waiting]:
        """Take from the queue what one transaction is to decide; who asks for much lets others go first.

        Where other processes decide as well, channels come in an order that is the same for all of them: whoever holds
        the runs of several does not wait for one that waits for them.
        """
        with self._choosing:
            batch, self._queue = next_in_turn(self._queue, AT_ONCE)
        if not self.database.is_sqlite:
            batch.sort(key=lambda waiting: waiting.place.id if waiting.place is not None else "")
        return batch

    def _decided(self, batch: Sequence[Waiting]) -> Exception | None:
        """Decide events in one transaction, and tell what was decided; return why that failed."""
        if not batch:
            return None

        def work(store: Store) -> datetime | None:
            decisions = self._decisions(store)
            decisions.expect(waiting.event for waiting in batch)
            for waiting in batch:
                waiting.take(decisions)
            at = decisions.close()
            # All is written first: whoever prepares then is in the way of nothing but the disk.
            store.write()
            for waiting in batch:
                waiting.announce()
            return at

        try:
            self._left(self.transactions.do(work))
        except Exception as error:
            return error
        for waiting in batch:
            waiting.tell()
        return None
