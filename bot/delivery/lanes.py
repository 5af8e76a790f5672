"""What is under way: some lanes at once, each in its order; what is decided meanwhile can join the lane it is for."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog

from bot.delivery.gateway import Gateway
from bot.delivery.life import Life
from bot.delivery.outage import Reasons, Standstill, is_unsent
from bot.transaction.dispatcher import Result
from bot.transaction.outbox_handover import Berths
from bot.transaction.parcel import Parcel

log = structlog.get_logger()

PATIENCE = 45
"""Seconds for one delivery, with all its requests; less than the lease, so that nobody else tries it meanwhile."""
LEASE = timedelta(seconds=60)


class Lane:
    """Effects that are delivered one after the other.

    `joining` counts the transactions that may still add to it, `trying` is what the server is being asked for. Once one
    has failed the lane `is_over`: whatever was to come after it goes back.
    """

    __slots__ = ("is_over", "joining", "parcels", "task", "trying")

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.parcels: deque[Parcel] = deque()
        self.trying: Parcel | None = None
        self.joining = 0
        self.is_over = False


class Deliveries:
    """Delivers at most `at_once` lanes side by side; a single one, to try it, after the server refused everything.

    `arrived` is told what came of each effect, `give_back` what has to be taken anew and was not tried. All but
    `reserve` is for the event loop.
    """

    def __init__(
        self,
        gateway: Gateway,
        trouble: Standstill,
        life: Life,
        at_once: int,
        *,
        clock: Callable[[], datetime],
        arrived: Callable[[Parcel, Result], None],
        give_back: Callable[[Iterable[Parcel]], None],
    ) -> None:
        self.gateway = gateway
        self.trouble = trouble
        self.life = life
        self.at_once = at_once
        self.is_closed = False
        self._clock = clock
        self._arrived = arrived
        self._give_back = give_back
        self._lanes: dict[str, Lane] = {}
        self._reserved = 0
        self._lock = threading.Lock()

    def room(self) -> int:
        """Return in how many more lanes deliveries may begin; in trouble in one, once its time is over.

        None, while others may take this process to be dead.
        """
        if self.is_closed or self.trouble.is_waiting() or not self.life.is_sure():
            return 0
        under_way = sum(lane.task is not None for lane in self._lanes.values())
        return max(0, (1 if self.trouble.kind else self.at_once) - under_way - self._reserved)

    def reserve(self, lanes: int, own: Iterable[str] = ()) -> Berths:
        """Keep room to begin in so many lanes at most, and to join those of `own` that are under way, until `begin`.

        From any thread.
        """
        with self._lock:
            berths = Berths(min(lanes, self.room()))
            self._reserved += berths.new
            if not self.is_closed and not self.trouble.kind:
                berths.joined = [name for name in own if (lane := self._lanes.get(name)) and not lane.is_over]
            for name in berths.joined:
                self._lanes[name].joining += 1
        return berths

    def begin(self, parcels: Iterable[Parcel], berths: Berths) -> None:
        """Deliver what is leased, each lane in order; of what was kept the rest is free again."""
        with self._lock:
            self._reserved -= berths.new
            for parcel in parcels:
                self._lanes.setdefault(parcel.lane, Lane()).parcels.append(parcel)
            for name in berths.joined:
                self._lanes[name].joining -= 1
            for name, lane in list(self._lanes.items()):
                self._go_on(name, lane)

    def _go_on(self, name: str, lane: Lane) -> None:
        """Have a lane delivered that has something to deliver; one that has nothing more is forgotten."""
        if lane.parcels and (lane.is_over or (self.is_closed and lane.task is None)):
            self._give_back(lane.parcels)
            lane.parcels.clear()
        if lane.task is None and lane.parcels:
            lane.task = asyncio.create_task(self._deliver(name, lane))
        elif lane.task is None and not lane.joining:
            del self._lanes[name]

    async def finish(self, grace: float) -> None:
        """Let nothing begin any more; what does not arrive within `grace` seconds is given back."""
        self.is_closed = True
        if tasks := [lane.task for lane in self._lanes.values() if lane.task is not None]:
            await asyncio.wait(tasks, timeout=grace)
        for lane in self._lanes.values():
            if lane.trying is not None:
                self._arrived(lane.trying, Result(row_id=lane.trying.row_id, retry_at=self._clock()))
            self._give_back(lane.parcels)
        self.cancel()

    def cancel(self) -> None:
        """Let nothing go on or begin any more."""
        self.is_closed = True
        for lane in self._lanes.values():
            lane.parcels.clear()
            if lane.task is not None:
                lane.task.cancel()

    async def _deliver(self, name: str, lane: Lane) -> None:
        try:
            while lane.parcels and not lane.is_over:
                parcel = lane.parcels[0]
                await self._wait_for(parcel)
                lane.is_over = self._is_late(parcel)
                if not lane.is_over:
                    lane.trying = lane.parcels.popleft()
                    result = await self._attempt(parcel)
                    lane.is_over, lane.trying = result.retry_at is not None, None
                    self._arrived(parcel, result)
        finally:
            with self._lock:
                lane.task = lane.trying = None
                self._go_on(name, lane)

    async def _wait_for(self, parcel: Parcel) -> None:
        wait = (parcel.starts_at - self._clock()).total_seconds() if parcel.starts_at is not None else 0.0
        if wait > 0:
            await asyncio.sleep(wait)

    def _is_late(self, parcel: Parcel) -> bool:
        """Return whether somebody else may take an effect before its delivery would be given up."""
        if parcel.leased_by != self.life.name or not self.life.is_sure():
            return True
        return parcel.leased_until is not None and self._clock() > parcel.leased_until - timedelta(seconds=PATIENCE)

    async def _attempt(self, parcel: Parcel) -> Result:
        try:
            async with asyncio.timeout(PATIENCE):
                result = await self.gateway.perform(parcel)
        except Reasons as error:
            return Result(row_id=parcel.row_id, retry_at=self.trouble.begin(error), unsent=is_unsent(error))
        except Exception:
            log.exception("delivery failed", action="delivery_failed", row=parcel.row_id, attempt=parcel.attempts)
            return self.gateway.try_again(parcel, "an error in Muster")
        self.trouble.end()
        return result
