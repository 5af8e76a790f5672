"""Has templates rendered by the process for that, which is ended and begun anew where it takes too long."""

import asyncio

import msgspec
import structlog

from bot.worker import IDLE, NoAnswer, Worker
from handlers.unsure import Made, ToRender

log = structlog.get_logger()

PATIENCE = 15.0
"""Seconds for all texts of one order, however busy the machine is."""
REMEMBERED = 64
"""Answers that are kept; each is needed again at once, by the decision that hangs on it."""

_ANSWER = msgspec.json.Decoder(tuple[Made, ...])


class Rendering:
    """Renders one order after the other; whoever waits for another person's waits for each no longer than its own.

    Pages have another one for what somebody only looks at.
    """

    def __init__(self, *, patience: float = PATIENCE, idle: float = IDLE, command: tuple[str, ...] = ()) -> None:
        self._worker = Worker("bot.rendering.worker", patience=patience, idle=idle, command=command)
        self._one_by_one = asyncio.Lock()

    @property
    def process(self) -> asyncio.subprocess.Process | None:
        return self._worker.process

    async def answer(self, order: ToRender, known: dict[ToRender, tuple[Made, ...]]) -> None:
        """Put what an order's templates say among what is `known`, also where they say nothing."""
        if order in known:
            return
        async with self._one_by_one:
            made = await self._ask(order)
        while len(known) >= REMEMBERED:
            del known[next(iter(known))]
        known[order] = made

    async def close(self) -> None:
        """End the process; the next order begins another one."""
        await self._worker.close()

    async def _ask(self, order: ToRender) -> tuple[Made, ...]:
        try:
            made = _ANSWER.decode(await self._worker.ask(msgspec.json.encode(order)))
        except (NoAnswer, msgspec.DecodeError) as error:
            await self.close()
            log.warning("templates not rendered", action="not_rendered", error=str(error))
            return (Made(None, "slow"),) * len(order.texts)
        for one in made:
            if one.why:
                log.warning("a template says nothing", action="not_rendered", error=one.why)
        return made
