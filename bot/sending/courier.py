"""Takes effects from the outbox, has them delivered, some at a time and each lane in order, and settles the results."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import msgspec
import structlog

from bot.dispatcher import Dispatcher, Result
from bot.sending.gateway import Gateway
from bot.sending.parcel import Parcel
from bot.sending.standstill import Reasons, Standstill
from handlers.effects import Lasting
from store import Outgoing, Store

log = structlog.get_logger()

AT_ONCE = 8
PATIENCE = 45
"""Seconds for one delivery, with all its requests; less than the lease, so that nobody else tries it meanwhile."""
LEASE = timedelta(seconds=60)
LOOK_EVERY = 15
"""Seconds after which the outbox is looked at unasked: another process may have left something behind."""
GRACE = 10.0
"""Seconds that deliveries under way have to arrive when the courier is stopped."""
KEEP = timedelta(days=7)
PRUNE_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a look into the outbox gave, and from when on there is more to take."""

    parcels: list[Parcel]
    next_at: datetime | None


class Courier:
    """Delivers until it is stopped; `deliveries` counts what was delivered or given up, for the metrics."""

    def __init__(self, desk: Dispatcher, gateway: Gateway, *, at_once: int = AT_ONCE, grace: float = GRACE) -> None:
        self.desk = desk
        self.gateway = gateway
        self.at_once = at_once
        self.grace = grace
        self.deliveries = 0
        self.trouble = Standstill(desk.clock, gateway.chance)
        self._name = secrets.token_hex(4)
        self._under_way: dict[asyncio.Task[None], Parcel] = {}
        self._results: list[Result] = []
        self._woken = asyncio.Event()
        self._rouse: Callable[[], object] = lambda: None
        self._stopping = False
        self._pruned_at: datetime | None = None

    async def run(self) -> None:
        """Deliver until `stop`; what is under way then has `grace` seconds to arrive, the rest stays in the outbox."""
        loop = asyncio.get_running_loop()
        self._rouse = partial(loop.call_soon_threadsafe, self._woken.set)
        self.desk.on_outgoing = self.wake
        try:
            if self.desk.database.is_sqlite:
                # One process has the file: what is leased now was taken by one that died.
                await self.desk.ask(lambda store: store.outbox.free())
            while not self._stopping:
                self._woken.clear()
                await self._wait(await self._turn())
            await self._finish()
        finally:
            self.desk.on_outgoing = lambda: None
            for task in self._under_way:
                task.cancel()

    def stop(self) -> None:
        """End `run` soon; from any thread."""
        self._stopping = True
        self.wake()

    def wake(self) -> None:
        """Look into the outbox now; from any thread."""
        self._rouse()

    async def _turn(self) -> datetime | None:
        """Settle what has arrived and take what there is room for; return when to look again."""
        room = self._room()
        if not self._results and not room:
            return self._pause_end()
        taken = await self._settle(lambda store: self._take(store, room))
        for parcel in taken.parcels:
            task = asyncio.create_task(self._deliver(parcel))
            self._under_way[task] = parcel
        return taken.next_at if self._room() else self._pause_end()

    def _pause_end(self) -> datetime | None:
        return self.trouble.until if self.trouble.is_waiting() else None

    def _room(self) -> int:
        """Return how many more deliveries may begin; in trouble one, once its time is over, tries the way."""
        if self._stopping or self.trouble.is_waiting():
            return 0
        return max(0, (1 if self.trouble.kind else self.at_once) - len(self._under_way))

    def _take(self, store: Store, room: int) -> Taken:
        now = self.desk.clock()
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            store.outbox.prune(now - KEEP)
            self._pruned_at = now
        rows = store.outbox.take(self._name, now, LEASE, room) if room else []
        parcels = [parcel for row in rows if (parcel := _parcel(row, store, now)) is not None]
        return Taken(parcels, store.outbox.next_at())

    async def _wait(self, until: datetime | None) -> None:
        seconds = float(LOOK_EVERY)
        if until is not None:
            seconds = min(seconds, max(0.05, (until - self.desk.clock()).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            result = await self._attempt(parcel)
        finally:
            self._under_way.pop(_current(), None)
        self._results.append(replace(result, attempt=parcel.attempts))
        self.deliveries += result.retry_at is None
        self._woken.set()

    async def _attempt(self, parcel: Parcel) -> Result:
        try:
            async with asyncio.timeout(PATIENCE):
                result = await self.gateway.perform(parcel)
        except Reasons as error:
            return Result(row_id=parcel.row_id, retry_at=self.trouble.begin(error))
        except Exception:
            log.exception("delivery failed", action="delivery_failed", row=parcel.row_id, attempt=parcel.attempts)
            return self.gateway.try_again(parcel, "an error in Muster")
        self.trouble.end()
        return result

    async def _settle(self, then: Callable[[Store], Taken]) -> Taken:
        """Settle all that has arrived; one that breaks its handler must not hold up the others."""
        results, self._results = self._results, []
        try:
            return await self.desk.settle_and(results, then)
        except Exception:
            log.exception("not settled", action="settle_failed", rows=[result.row_id for result in results])
        for result in results:
            await self._settle_alone(result)
        return Taken([], self.desk.clock() + timedelta(seconds=1))

    async def _settle_alone(self, result: Result) -> None:
        """Settle one result; without what was learnt, where its handler fails again though the database is well."""
        try:
            await self.desk.ask(lambda store: store.outbox.next_at())
            for attempt in (result, replace(result, event=None)):
                if await self._is_settled(attempt):
                    return
        except Exception:
            log.exception("no database", action="settle_failed", row=result.row_id)
        self._results.append(result)

    async def _is_settled(self, result: Result) -> bool:
        try:
            await self.desk.settle_and([result], lambda store: None)
        except Exception:
            log.exception("not settled", action="settle_failed", row=result.row_id, event_kind=_kind(result))
            return False
        return True

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self.grace)
        for task, parcel in list(self._under_way.items()):
            task.cancel()
            self._results.append(Result(row_id=parcel.row_id, retry_at=self.desk.clock(), attempt=parcel.attempts))
        await self._settle(lambda store: Taken([], None))


def _parcel(row: Outgoing, store: Store, now: datetime) -> Parcel | None:
    message = None if row.needs_message is None else store.message(row.needs_message)
    assert row.id is not None
    try:
        effect = msgspec.convert(row.effect, Lasting)
    except msgspec.ValidationError as error:
        log.error("unreadable effect", action="dropped", row=row.id, error=str(error))
        store.outbox.close(row.id, now, "unreadable")
        return None
    return Parcel(
        row_id=row.id,
        key=row.key,
        effect=effect,
        attempts=row.attempts,
        created_at=row.created_at,
        post_id=(message.post_id or "") if message else "",
        place_id=message.place_id if message else "",
        gone=message is not None and message.gone_at is not None,
    )


def _current() -> asyncio.Task[None]:
    task = asyncio.current_task()
    assert task is not None
    return task


def _kind(result: Result) -> str:
    return type(result.event).__name__
