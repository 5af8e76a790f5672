"""Watches the time: wakes when something planned is due, and hands it to the desk."""

from collections import Counter
from datetime import datetime

import structlog

from bot.directory.doubts import Knows, decided
from bot.directory.retry import passes
from bot.transaction.dispatcher import Dispatcher
from handlers.events import JobDue
from store import Conflict, Store, Unavailable

log = structlog.get_logger()

AT_ONCE = 100
LOOK_EVERY = 30.0
"""Seconds after which it looks unasked: another process may have planned something, or a clock may have been set."""
AFTER_FAILURE = 1.0


class Scheduler:
    """Runs until it is stopped; several may run on one database, each job is decided once.

    What a job hangs on that only the server knows is asked of the `directory`.
    """

    def __init__(self, desk: Dispatcher, directory: Knows) -> None:
        self.desk = desk
        self._directory = directory
        self._conflicts: Counter[int] = Counter()
        """How often in a row others were in the way of each job."""
        self._stopping = False

    async def run(self) -> None:
        """Hand over what is due, then sleep until the next time or until something is planned."""
        while not self._stopping:
            try:
                pause = await self._turn()
            except (Unavailable, Conflict) as error:
                log.info("jobs wait", action="jobs_wait", why=str(error))
                pause = AFTER_FAILURE
            except Exception:
                log.exception("nothing planned could be done", action="failed")
                pause = AFTER_FAILURE
            await self.desk.planned.wait(min(max(pause, 0), LOOK_EVERY))

    def stop(self) -> None:
        """End `run` soon."""
        self._stopping = True
        self.desk.planned.ring()

    async def _turn(self) -> float:
        now = self.desk.clock()

        def look(store: Store) -> tuple[list[int], datetime | None]:
            if self.desk.database.is_full:
                store.try_to_write(now)
            due = list(store.due_jobs(now, AT_ONCE))
            return due, None if due else store.next_due()

        due, next_at = await self.desk.ask(look)
        waits = [await self._waits(job_id) for job_id in due]
        if due:
            return AFTER_FAILURE if any(waits) else 0
        if self.desk.storage.trouble is not None:
            return AFTER_FAILURE
        return LOOK_EVERY if next_at is None else (next_at - now).total_seconds()

    async def _waits(self, job_id: int) -> bool:
        """Have a job decided; return whether it waits for the server to say what it hangs on."""
        try:
            due = JobDue(at=self.desk.clock(), job_id=job_id)
            await decided(self.desk.dispatch, self._directory, due)
        except Unavailable:
            raise
        except Exception as error:
            if passes(error, self._conflicts[job_id]):
                self._conflicts[job_id] += isinstance(error, Conflict)
                log.info("job waits", action="jobs_wait", job=job_id, why=str(error))
                return True
            log.exception("job failed", action="failed", job=job_id)
            await self.desk.ask(lambda store: store.put_off_job(job_id, self.desk.clock()))
        del self._conflicts[job_id]
        return False
