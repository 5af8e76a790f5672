"""Takes effects from the outbox, has them delivered, some at a time and each lane in order, and settles the results."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
import structlog

from bot.delivery.deliveries import LEASE, Deliveries
from bot.delivery.gateway import Gateway
from bot.delivery.life import EVERY, Life
from bot.delivery.outage import Standstill, backoff
from bot.directory.retry import passes
from bot.logs.discreet import without_quotes
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.parcel import Parcel
from bot.transaction.settling import Result
from handlers import effects as do
from handlers.context import Context
from handlers.messages.current import redraw
from store import Conflict, DatabaseError, Outgoing, Store, Unavailable

log = structlog.get_logger()

AT_ONCE = 8
GATHER = 0.05
"""Seconds for which what was delivered may wait to be noted along with something else."""
LOOK_EVERY = 15.0
"""Seconds after which the outbox is looked at unasked: another process may have left something behind."""
AFTER_FAILURE = timedelta(seconds=1)
"""How long the courier leaves a database alone that was away."""
GRACE = 10.0
"""Seconds that deliveries under way have to arrive when the courier is stopped."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a look into the outbox gave, from when on there is more to take, and whether anything is left at all.

    Where it `has_failed`, nothing was settled or taken.
    """

    parcels: list[Parcel]
    next_at: datetime | None
    is_left: bool = False
    has_failed: bool = False


class Courier:
    """Takes what can be delivered from the outbox, until it is stopped: the first of each lane, where there is room.

    What was delivered is noted along with the next look into the outbox; at once, where something may wait for it.
    `deliveries` counts what was delivered or given up, for the metrics.
    """

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
        self._under_way = Deliveries(gateway, self.trouble, self.life, at_once, clock=desk.clock, arrived=self._arrived)
        self._results: list[Result] = []
        self._settle_by = 0.0
        self._conflicts: Counter[int] = Counter()
        """How often in a row others were in the way of noting what became of each effect."""
        self._look_at: datetime | None = None
        self._is_left = True
        self._has_failed = False
        self._stopping = False

    async def run(self) -> None:
        """Deliver until `stop`; what is under way then has `grace` seconds to arrive, the rest stays in the outbox."""
        living = asyncio.create_task(self.life.run())
        try:
            now = self.desk.clock()
            # Another machine's clock may be a little ahead.
            await self._insist(lambda store: store.outbox.bring_forward(now, now + 2 * LEASE))
            self._look_at = self.desk.clock()
            while not self._stopping:
                if self._is_time() or self._has_to_settle():
                    await self._turn()
                await self._wait()
            await self._under_way.finish(self.grace)
            await self._settle(room=0)
            living.cancel()
            await self.life.end()
        finally:
            living.cancel()
            self._under_way.cancel()

    def stop(self) -> None:
        """End `run` soon; from any thread."""
        self._stopping = self._under_way.is_closed = True
        self.wake()

    def wake(self, at: datetime | None = None) -> None:
        """Look into the outbox now, or `at` a time; from any thread."""
        self.desk.outgoing.ring(at or self.desk.clock())

    def _looks_at(self) -> datetime | None:
        """Return when to look again; without room it is something that arrives, or the end of a trouble, that wakes."""
        if self._under_way.room() or self._has_failed:
            return self._look_at
        return self.trouble.until if self.trouble.is_waiting() else None

    def _is_time(self) -> bool:
        at = self._looks_at()
        return at is not None and at <= self.desk.clock()

    def _has_to_settle(self) -> bool:
        """Return whether what has arrived is noted now: something follows from it or waits for it, or it is time."""
        follows = self._is_left or not all(result.is_plain for result in self._results)
        return bool(self._results) and (follows or asyncio.get_running_loop().time() >= self._settle_by)

    async def _turn(self) -> None:
        """Settle what has arrived, and take what there is room for."""
        self._look_at = None
        taken = await self._settle(self._under_way.room())
        self._under_way.begin(taken.parcels)
        self._is_left, self._has_failed, self._look_at = taken.is_left, taken.has_failed, taken.next_at

    def _take(self, store: Store, room: int) -> Taken:
        now = self.desk.clock()
        rows = store.outbox.take(self.life.name, now, LEASE, room) if room else []
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
                edit = self._drawn(self._as_shown(effect, store), store)
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
        return Parcel.of(row, effect, None if row.needs_message is None else store.message(row.needs_message))

    def _drawn(self, effect: do.Redraw, store: Store) -> do.Edit | None:
        """Return what a message of the bot's is to show now, None where it shows that already."""
        ctx = Context(self.desk.clock(), store, self.desk.here, asks=False)
        return next(redraw(ctx, {effect.message_id: effect.again}), None)

    def _as_shown(self, effect: do.Redraw, store: Store) -> do.Redraw:
        """Return a drawing as it is needed: the reply to a press, which got there, need not be sent as an edit too."""
        message = store.message_held(effect.message_id)
        if message is None or not message.post_id or self.gateway.shows(message.post_id) < message.revision:
            return effect
        return do.Redraw(message_id=effect.message_id)

    async def _wait(self) -> None:
        seconds = self.look_every
        if (at := self._looks_at()) is not None:
            seconds = min(seconds, max(0.05, (at - self.desk.clock()).total_seconds()))
        if self._results and not self._is_left:
            seconds = min(seconds, GATHER)
        is_rung = await self.desk.outgoing.wait(seconds)
        for at in self.desk.outgoing.times():
            self._look_by(at)
        if not is_rung and not self._results:
            self._look_by(self.desk.clock())

    def _look_by(self, at: datetime) -> None:
        self._is_left = True
        self._look_at = at if self._look_at is None else min(self._look_at, at)

    def _arrived(self, parcel: Parcel, result: Result) -> None:
        self.deliveries += result.retry_at is None
        if not self._results:
            self._settle_by = asyncio.get_running_loop().time() + GATHER
        self._results.append(replace(result, attempt=parcel.attempts))
        self.desk.outgoing.ring()

    async def _settle(self, room: int) -> Taken:
        """Settle all that has arrived, and take as much as there is room for.

        One that breaks its handler must not hold up the others.
        """
        results, self._results = self._results, []
        found: list[Parcel] = []

        def take(store: Store) -> Taken:
            taken = self._take(store, room)
            found[:] = taken.parcels
            return taken

        try:
            taken = await self.desk.settle_and(results, take)
            self._conflicts.clear()
            return taken
        except Unavailable as error:
            # It may have been committed; if these were taken, nobody would take them again before their time is over.
            self._give_back(found if error.in_doubt else ())
            return self._keep(results, error)
        except Conflict as error:
            log.info("settled one by one", action="settle_waits", why=str(error), results=len(results))
        except Exception:
            log.exception("not settled", action="settle_failed", rows=[result.row_id for result in results])
        for result in results:
            await self._settle_alone(result)
        return self._later()

    def _give_back(self, parcels: Iterable[Parcel]) -> None:
        now = self.desk.clock()
        self._results += [Result(row_id=one.row_id, retry_at=now, attempt=one.attempts, unsent=True) for one in parcels]

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
        return self._later()

    def _later(self) -> Taken:
        return Taken([], self.desk.clock() + AFTER_FAILURE, is_left=True, has_failed=True)

    async def _insist(self, change: Callable[[Store], None]) -> None:
        """Make a change to the store as soon as that can be asked."""
        while not self._stopping:
            try:
                return await self.desk.ask(change)
            except (Unavailable, Conflict) as error:
                log.info("the courier waits", action="courier_waits", why=str(error))
            await self.desk.outgoing.wait(AFTER_FAILURE.total_seconds())


def _kind(result: Result) -> str:
    return type(result.event).__name__
