"""What is under way: some deliveries side by side, each of a lane of its own."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta

import structlog

from bot.delivery.gateway import Gateway
from bot.delivery.life import Life
from bot.delivery.outage import Reasons, Standstill, is_unsent
from bot.transaction.parcel import Parcel
from bot.transaction.settling import Result

log = structlog.get_logger()

PATIENCE = 45
"""Seconds for one delivery, with all its requests; less than the lease, so that nobody else tries it meanwhile."""
LEASE = timedelta(seconds=60)


@dataclass(eq=False, repr=False)
class Deliveries:
    """Delivers at most `at_once` effects side by side; a single one, to try it, after the server refused everything.

    `arrived` is told what came of each effect. All is for the event loop.
    """

    gateway: Gateway
    trouble: Standstill
    life: Life
    at_once: int
    _: KW_ONLY
    clock: Callable[[], datetime]
    arrived: Callable[[Parcel, Result], None]

    def __post_init__(self) -> None:
        self.is_closed = False
        self._under_way: dict[asyncio.Task[None], Parcel] = {}

    def room(self) -> int:
        """Return how many more deliveries may begin; in trouble one, once its time is over.

        None, while others may take this process to be dead.
        """
        if self.is_closed or self.trouble.is_waiting() or not self.life.is_sure():
            return 0
        return max(0, (1 if self.trouble.kind else self.at_once) - len(self._under_way))

    def begin(self, parcels: Iterable[Parcel]) -> None:
        """Deliver what is leased."""
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel))
            self._under_way[task] = parcel
            task.add_done_callback(self._under_way.pop)

    async def finish(self, grace: float) -> None:
        """Let nothing begin any more; what does not arrive within `grace` seconds is to be tried again."""
        self.is_closed = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=grace)
        late = [parcel for task, parcel in self._under_way.items() if not task.done()]
        self.cancel()
        for parcel in late:
            self.arrived(parcel, Result(row_id=parcel.row_id, retry_at=self.clock()))

    def cancel(self) -> None:
        """Let nothing go on or begin any more."""
        self.is_closed = True
        for task in self._under_way:
            task.cancel()

    async def _deliver(self, parcel: Parcel) -> None:
        if self.is_closed or self._is_late(parcel):
            self.arrived(parcel, Result(row_id=parcel.row_id, retry_at=self.clock(), unsent=True))
        else:
            self.arrived(parcel, await self._attempt(parcel))

    def _is_late(self, parcel: Parcel) -> bool:
        """Return whether somebody else may take an effect before its delivery would be given up."""
        if parcel.leased_by != self.life.name or not self.life.is_sure():
            return True
        return parcel.leased_until is not None and self.clock() > parcel.leased_until - timedelta(seconds=PATIENCE)

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
