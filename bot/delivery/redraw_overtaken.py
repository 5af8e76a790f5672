"""Has a message drawn anew that two changes reached in the wrong order."""

import asyncio

import structlog

from bot.delivery.gateway import Gateway
from bot.directory.retry import Patience
from bot.transaction.dispatcher import Dispatcher
from handlers.events import MessageOvertaken

log = structlog.get_logger()


class Repairs:
    """Is told what the bot's posts show, on the event loop; what is to be decided for one that fell back follows."""

    def __init__(self, desk: Dispatcher, gateway: Gateway, patience: Patience) -> None:
        self.desk = desk
        self.gateway = gateway
        self.patience = patience
        self._under_way: set[asyncio.Task[None]] = set()

    def notice(self, post_id: str, revision: int) -> None:
        """Take note of the revision that one of the bot's posts shows now; one that fell back is drawn anew."""
        if not self.gateway.noticed(post_id, revision):
            return
        task = asyncio.create_task(self._repair(post_id))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _repair(self, post_id: str) -> None:
        try:
            event = MessageOvertaken(at=self.desk.clock(), post_id=post_id)
            await self.patience.insist(lambda: self.desk.dispatch(event))
        except Exception:
            log.exception("not repaired", action="repair_failed", post=post_id)
