"""The desk: hands each event to its handler in one transaction, and puts what follows into the outbox."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from bot.transaction.decisions import Decide, Decisions, Pace, Reply
from bot.transaction.outbox_handover import Carrier, Departure
from bot.transaction.pace import next_in_turn
from bot.transaction.storage import Storage
from handlers import effects as do
from handlers.context import Context, Installation
from handlers.events import AnyEvent, Person, Place
from handlers.messages.current import redraw
from handlers.routes import decide
from store import Conflict, Database, Store, Unavailable

T = TypeVar("T")
Prepare = Callable[[Reply], object]
"""Prepares, on the event loop, what is to be done with a reply, while it is still being committed."""

AT_ONCE = 32
"""How many events one transaction decides at most."""
TRIES = 5
"""How often a transaction is tried that others are in the way of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an effect of the outbox: over (`outcome`, and what was learnt), or to be tried again.

    `attempt` counts the one that this came of; `unsent` tells that it has certainly done nothing.
    """

    row_id: int
    outcome: str = "done"
    event: AnyEvent | None = None
    message_id: int | None = None
    post_id: str = ""
    place_id: str = ""
    retry_at: datetime | None = None
    attempt: int | None = None
    unsent: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing follows from it: the effect is over, and that is all."""
        return self.retry_at is None and self.event is None and self.message_id is None


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
    """Runs decisions off the event loop, one transaction after the other.

    SQLite has one writer. On PostgreSQL, too, one thread that decides together what waits does twice as much as four
    that each decide alone.

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
        self.storage = Storage(clock)
        self._decide = handle
        self._pace = Pace()
        self._queue: list[Waiting] = []
        self._choosing = threading.Lock()
        self.carrier: Carrier | None = None
        self.on_outgoing: Callable[[datetime | None], object] = lambda at: None
        self.on_planned: Callable[[], object] = lambda: None
        self.on_listening: Callable[[], object] = lambda: None
        self.decisions = 0
        self.seconds = 0.0
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="desk")

    async def dispatch(self, event: AnyEvent, prepare: Prepare | None = None) -> Reply:
        """Decide what follows from an event and commit it; what is for the asker is returned.

        `prepare` is given that before, and perhaps another one before that, which did not come about.
        """
        began = time.perf_counter()
        waiting = Waiting(event, asyncio.get_running_loop().create_future(), prepare)
        with self._choosing:
            self._queue.append(waiting)
        self._threads.submit(self._take_waiting)
        reply = await waiting.answer
        self.decisions += 1
        self.seconds += time.perf_counter() - began
        return reply

    async def settle(self, results: Sequence[Result]) -> None:
        """Note what became of effects, and decide in the same transaction what follows from it."""
        await self.settle_and(results, lambda store: None)

    async def settle_and(self, results: Sequence[Result], then: Callable[[Store], T]) -> T:
        """Settle as `settle` does, and ask `then` last in the same transaction; nobody is woken for what it takes."""

        def note(store: Store, decisions: Decisions) -> None:
            for result in results:
                self._note(result, store, decisions)

        return await self._run(then, note)

    async def ask(self, question: Callable[[Store], T]) -> T:
        """Run a question, or a change that decides nothing, in a transaction of its own."""
        return await self._run(question)

    def drawn(self, effect: do.Redraw, store: Store) -> do.Edit | None:
        """Return what a message of the bot's is to show now, None where it shows that already."""
        ctx = Context(self.clock(), store, self.here, asks=False)
        return next(redraw(ctx, {effect.message_id: effect.again}), None)

    async def tell(self, person_id: str, content: do.Content, once: str = "") -> None:
        """Send a direct message that follows from no event, such as an answer that could not be shown in place.

        One with a key `once` is sent no second time.
        """
        effect = do.Tell(person_id=person_id, content=content)

        def send(store: Store, decisions: Decisions) -> None:
            if not once or store.once(once, self.clock()):
                decisions.send(effect)

        await self._run(lambda store: None, send)

    def close(self) -> None:
        self._threads.shutdown()

    def _decisions(self, store: Store) -> Decisions:
        return Decisions(store, self.here, self.clock(), self._decide, self._pace)

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

        def decide_all(store: Store, decisions: Decisions) -> None:
            decisions.expect(waiting.event for waiting in batch)
            for waiting in batch:
                waiting.take(decisions)

        def announce(store: Store) -> None:
            # All is written first: whoever prepares then is in the way of nothing but the disk.
            store.write()
            for waiting in batch:
                waiting.announce()

        try:
            _, changed = self._in_transaction(announce, decide_all)
        except Exception as error:
            return error
        if changed:
            batch[0].answer.get_loop().call_soon_threadsafe(self.on_listening)
        for waiting in batch:
            waiting.tell()
        return None

    async def _run(self, then: Callable[[Store], T], note: Callable[[Store, Decisions], None] | None = None) -> T:
        work = partial(self._in_transaction, then, note)
        answer, changed = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        if changed:
            self.on_listening()
        return answer

    def _in_transaction(
        self, then: Callable[[Store], T], note: Callable[[Store, Decisions], None] | None
    ) -> tuple[T, bool]:
        """Decide with `note`, then ask `then`, and let set out what can; anew where another transaction was in the way.

        Returns the answer, and whether other things are to be heard from now on. Raises `Unavailable` without asking
        while the database was away a moment ago.
        """
        self.storage.check()
        try:
            decided = self._insist(partial(self._try_transaction, then, note))
        except Unavailable as error:
            self.storage.lost(error)
            raise
        if not self.database.is_full:
            self.storage.works()
        return decided

    def _insist(self, work: Callable[[], T]) -> T:
        """Run a transaction, again where another one was in the way, and once more where its connection broke."""
        has_broken = False
        for _ in range(TRIES - 1):
            try:
                return work()
            except Conflict:
                continue
            except Unavailable as error:
                if has_broken or not error.has_broken or error.in_doubt or self.storage.trouble is not None:
                    raise
                has_broken = True
        return work()

    def _try_transaction(
        self, then: Callable[[Store], T], note: Callable[[Store, Decisions], None] | None
    ) -> tuple[T, bool]:
        carrier, departure = self.carrier, Departure()
        # Noted along with what is decided next, it takes no transaction of its own.
        delivered = carrier.delivered() if carrier is not None and note is not None else {}
        try:
            with self.database.transaction() as store:
                store.outbox.close_all(delivered, self.clock())
                if note is not None:
                    decisions = self._decisions(store)
                    departure = decisions.departure
                    note(store, decisions)
                    decisions.close(carrier)
                answer = then(store)
        except BaseException as error:
            in_doubt = isinstance(error, Unavailable) and error.in_doubt
            doubtful, departure.parcels = departure.parcels if in_doubt else [], []
            if carrier is not None:
                carrier.note_anew(delivered, doubtful)
            raise
        finally:
            if carrier is not None and departure.berths is not None:
                carrier.carry(departure.parcels, departure.berths)
        if departure.look_at is not None:
            self.on_outgoing(departure.look_at)
        if store.has_planned:
            self.on_planned()
        return answer, store.has_changed_listening

    def _note(self, result: Result, store: Store, decisions: Decisions) -> None:
        if result.retry_at is not None:
            store.outbox.put_off(result.row_id, result.retry_at, result.attempt, unsent=result.unsent)
            return
        if not store.outbox.close(result.row_id, self.clock(), result.outcome):
            return
        if result.message_id is not None and (message := store.message_held(result.message_id)) is not None:
            message.post_id = result.post_id
            message.place_id = result.place_id or message.place_id
        if result.event is not None:
            decisions.take(result.event)
