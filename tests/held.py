"""A gateway that tests hold back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bot.delivery.gateway import Gateway
from bot.delivery.shown_revisions import Shown
from bot.transaction.parcel import Parcel
from bot.transaction.settling import Result
from handlers.events import AnyEvent

IN_TIME = 10
START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class Held(Gateway):
    """A gateway whose deliveries wait until they are let through."""

    def __init__(self) -> None:
        self.begun: list[Parcel] = []
        self.chance = lambda: 0.0
        self.clock = lambda: START
        self.fails: Callable[[Parcel], Exception | None] = lambda parcel: None
        self.learns: Callable[[Parcel], AnyEvent | None] = lambda parcel: None
        self.open = asyncio.Event()
        self._changed = asyncio.Condition()
        self._shown = Shown()

    async def perform(self, parcel: Parcel) -> Result:
        self.begun.append(parcel)
        async with self._changed:
            self._changed.notify_all()
        await self.open.wait()
        if error := self.fails(parcel):
            raise error
        return Result(row_id=parcel.row_id, event=self.learns(parcel))

    async def has_begun(self, count: int) -> None:
        async with asyncio.timeout(IN_TIME), self._changed:
            await self._changed.wait_for(lambda: len(self.begun) >= count)
