"""Takes deliveries that are due, one of each address at a time, so that a slow one holds up no other, and no run."""

import asyncio
from datetime import timedelta

import structlog

from bot.directory.retry import Patience
from bot.transaction.dispatcher import Dispatcher
from bot.webhooks.sender import Sender
from handlers.events import WebhookAnswered
from store import Conflict, Store, Unavailable, WebhookDelivery

log = structlog.get_logger()

AT_ONCE = 16
"""To how many addresses something is on its way at a time."""
LEASE = timedelta(seconds=60)
"""How long no other process takes a delivery that is under way; longer than any attempt takes."""
LOOK_EVERY = 30.0
"""Seconds after which it looks unasked: another process may have left something behind."""
AFTER_FAILURE = 1.0


class Lanes:
    """Delivers until it is cancelled; several may run on one database."""

    def __init__(self, desk: Dispatcher, sender: Sender, patience: Patience, *, at_once: int = AT_ONCE) -> None:
        self.desk = desk
        self._patience = patience
        self.sender = sender
        self.at_once = at_once
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver what is due, then sleep until there is something."""
        try:
            while True:
                try:
                    pause = await self._turn()
                except (Unavailable, Conflict):
                    pause = AFTER_FAILURE
                except Exception:
                    log.exception("no webhooks could be delivered", action="failed")
                    pause = AFTER_FAILURE
                await self.desk.calling.wait(pause)
        finally:
            for one in self._under_way:
                one.cancel()

    async def _turn(self) -> float:
        """Set out with what is due; return after how many seconds to look again."""
        now, room = self.desk.clock(), self.at_once - len(self._under_way)

        def take(store: Store) -> tuple[list[tuple[WebhookDelivery, list[str]]], float]:
            taken = [(one, store.address_of(one).secrets(now)) for one in store.take_deliveries(now, LEASE, room)]
            next_at = store.next_delivery(now)
            return taken, LOOK_EVERY if next_at is None else (next_at - now).total_seconds()

        taken, pause = await self.desk.ask(take)
        for one, secrets in taken:
            task = asyncio.create_task(self._deliver(one, secrets))
            self._under_way.add(task)
            task.add_done_callback(self._arrived)
        return 0 if taken and room > len(taken) else min(max(pause, 0.05), LOOK_EVERY)

    async def _deliver(self, one: WebhookDelivery, secrets: list[str]) -> None:
        answer = await self.sender.send(one.url, one.key, one.body, secrets, self.desk.clock())
        log.info(
            "webhook", action="webhook", delivery=one.key, event_type=one.event, status=answer.status, why=answer.why
        )
        answered = WebhookAnswered(
            at=self.desk.clock(),
            delivery_id=one.id,
            status=answer.status,
            why=answer.why,
            took_ms=answer.took_ms,
            retry_after=answer.retry_after,
        )
        await self._patience.insist(lambda: self.desk.dispatch(answered))

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a webhook could not be delivered", action="failed", error=repr(error))
        self.desk.calling.ring()
