"""A day at 30 events a second, or so much of it: `python -m bench.soak [HOURS]`, an hour by default.

The clock goes on by a thirtieth of a second with each event, and everything is delivered at once. What memory and
tables hold is told every tenth; it ends with 1 where they have grown between the middle and the end.
"""

import asyncio
import gc
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from bench import fill, frames
from bench.databases import fresh
from bot.doors.clearing import EVERY, Clearing
from bot.logs.log import set_up
from bot.transaction.dispatcher import Dispatcher
from handlers.context import Installation
from handlers.events import AnyEvent, CommandGiven, Person, Place
from handlers.routes import MENUS
from store import Change, Database, Heard, Outgoing, Store

RATE = 30
AT_ONCE = 30
HISTORY = fill.History(active=50)
FEW_MEGABYTES = 20.0
"""By how much memory may differ between the middle and the end."""
TABLES: tuple[type[SQLModel], ...] = (Outgoing, Heard, Change)


def events(now: datetime) -> Iterator[AnyEvent]:
    """Yield what people do, at their times, for ever: they check tasks and open them again, and one in ten asks."""
    for number in count():
        run = 1 + number % HISTORY.active
        words = "info" if number % 10 == 0 else ("check", "uncheck")[number // HISTORY.active % 2] + " 1.1"
        person = Person(id=frames.person(number % frames.PEOPLE), username=f"p{number % frames.PEOPLE}", is_admin=True)
        place = Place(id=frames.channel(run), team_id="t1", kind="O")
        yield CommandGiven(at=now + timedelta(seconds=number / RATE), text=words, asker=person, place=place)


async def live(url: str, hours: float) -> list[tuple[float, dict[str, int]]]:
    """Live for so many hours of the clock; return memory, in megabytes, and rows at each tenth."""
    now, found = datetime.now(UTC), []
    database = Database(url)
    bot = Person(id="bot", username="muster", is_bot=True)
    dispatcher = Dispatcher(database, Installation(bot=bot, site_url="", menus=MENUS), clock=lambda: now)
    clearing, everything = Clearing(dispatcher, pause=0), events(now)
    batches = max(10, int(hours * 3600 * RATE / AT_ONCE))
    for number in range(1, batches + 1):
        some = [next(everything) for _ in range(AT_ONCE)]
        now = some[-1].at
        await asyncio.gather(*(dispatcher.dispatch(event) for event in some))
        await dispatcher.ask(partial(_deliver, now))
        if number % int(EVERY * RATE / AT_ONCE) == 0:
            await clearing.round()
        if number % (batches // 10) == 0:
            found.append((_megabytes(), await dispatcher.ask(_rows)))
            print(f"{number * AT_ONCE / RATE / 3600:.2f} h: {found[-1][0]:.0f} MB, {found[-1][1]}", flush=True)
    dispatcher.close()
    database.close()
    return found


def _deliver(now: datetime, store: Store) -> None:
    for row_id in store.session.exec(select(Outgoing.id).where(col(Outgoing.done_at).is_(None))).all():
        store.outbox.close(row_id or 0, now, "done")


def _rows(store: Store) -> dict[str, int]:
    return {one.__name__: store.session.exec(select(func.count()).select_from(one)).one() for one in TABLES}


def _megabytes() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main(hours: float) -> int:
    set_up("critical", "console")
    with tempfile.TemporaryDirectory() as folder:
        url = fresh(Path(folder), "soak")
        fill.make(url, HISTORY)
        found = asyncio.run(live(url, hours))
    (middle, rows_then), (end, rows_now) = found[5], found[-1]
    # Changes can be taken back for longer than this lasts.
    levels_off = all(rows_now[one] <= 1.2 * rows_then[one] + 100 for one in ("Outgoing", "Heard"))
    is_well = levels_off and end - middle <= FEW_MEGABYTES
    print(f"memory {middle:.0f} MB in the middle, {end:.0f} MB at the end: {'levels off' if is_well else 'GROWS'}")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
