"""Several processes on one database: what one that died had taken is done by others in seconds, and by nobody twice."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rows import outgoing
from stage import KINDS, url_of

from bot.delivery.life import MISSED, SURE_FOR, Life
from bot.transaction.dispatcher import Dispatcher
from handlers.context import Installation
from handlers.events import Person
from handlers.routes import MENUS
from store import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Steady:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(url_of(request.param, tmp_path))
    made.migrate()
    yield made
    made.close()


def life(database: Database, clock: Steady | None = None, *, alone: bool = False) -> Life:
    desk = Dispatcher(database, Installation(bot=Person(id="", username="muster"), site_url="", menus=MENUS))
    return Life(desk, alone=alone, clock=clock or Steady())


def lease_something(database: Database, to: Life, key: str = "k") -> None:
    with database.transaction() as store:
        store.outbox.put(outgoing(key, key, leased_by=to.name, leased_until=NOW + HOUR, attempts=1))


def can_be_taken(database: Database) -> list[str]:
    with database.transaction() as store:
        rows = store.outbox.take("somebody", NOW, HOUR, 10)
        keys = [row.key for row in rows]
        store.session.rollback()
    return keys


async def test_what_an_earlier_life_had_taken_is_free_at_once_where_there_is_one(database: Database) -> None:
    lease_something(database, life(database))
    one = life(database, alone=True)
    assert not one.is_sure()
    await one.beat()
    assert one.is_sure()
    assert can_be_taken(database) == ["k"]


async def test_what_a_dead_process_had_taken_is_free_after_some_looks(database: Database) -> None:
    dead, other = life(database), life(database)
    await dead.beat()
    await other.beat()
    lease_something(database, dead)
    for _ in range(MISSED):
        await other.beat()
        assert can_be_taken(database) == []
    await other.beat()
    assert can_be_taken(database) == ["k"]


async def test_what_a_living_process_has_taken_stays_its_own(database: Database) -> None:
    one, other = life(database), life(database)
    await one.beat()
    lease_something(database, one)
    for _ in range(MISSED * 3):
        await other.beat()
        await one.beat()
    assert can_be_taken(database) == []


async def test_who_was_stopped_is_not_sure_any_more_and_goes_on_under_another_name(database: Database) -> None:
    clock = Steady()
    stopped, other = life(database, clock), life(database)
    woken: list[bool] = []
    stopped.on_change = lambda: woken.append(stopped.is_sure())
    await stopped.beat()
    name = stopped.name
    lease_something(database, stopped)
    for _ in range(MISSED + 2):
        await other.beat()
    assert can_be_taken(database) == ["k"]

    clock.at += SURE_FOR * stopped.every
    assert not stopped.is_sure()
    await stopped.beat()
    assert stopped.is_sure()
    assert stopped.name != name
    assert woken == [True, True]


async def test_who_could_not_look_for_long_looks_again_before_it_judges(database: Database) -> None:
    """A database that was away keeps all from telling that they live; who comes back first takes nobody to be dead."""
    clock = Steady()
    one, other = life(database), life(database, clock)
    await one.beat()
    await other.beat()
    lease_something(database, one)
    clock.at += 3600
    await other.beat()
    await one.beat()
    await other.beat()
    assert can_be_taken(database) == []


async def test_who_leaves_frees_what_it_had_taken(database: Database) -> None:
    one, other = life(database), life(database)
    await one.beat()
    await other.beat()
    lease_something(database, one)
    lease_something(database, other, "other")
    await one.end()
    assert can_be_taken(database) == ["k"]


async def test_all_who_look_after_each_other_at_once_get_along(database: Database) -> None:
    dead, *others = (life(database) for _ in range(6))
    await asyncio.gather(dead.beat(), *(one.beat() for one in others))
    lease_something(database, dead)
    for _ in range(MISSED + 3):
        for done in await asyncio.gather(*(one.beat() for one in others), return_exceptions=True):
            assert done is None
    assert can_be_taken(database) == ["k"]
    with database.transaction() as store:
        assert sorted(store.processes.beats()) == sorted(one.name for one in others)
