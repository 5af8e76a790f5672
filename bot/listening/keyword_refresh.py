"""Keeps what the listener listens for in step with the runs: words that complete tasks come and go with these."""

import structlog

from bot import library
from bot.listening.listener import Listener
from bot.transaction.dispatcher import Dispatcher
from handlers.playbooks.keywords import Keywords
from store import Conflict, Unavailable

log = structlog.get_logger()

LOOK_EVERY = 60
"""Seconds after which it is asked anew even if nothing was noticed here: another process may have changed a run."""


class Ears:
    """Gives the listener, after each change that matters, the playbooks' `keywords` and the words of open tasks."""

    def __init__(self, desk: Dispatcher, listener: Listener, keywords: Keywords) -> None:
        self._desk = desk
        self._listener = listener
        self.keywords = keywords
        listener.learn_words_by(self.refresh)

    async def run(self) -> None:
        """Keep step until cancelled."""
        while True:
            await self._desk.listening.wait(LOOK_EVERY)
            try:
                await self.refresh()
            except (Unavailable, Conflict) as error:
                # What is said meanwhile with words that are not known yet is read again, once they are.
                log.info("not listening anew yet", action="listening_waits", why=str(error))
                self._listener.lost()
            except Exception:
                log.exception("not listening anew", action="listening_failed")

    async def refresh(self) -> None:
        """Ask the store once what there is to listen for now."""
        self._listener.keywords = await self._desk.ask(lambda store: library.hear_tasks(store, self.keywords))
