"""The desk: hands each event to its handler in one transaction, and puts what follows into the outbox."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
import structlog

from handlers import effects as do
from handlers.context import Context, Installation
from handlers.events import AnyEvent, ButtonPressed, CommandGiven, DialogSubmitted, MessageHeard
from handlers.routes import handle
from store import Database, Outgoing, Store

log = structlog.get_logger()
T = TypeVar("T")

SETTLE = timedelta(seconds=3)
"""How long the reply to a click has to show the new content before it is also sent as an edit."""


@dataclass(slots=True)
class Reply:
    """What the asker gets at once: the immediate effects, and the new content of the message just pressed."""

    effects: list[do.Immediate] = field(default_factory=list)
    pressed: do.Edit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an effect of the outbox: over (`outcome`, and what was learnt), or to be tried again."""

    row_id: int
    outcome: str = "done"
    event: AnyEvent | None = None
    message_id: int | None = None
    post_id: str = ""
    place_id: str = ""
    retry_at: datetime | None = None
    attempt: int | None = None


class Dispatcher:
    """Runs decisions off the event loop; SQLite has one writer, so there one decision follows the other.

    `decisions` and `seconds` count the events that came by the doors, and the time until they were committed.
    """

    def __init__(
        self,
        database: Database,
        here: Installation,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        handle: Callable[[AnyEvent, Context], Iterable[do.Decided]] = handle,
    ) -> None:
        self.database = database
        self.here = here
        self.clock = clock
        self._handle = handle
        self.on_outgoing: Callable[[], object] = lambda: None
        self.on_planned: Callable[[], object] = lambda: None
        self.decisions = 0
        self.seconds = 0.0
        self._threads = ThreadPoolExecutor(1 if database.is_sqlite else 4, thread_name_prefix="desk")

    async def dispatch(self, event: AnyEvent) -> Reply:
        """Decide what follows from an event and commit it; what is for the asker is returned."""
        began = time.perf_counter()
        reply = await self._run(lambda store: self._decide(event, store))
        self.decisions += 1
        self.seconds += time.perf_counter() - began
        self.on_outgoing()
        self.on_planned()
        return reply

    async def settle(self, results: Sequence[Result]) -> None:
        """Note what became of effects, and decide in the same transaction what follows from it."""
        await self.settle_and(results, lambda store: None)
        self.on_outgoing()

    async def settle_and(self, results: Sequence[Result], then: Callable[[Store], T]) -> T:
        """Settle as `settle` does, and ask `then` last in the same transaction; nobody is woken for what it takes."""

        def note(store: Store) -> T:
            for result in results:
                self._note(result, store)
            return then(store)

        answer = await self._run(note)
        if results:
            self.on_planned()
        return answer

    async def ask(self, question: Callable[[Store], T]) -> T:
        """Run a question, or a change that decides nothing, in a transaction of its own."""
        return await self._run(question)

    async def tell(self, person_id: str, content: do.Content) -> None:
        """Send a direct message that follows from no event, such as an answer that could not be shown in place."""
        effect = do.Tell(person_id=person_id, content=content)
        await self._run(lambda store: self._send(effect, store, self.clock()))
        self.on_outgoing()

    def close(self) -> None:
        self._threads.shutdown()

    async def _run(self, work: Callable[[Store], T]) -> T:
        def in_transaction() -> T:
            with self.database.transaction() as store:
                return work(store)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_transaction)

    def _decide(self, event: AnyEvent, store: Store) -> Reply:
        now = self.clock()
        reply = Reply()
        for effect in self._handle(event, Context(now, store, self.here)):
            match effect:
                case do.Answer() | do.Ask() | do.Refuse() | do.Correct():
                    self._answer(effect, event, reply, store, now)
                case do.Edit() if isinstance(event, ButtonPressed) and effect.message_id == event.message_id:
                    reply.pressed = effect
                    self._send(effect, store, now, after=SETTLE)
                case _:
                    self._send(effect, store, now)
        log.debug("decided", action="decided", event_kind=type(event).__name__, answers=len(reply.effects))
        return reply

    def _answer(self, effect: do.Immediate, event: AnyEvent, reply: Reply, store: Store, now: datetime) -> None:
        match event, effect:
            case CommandGiven() | ButtonPressed() | DialogSubmitted(), _:
                reply.effects.append(effect)
            case MessageHeard(), do.Answer(content=content):
                self._send(do.Tell(person_id=event.author.id, place_id=event.place.id, content=content), store, now)
            case MessageHeard(), do.Refuse(text=text):
                content = do.Content(text)
                self._send(do.Tell(person_id=event.author.id, place_id=event.place.id, content=content), store, now)
            case _:
                raise TypeError(f"nobody waits for {type(effect).__name__} after {type(event).__name__}")

    def _send(self, effect: do.Lasting, store: Store, now: datetime, after: timedelta = timedelta()) -> None:
        store.outbox.put(
            Outgoing(
                key=secrets.token_hex(13),
                lane=do.lane(effect),
                replaces=do.replaces(effect),
                needs_message=do.needs(effect),
                effect=msgspec.to_builtins(effect),
                created_at=now,
                next_at=now + after,
            )
        )

    def _note(self, result: Result, store: Store) -> None:
        if result.retry_at is not None:
            store.outbox.put_off(result.row_id, result.retry_at, result.attempt)
            return
        if not store.outbox.close(result.row_id, self.clock(), result.outcome):
            return
        if result.message_id is not None and (message := store.message(result.message_id)) is not None:
            message.post_id = result.post_id
            message.place_id = result.place_id or message.place_id
        if result.event is not None:
            self._decide(result.event, store)
