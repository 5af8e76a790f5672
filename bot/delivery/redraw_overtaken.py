"""Has a message drawn anew that two changes reached in the wrong order."""

import asyncio

import structlog

from bot.directory.retry import Patience
from bot.transaction.dispatcher import Dispatcher
from handlers.events import MessageOvertaken

log = structlog.get_logger()


class Repairs:
    """Called with the post that fell back, on the event loop; the decision follows by itself."""

    def __init__(self, desk: Dispatcher, patience: Patience) -> None:
        self.desk = desk
        self.patience = patience
        self._under_way: set[asyncio.Task[None]] = set()

    def __call__(self, post_id: str) -> None:
        task = asyncio.create_task(self._repair(post_id))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _repair(self, post_id: str) -> None:
        try:
            event = MessageOvertaken(at=self.desk.clock(), post_id=post_id)
            await self.patience.insist(lambda: self.desk.dispatch(event))
        except Exception:
            log.exception("not repaired", action="repair_failed", post=post_id)
