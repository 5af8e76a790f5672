"""Buttons come when presses arrive, and go when they no longer do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.doors.button_mode import AT_ONCE, Buttons
from bot.driver import ServerUnreachable
from bot.transaction.dispatcher import Dispatcher
from handlers.context import Installation
from handlers.events import AnyEvent, ButtonsSwitched, Person
from handlers.routes import MENUS
from store import Database, Run

BOT = Person(id="bot", username="muster", is_bot=True)


class Way:
    """A way back that works or not, as a test says; `tried` is set after each try."""

    def __init__(self, *results: bool | None) -> None:
        self.results = list(results)
        self.tries = 0

    async def __call__(self) -> bool:
        self.tries += 1
        found = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if found is None:
            raise ServerUnreachable("the server is away")
        return found


@asynccontextmanager
async def choosing(mode: str, way: Callable[[], Awaitable[bool]] | None) -> AsyncIterator[tuple[Buttons, list[bool]]]:
    """Run the choice; the list has what the installation said at each announcement."""
    database = Database("sqlite://")
    database.migrate()
    said: list[bool] = []

    def decide(event: AnyEvent, ctx: object) -> list[object]:
        assert isinstance(event, ButtonsSwitched)
        said.append(desk.here.buttons)
        return []

    desk = Dispatcher(database, Installation(bot=BOT, site_url="", menus=MENUS), handle=decide)  # type: ignore[arg-type]
    hour = timedelta(hours=1)
    buttons = Buttons(desk, mode, way, try_every=hour, check_every=hour)  # type: ignore[arg-type]
    task = asyncio.create_task(buttons.run())
    try:
        yield buttons, said
    finally:
        task.cancel()
        desk.close()


async def until(way: Way, tries: int, buttons: Buttons) -> None:
    """Have the way tried until it was tried so often, and what follows is decided."""
    async with asyncio.timeout(5):
        while way.tries < tries:
            buttons.look()
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)


async def test_what_is_settled_is_announced_once_and_never_tried() -> None:
    for mode, expected in (("on", True), ("off", False)):
        way = Way(False)
        async with choosing(mode, way) as (buttons, said):
            await asyncio.sleep(0.1)
            assert buttons.are_on is expected
            assert said == [expected]
            assert way.tries == 0


async def test_all_runs_are_told_of_it_a_few_at_a_time_and_whatever_happens_with_some(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    with database.transaction() as store:
        for number in range(2 * AT_ONCE + 3):
            store.add(run_of(number, state="finished" if number == 0 else "active"))
    told: list[tuple[int, ...]] = []

    def decide(event: AnyEvent, ctx: object) -> list[object]:
        assert isinstance(event, ButtonsSwitched)
        told.append(event.run_ids)
        if len(told) == 2:
            raise ZeroDivisionError
        return []

    desk = Dispatcher(database, Installation(bot=BOT, site_url="", menus=MENUS), handle=decide)  # type: ignore[arg-type]
    await Buttons(desk, "on", None).run()
    desk.close()

    assert [len(some) for some in told] == [0, AT_ONCE, AT_ONCE, 2]
    assert sorted(one for some in told for one in some) == list(range(2, 2 * AT_ONCE + 4))


def run_of(number: int, state: str) -> Run:
    said = {"key": f"run{number}", "team_id": "t", "name": "Run", "owner_id": "alice", "creator_id": "alice"}
    return Run(state=state, definition={}, created_at=datetime(2026, 3, 2, tzinfo=UTC), **said)


async def test_without_an_address_there_is_nothing_to_try() -> None:
    async with choosing("auto", None) as (buttons, said):
        await asyncio.sleep(0.1)
        assert not buttons.are_on
        assert said == [False]


async def test_buttons_come_when_the_way_works_and_go_after_two_misses() -> None:
    way = Way(False, True, False, True, False, False)
    async with choosing("auto", way) as (buttons, said):
        await until(way, 1, buttons)
        assert said == [False]
        await until(way, 2, buttons)
        assert said == [False, True]
        await until(way, 4, buttons)
        assert said == [False, True]
        await until(way, 6, buttons)
        assert said == [False, True, False]


async def test_a_server_that_is_away_tells_nothing_about_the_way() -> None:
    way = Way(None, True, None, None, None, True)
    async with choosing("auto", way) as (buttons, said):
        await until(way, 6, buttons)
        assert said == [True]
        assert buttons.are_on
