"""Channels that are restored without a word of the server's, and from when on they are heard again."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.driver import ServerRefused
from bot.listening.listener import Listener
from bot.listening.restored import MOST, RestoredChannels
from handlers.events import PlaceClosed, PlaceReopened
from store import Store
from tests.listening import IN_TIME, QUICK, Scene, scene

ALL_VERSIONS = pytest.mark.parametrize("version", ["5.37", "10.0", "11.6"])


def look_out(here: Scene, listener: Listener) -> RestoredChannels:
    return RestoredChannels(here.desk, here.bot, listener, QUICK)


def _close(store: Store, place_id: str) -> None:
    for run in store.runs_in(place_id):
        run.closed_place = "archived"


async def archived(here: Scene, kind: str) -> str:
    """Archive a channel with a run, and have the server forget that the bot is to hear of it."""
    place = await here.channel("war-room", kind=kind)
    await here.run_in(place)
    await here.say("outage 1", "war-room")
    await here.desk.hears("outage 1")
    await here.alice.delete(f"/channels/{place}")
    await here.desk.told(PlaceClosed)
    await here.desk.ask(lambda store: _close(store, place))
    await here.bot.post("/channels/direct", [here.me.id, here.alice_id])
    await here.say("outage 2")
    await here.desk.hears("outage 1", "outage 2")
    return place


@ALL_VERSIONS
@pytest.mark.parametrize("kind", ["O", "P"])
async def test_a_restored_channel_is_heard_again_whatever_the_server_tells_of_it(version: str, kind: str):
    """With what was said in it until then, and once."""
    async with scene(version) as here, here.listening() as listener:
        looking = look_out(here, listener)
        place = await archived(here, kind)
        await looking.look()
        assert not any(isinstance(event, PlaceReopened) for event in here.desk.events)
        await here.admin.post(f"/channels/{place}/restore")
        await here.say("outage 3", "war-room")
        await here.say("good morning")
        await looking.look()
        assert (await here.desk.told(PlaceReopened)).place_id == place
        await here.desk.hears("outage 1", "outage 2", "outage 3")
        await connected(listener, 2)
        await here.say("outage 4", "war-room")
        await here.desk.hears("outage 1", "outage 2", "outage 3", "outage 4")
        with capture_logs() as logs:
            await looking.look()
        assert [one for one in logs if one["action"] == "restored_found"] == []
        assert here.desk.repeated == []


async def test_a_public_channel_is_heard_again_as_soon_as_its_team_is_told_of_it():
    """The server tells that it was restored to the whole team, and what is said in it only to whom it knows there."""
    async with scene() as here, here.listening() as listener:
        place = await archived(here, "O")
        await here.admin.post(f"/channels/{place}/restore")
        await connected(listener, 2)
        await here.say("outage 3", "war-room")
        await here.desk.hears("outage 1", "outage 2", "outage 3")


async def test_each_time_that_a_channel_is_restored_it_is_taken_up():
    async with scene() as here, here.listening() as listener:
        looking = look_out(here, listener)
        place = await archived(here, "P")
        for times in (1, 2):
            await here.admin.post(f"/channels/{place}/restore")
            await looking.look()
            await connected(listener, times + 1)
            await here.alice.delete(f"/channels/{place}")
            await here.desk.until(lambda events, n=times: sum(isinstance(one, PlaceClosed) for one in events) > n)
            await looking.look()


async def test_nothing_is_asked_where_no_run_in_progress_waits():
    """Nor where the bot is in no such channel any more is anything taken up."""
    async with scene() as here, here.listening() as listener:
        looking = look_out(here, listener)
        side = here.channels["side"]
        await here.run_in(side)
        before = here.seen("GET", f"/channels/{side}")
        await looking.look()
        assert here.seen("GET", f"/channels/{side}") == before
        await here.desk.ask(lambda store: _close(store, side))
        await here.alice.delete(f"/channels/{side}/members/{here.me.id}")
        await here.desk.told(PlaceClosed)
        before = here.seen("GET", f"/channels/{side}")
        await looking.look()
        assert here.seen("GET", f"/channels/{side}") > before
        assert not any(isinstance(event, PlaceReopened) for event in here.desk.events)
        assert listener.line.connections == 1


async def test_a_server_that_fails_is_asked_again():
    async with scene() as here, here.listening() as listener:
        place = await archived(here, "P")
        await here.admin.post(f"/channels/{place}/restore")
        here.mm.faults.server_error(f"GET /channels/{place}", times=2, status=503)
        looking = look_out(here, listener)
        with pytest.raises(ServerRefused):
            await looking.look()
        running = asyncio.create_task(looking.run())
        assert (await here.desk.told(PlaceReopened)).place_id == place
        running.cancel()
        await asyncio.wait({running})


async def test_only_so_many_archived_channels_are_asked_about():
    """Those of the newest runs; what is over, deleted or not archived is not among them."""
    async with scene() as here:
        for number in range(MOST + 4):
            await here.run_in(f"place{number}")
        await here.desk.ask(_archive_all)
        found = await here.desk.ask(lambda store: list(store.archived_places(MOST)))
        assert found == [f"place{number}" for number in range(MOST, 0, -1)]


def _archive_all(store: Store) -> None:
    *most, over, deleted, _ = sorted(store.runs(MOST + 4), key=lambda run: run.id or 0)
    for run in (*most, over, deleted):
        run.closed_place = "archived"
    over.finish("someone", over.created_at)
    deleted.removed_at = deleted.created_at


async def connected(listener: Listener, times: int) -> None:
    """Wait until all is heard over the connection that is the `times`th."""
    never = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(IN_TIME):
        while listener.line.connections < times:
            await asyncio.wait({never}, timeout=0.01)
        await listener.is_complete.wait()
