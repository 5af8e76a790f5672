"""Takes effects from the outbox, has them delivered, some at a time and each lane in order, and settles the results."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
import structlog

from bot.delivery.gateway import Gateway
from bot.delivery.lanes import LEASE, Deliveries
from bot.delivery.life import EVERY, Life
from bot.delivery.outage import Standstill, backoff
from bot.directory.retry import passes
from bot.logs.discreet import without_quotes
from bot.transaction.dispatcher import Dispatcher, Result
from bot.transaction.outbox_handover import Berths
from bot.transaction.outbox_handover import parcel as parcel_of
from bot.transaction.parcel import Parcel
from handlers import effects as do
from store import Conflict, DatabaseError, Outgoing, Store, Unavailable

log = structlog.get_logger()

AT_ONCE = 8
GATHER = 0.05
"""Seconds for which a decision may note what was delivered, before it is noted for itself."""
LOOK_EVERY = 15.0
"""Seconds after which the outbox is looked at unasked: another process may have left something behind."""
AFTER_FAILURE = timedelta(seconds=1)
"""How long the courier leaves a database alone that was away."""
GRACE = 10.0
"""Seconds that deliveries under way have to arrive when the courier is stopped."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a look into the outbox gave, from when on there is more to take, and whether anything is left at all.

    Where it is `in_doubt`, nobody knows whether the look was committed.
    """

    parcels: list[Parcel]
    next_at: datetime | None
    is_left: bool = False
    in_doubt: bool = False


class Courier:
    """Delivers until it is stopped; `deliveries` counts what was delivered or given up, for the metrics.

    Most of what it delivers is handed to it (`carry`) by the transaction that decided it. The rest it takes from the
    outbox: what had to wait for something, for a time, or for room.
    """

    lease = LEASE

    def __init__(
        self,
        desk: Dispatcher,
        gateway: Gateway,
        *,
        at_once: int = AT_ONCE,
        grace: float = GRACE,
        look_every: float = LOOK_EVERY,
        beat_every: float = EVERY,
    ) -> None:
        self.desk = desk
        self.gateway = gateway
        self.grace = grace
        self.look_every = look_every
        self.deliveries = 0
        self.trouble = Standstill(desk.clock, gateway.chance)
        self.life = Life(desk, alone=desk.database.is_sqlite, every=beat_every, on_change=self.wake)
        self._under_way = Deliveries(
            gateway,
            self.trouble,
            self.life,
            at_once,
            clock=desk.clock,
            arrived=self._arrived,
            give_back=self._give_back,
        )
        self._results: list[Result] = []
        self._conflicts: Counter[int] = Counter()
        """How often in a row others were in the way of noting what became of each effect."""
        self._noting = threading.Lock()
        self._delivered: dict[int, str] = {}
        self._look_at: datetime | None = None
        self._is_left = True
        self._is_behind = False
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False

    @property
    def name(self) -> str:
        """What other processes know this one by."""
        return self.life.name

    async def run(self) -> None:
        """Deliver until `stop`; what is under way then has `grace` seconds to arrive, the rest stays in the outbox."""
        self._loop = asyncio.get_running_loop()
        living = self._loop.create_task(self.life.run())
        try:
            now = self.desk.clock()
            # Another machine's clock may be a little ahead.
            await self._insist(lambda store: store.outbox.bring_forward(now, now + 2 * LEASE))
            self.desk.on_outgoing, self.desk.carrier = self.wake, self
            self._look_at = self.desk.clock()
            while not self._stopping:
                self._woken.clear()
                if self._results or self._is_time():
                    await self._turn()
                await self._wait()
            await self._finish()
            living.cancel()
            await self.life.end()
        finally:
            living.cancel()
            self._leave()
            self._under_way.cancel()

    def stop(self) -> None:
        """End `run` soon; from any thread."""
        self._stopping = self._under_way.is_closed = True
        self.wake()

    def wake(self, at: datetime | None = None) -> None:
        """Look into the outbox now, or `at` a time; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._note_time, at or self.desk.clock())

    def reserve(self, lanes: int, own: Iterable[str] = ()) -> Berths:
        """Keep room to begin in so many lanes at most, and to join those of `own` that are under way, until `carry`."""
        return self._under_way.reserve(lanes, own)

    def delivered(self) -> dict[int, str]:
        """Return what was delivered and only remains to be noted, rows and outcomes; whoever is told does that."""
        with self._noting:
            delivered, self._delivered = self._delivered, {}
        return delivered

    def note_anew(self, delivered: Mapping[int, str], doubtful: Sequence[Parcel] = ()) -> None:
        """Take back what was delivered and could not be noted, and what may have been leased, or not; from any thread.

        If that was leased, nobody would take it again before its time is over.
        """
        if self._loop is None or self._loop.is_closed():
            return
        if delivered:
            self._loop.call_soon_threadsafe(self._settle_soon, delivered)
        if doubtful:
            self._loop.call_soon_threadsafe(self._give_back, doubtful)

    def _settle_soon(self, delivered: Mapping[int, str] | None = None) -> None:
        """Settle what was delivered, as no decision has noted it along the way."""
        rows = self.delivered() if delivered is None else delivered
        self._results += [Result(row_id=row_id, outcome=outcome) for row_id, outcome in rows.items()]
        if rows:
            self._woken.set()

    def carry(self, parcels: Sequence[Parcel], berths: Berths) -> None:
        """Deliver what is leased, each lane in order; of what was kept the rest is free again."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._begin, parcels, berths)

    def _begin(self, parcels: Sequence[Parcel], berths: Berths) -> None:
        self._under_way.begin(parcels, berths)
        if self._is_behind and self._under_way.room():
            self._note_time(self.desk.clock())

    def _leave(self) -> None:
        self.desk.on_outgoing, self.desk.carrier = lambda at: None, None

    def _is_time(self) -> bool:
        return self._look_at is not None and self._look_at <= self.desk.clock()

    def _note_time(self, at: datetime) -> None:
        self._is_left = True
        self._look_by(at)
        self._woken.set()

    def _look_by(self, at: datetime | None) -> None:
        if at is not None:
            self._look_at = at if self._look_at is None else min(self._look_at, at)

    async def _turn(self) -> None:
        """Settle what has arrived and take what there is room for, where the outbox holds more than what set out."""
        if not self._is_left and all(result.retry_at is None for result in self._results):
            taken = await self._settle(lambda store: Taken([], None))
            self._is_left = self._is_left or taken.is_left
            self._look_by(taken.next_at)
            return
        self._look_at = None
        berths = Berths()
        found: list[Parcel] = []
        at: datetime | None = self.desk.clock()

        def take(store: Store) -> Taken:
            # What was decided before in this transaction has set out already, each lane with all that is in it.
            berths.new += self.reserve(self._under_way.at_once - berths.new).new
            taken = self._take(store, berths.new)
            found[:] = taken.parcels
            return taken

        if self._results or self._under_way.room():
            self._is_left = self._is_behind = False
            taken = await self._settle(take)
            self._begin(taken.parcels, berths)
            if taken.in_doubt and found:
                self._give_back(found)
            at = taken.next_at
            self._is_left = self._is_left or taken.is_left
        self._is_behind = not self._under_way.room()
        self._look_by(self._pause_end() if self._is_behind else at)

    def _pause_end(self) -> datetime | None:
        return self.trouble.until if self.trouble.is_waiting() else None

    def _take(self, store: Store, room: int) -> Taken:
        now = self.desk.clock()
        rows = store.outbox.take(self.name, now, self.lease, room) if room else []
        # The runs of those that are to be drawn are held together, in the order in which everybody holds them.
        drawn = {row.needs_message for row in rows if row.needs_message and row.effect.get("type") == "Redraw"}
        store.look_ahead(messages=drawn)
        parcels = [parcel for row in rows if (parcel := self._parcel(row, store, now)) is not None]
        return Taken(parcels, store.outbox.next_at(), is_left=store.outbox.is_left())

    def _parcel(self, row: Outgoing, store: Store, now: datetime) -> Parcel | None:
        """Return what is to be delivered, None where there is nothing; what is to be drawn is drawn now."""
        try:
            effect = msgspec.convert(row.effect, do.Outbound)
        except msgspec.ValidationError as error:
            log.error("unreadable effect", action="dropped", row=row.id, error=without_quotes(str(error)))
            store.outbox.close(row.id, now, "unreadable")
            return None
        if isinstance(effect, do.Redraw):
            try:
                edit = self.desk.drawn(self._as_shown(effect, store), store)
            except DatabaseError:
                raise
            except Exception:
                log.exception("not drawn", action="draw_failed", row=row.id, message=effect.message_id)
                store.outbox.put_off(row.id, now + backoff(row.attempts, self.gateway.chance()))
                return None
            if edit is None:
                store.outbox.close(row.id, now, "shown")
                return None
            row.effect, row.replaces = msgspec.to_builtins(edit), do.replaces(edit)
            effect = edit
        return parcel_of(row, effect, store)

    def _as_shown(self, effect: do.Redraw, store: Store) -> do.Redraw:
        """Return a drawing as it is needed: the reply to a press, which got there, need not be sent as an edit too."""
        message = store.message_held(effect.message_id)
        if message is None or not message.post_id or self.gateway.shows(message.post_id) < message.revision:
            return effect
        return do.Redraw(message_id=effect.message_id)

    async def _wait(self) -> None:
        seconds = self.look_every
        if self._look_at is not None:
            seconds = min(seconds, max(0.05, (self._look_at - self.desk.clock()).total_seconds()))
        if not await self._is_woken(seconds):
            self._note_time(self.desk.clock())

    async def _is_woken(self, seconds: float) -> bool:
        """Wait to be woken, so long at most; return whether it was."""
        try:
            async with asyncio.timeout(seconds):
                return await self._woken.wait()
        except TimeoutError:
            return False

    def _arrived(self, parcel: Parcel, result: Result) -> None:
        self.deliveries += result.retry_at is None
        if result.is_plain:
            if not self._delivered:
                asyncio.get_running_loop().call_later(GATHER, self._settle_soon)
            with self._noting:
                self._delivered[result.row_id] = result.outcome
            return
        self._results.append(replace(result, attempt=parcel.attempts))
        self._woken.set()

    def _give_back(self, parcels: Iterable[Parcel]) -> None:
        now = self.desk.clock()
        self._results += [Result(row_id=one.row_id, retry_at=now, attempt=one.attempts, unsent=True) for one in parcels]
        self._woken.set()

    async def _settle(self, then: Callable[[Store], Taken]) -> Taken:
        """Settle all that has arrived; one that breaks its handler must not hold up the others."""
        results, self._results = self._results, []
        try:
            taken = await self.desk.settle_and(results, then)
            self._conflicts.clear()
            return taken
        except Unavailable as error:
            return self._keep(results, error)
        except Conflict as error:
            log.info("settled one by one", action="settle_waits", why=str(error), results=len(results))
        except Exception:
            log.exception("not settled", action="settle_failed", rows=[result.row_id for result in results])
        for result in results:
            await self._settle_alone(result)
        return Taken([], self.desk.clock() + AFTER_FAILURE, is_left=True)

    async def _settle_alone(self, result: Result) -> None:
        """Settle one result; without what was learnt, where that breaks its handler."""
        for attempt in (result, replace(result, event=None)):
            try:
                await self.desk.settle_and([attempt], lambda store: None)
                del self._conflicts[result.row_id]
            except Exception as error:
                if not passes(error, self._conflicts[result.row_id]):
                    log.exception("not settled", action="settle_failed", row=result.row_id, event_kind=_kind(result))
                    continue
                self._conflicts[result.row_id] += isinstance(error, Conflict)
                self._keep([result], error)
            return
        self._results.append(result)

    def _keep(self, results: Sequence[Result], error: Exception) -> Taken:
        """Keep what could not be settled, to be settled a moment later."""
        log.info("settled later", action="settle_waits", why=str(error), results=len(results))
        self._results[:0] = results
        in_doubt = isinstance(error, Unavailable) and error.in_doubt
        return Taken([], self.desk.clock() + AFTER_FAILURE, is_left=True, in_doubt=in_doubt)

    async def _insist(self, change: Callable[[Store], None]) -> None:
        """Make a change to the store as soon as that can be asked."""
        while not self._stopping:
            try:
                return await self.desk.ask(change)
            except (Unavailable, Conflict) as error:
                log.info("the courier waits", action="courier_waits", why=str(error))
            self._woken.clear()
            await self._is_woken(AFTER_FAILURE.total_seconds())

    async def _finish(self) -> None:
        self._leave()
        await self._under_way.finish(self.grace)
        self._settle_soon()
        await self._settle(lambda store: Taken([], None))


def _kind(result: Result) -> str:
    return type(result.event).__name__
