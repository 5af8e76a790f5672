"""What server or storage kept from being dealt with waits in its channel, in order; other channels go on."""

import asyncio
from collections.abc import Callable

import pytest

from bot.listening.channel_workers import ChannelWorkers
from bot.listening.filter import Once
from bot.listening.read_marks import Watermarks
from bot.transaction.pace import SECONDS, PersonalPace
from handlers.effects import Content
from handlers.events import (
    AnyEvent,
    PersonJoined,
    PersonLeft,
    PlaceChanged,
    PlaceClosed,
    PlaceReopened,
    PostDeleted,
    ReactionAdded,
)
from store import Conflict, Message, Unavailable
from tests.listening import IN_TIME, QUICK, Scene, scene


def about(place_id: str) -> Callable[[AnyEvent], bool]:
    """Return whether an event is about a channel."""

    def is_about(event: AnyEvent) -> bool:
        place = getattr(event, "place", None)
        return (place.id if place is not None else getattr(event, "place_id", "")) == place_id

    return is_about


def anything(event: AnyEvent) -> bool:
    return True


def nothing(event: AnyEvent) -> bool:
    return False


async def test_a_channel_waits_in_order_while_others_of_the_same_worker_go_on():
    async with scene() as here, here.listening(workers=1) as listener:
        here.desk.is_away = about(here.channels["general"])
        await here.say("outage 1")
        await here.say("outage 2")
        await here.say("outage 3", "side")
        await here.desk.hears("outage 3")
        assert (len(listener.stalls), listener.waiting) == (1, 2)
        assert listener.stalls.since is not None
        here.desk.is_away = nothing
        await here.desk.hears("outage 3", "outage 1", "outage 2")
        await _until(lambda: len(listener.stalls) == 0)
        assert (listener.stalls.since, listener.waiting) == (None, 0)


async def test_a_mark_does_not_pass_what_waits_in_a_channel():
    """However much is said there that concerns nobody."""
    async with scene() as here:
        async with here.listening() as listener:
            await here.say("outage 0")
            await here.desk.hears("outage 0")
            here.desk.is_away = anything
            await here.say("outage 1")
            await here.say("nothing")
            await _until(lambda: len(listener.stalls) == 1)
        here.desk.is_away = nothing
        async with here.listening():
            await here.desk.hears("outage 0", "outage 1")


async def test_what_waits_when_the_process_ends_is_found_again_whatever_it_is():
    """Joins, leaves, deletions, reactions, and that the bot was removed."""
    async with scene() as here:
        general, side = here.channels["general"], here.channels["side"]
        admin = (await here.admin.get("/users/me"))["id"]
        async with here.listening() as listener:
            await here.run_in(general)
            own = await here.say("1 · Triage", by=here.bot)
            gone = await here.say("2 · Fix", by=here.bot)
            for post in (own, gone):
                message = Message(kind="checklist", post_id=post["id"], place_id=general, run_id=1)
                await here.desk.ask(lambda store, message=message: store.add(message))
            await here.say("outage 0")
            await here.desk.hears("outage 0")
            here.desk.is_away = anything
            here.mm.clock.advance(seconds=10)
            await here.alice.post(f"/channels/{general}/members", {"user_id": admin})
            here.mm.clock.advance(seconds=10)
            await here.admin.delete(f"/channels/{general}/members/{admin}")
            await here.admin.delete(f"/posts/{gone['id']}")
            reaction = {"user_id": here.alice_id, "post_id": own["id"], "emoji_name": "two"}
            await here.alice.post("/reactions", reaction)
            await here.alice.delete(f"/channels/{side}/members/{here.me.id}")
            await _until(lambda: len(listener.stalls) == 2)
            await here.say("outage 1", await here.channel("third"))
            await _until(lambda: len(listener.stalls) == 3)
        assert here.desk.texts == ["outage 0"]
        here.desk.is_away = nothing
        async with here.listening():
            await here.desk.hears("outage 0", "outage 1")
            joined, left = await here.desk.told(PersonJoined), await here.desk.told(PersonLeft)
            assert (joined.person.id, left.person_id) == (admin, admin)
            assert (await here.desk.told(PostDeleted)).post_id == gone["id"]
            assert (await here.desk.told(ReactionAdded)).post_id == own["id"]
            assert (await here.desk.told(PlaceClosed)).place_id == side


async def test_a_reaction_that_waits_is_found_again_however_far_other_channels_are():
    """Its own channel's mark tells from when on it is read."""
    async with scene() as here:
        general = here.channels["general"]
        async with here.listening() as listener:
            await here.run_in(general)
            said = await here.say("we roll back now")
            await here.say("outage 0", "side")
            await here.desk.hears("outage 0")
            here.desk.is_away = about(general)
            reaction = {"user_id": here.alice_id, "post_id": said["id"], "emoji_name": "pushpin"}
            await here.alice.post("/reactions", reaction)
            await _until(lambda: len(listener.stalls) == 1)
            here.mm.clock.advance(minutes=10)
            await here.say("outage 1", "side")
            await here.desk.hears("outage 0", "outage 1")
        here.desk.is_away = nothing
        async with here.listening():
            assert (await here.desk.told(ReactionAdded)).post_id == said["id"]


async def test_a_channel_that_is_open_again_is_told_of_after_a_restart_too():
    async with scene() as here:
        side = here.channels["side"]
        async with here.listening() as listener:
            await here.say("outage 0")
            await here.desk.hears("outage 0")
            await here.alice.delete(f"/channels/{side}")
            await here.desk.told(PlaceClosed)
            here.desk.is_away = anything
            await here.admin.post(f"/channels/{side}/restore")
            await _until(lambda: len(listener.stalls) == 1)
        here.desk.is_away = nothing
        async with here.listening():
            assert (await here.desk.told(PlaceReopened)).place_id == side


async def test_what_had_no_room_is_read_again_in_order():
    texts = [f"outage {number}" for number in range(30)]
    async with scene() as here, here.listening(room=4, workers=1) as listener:
        here.desk.is_away = about(here.channels["general"])
        for text in texts:
            await here.say(text)
        await here.say("outage elsewhere", "side")
        await here.desk.hears("outage elsewhere")
        assert listener.waiting <= 9
        here.desk.is_away = nothing
        await here.desk.hears("outage elsewhere", *texts)


async def test_who_cannot_be_asked_about_keeps_only_their_channel_waiting():
    """The server does not answer about a stranger; of whom the bot knows it need not ask."""
    async with scene() as here, here.listening(workers=1) as listener:
        await here.say("outage 0")
        await here.desk.hears("outage 0")
        carla = await here.admin.post(
            "/users", {"username": "carla", "email": "carla@example.com", "password": "Carla-pass-2026"}
        )
        await here.admin.post(f"/teams/{here.team_id}/members", {"team_id": here.team_id, "user_id": carla["id"]})
        await here.alice.post(f"/channels/{here.channels['side']}/members", {"user_id": carla["id"]})
        here.mm.faults.server_error("POST /users/ids", times=None, user="muster", status=503)
        await here.say("outage 1", "side", by=await _login(here))
        await _until(lambda: len(listener.stalls) == 1)
        await here.say("outage 2")
        await here.desk.hears("outage 0", "outage 2")
        here.mm.faults.clear()
        await here.desk.hears("outage 0", "outage 2", "outage 1")


async def test_one_asks_for_all_while_the_database_is_away():
    """A hundred channels that wait do not ask a hundred times as often."""
    asked: list[str] = []
    away = [True]

    async def ask(place_id: str) -> None:
        asked.append(place_id)
        if away[0]:
            raise Unavailable("refused")

    places = [f"c{number}" for number in range(100)]
    lanes = ChannelWorkers(Watermarks(), Once(), patience=QUICK, room=1000)
    working = asyncio.create_task(lanes.run())
    for place in places:
        assert lanes.offer(place, lambda place=place: ask(place))
    await _until(lambda: len(lanes.stalls) == len(places))
    before = len(asked)
    await _until(lambda: len(asked) >= before + 5)
    assert len(asked) - before <= 10
    away[0] = False
    await _until(lambda: len(lanes.stalls) == 0)
    assert set(asked[-len(places) :]) == set(places)
    working.cancel()
    await asyncio.wait({working})


async def test_a_channel_of_which_the_server_does_not_say_what_it_is_now_waits_by_itself():
    async with scene("11.6") as here, here.listening(workers=1) as listener:
        here.mm.faults.server_error("GET /channels/{channel_id}", times=None, user="muster", status=503)
        await here.admin.put(f"/channels/{here.channels['general']}/privacy", {"privacy": "P"})
        await _until(lambda: len(listener.stalls) == 1)
        await here.say("outage", "side")
        await here.desk.hears("outage")
        here.mm.faults.clear()
        await _until(lambda: len(listener.stalls) == 0)
        last = [event for event in here.desk.events if isinstance(event, PlaceChanged)][-1]
        assert (last.place.id, last.place.kind) == (here.channels["general"], "P")


async def test_such_a_channel_does_not_keep_the_others_when_the_database_is_back():
    async with scene("11.6") as here, here.listening() as listener:
        here.mm.faults.server_error("GET /channels/{channel_id}", times=None, user="muster", status=503)
        here.desk.is_away = anything
        await here.admin.put(f"/channels/{here.channels['general']}/privacy", {"privacy": "P"})
        await here.say("outage", "side")
        await _until(lambda: len(listener.stalls) == 2)
        here.desk.is_away = nothing
        await here.desk.hears("outage")
        here.mm.faults.clear()
        await _until(lambda: len(listener.stalls) == 0)


@pytest.mark.parametrize("status", [408, 507, 522])
async def test_what_a_proxy_says_in_the_servers_place_passes_whatever_number_it_has(status: int):
    async with scene() as here, here.listening():
        here.mm.faults.server_error("POST /users/ids", times=2, user="muster", status=status)
        await here.say("outage")
        await here.desk.hears("outage")


async def test_an_answer_that_no_mattermost_gives_passes_too():
    async with scene() as here, here.listening():
        page = {"status": 200, "body": '{"status": "maintenance"}', "content_type": "application/json"}
        here.mm.faults.server_error("POST /users/ids", times=2, user="muster", **page)
        await here.say("outage")
        await here.desk.hears("outage")


async def test_what_waited_was_written_no_faster_for_that():
    """The pace is kept by when something was said: neither trying again nor reading later costs anything."""
    time = iter(range(0, 10**6, SECONDS))
    async with scene() as here:
        async with here.listening(pace=PersonalPace(1, clock=lambda: float(next(time)))) as listener:
            here.desk.is_away = anything
            for number in range(3):
                await here.say(f"@muster help {number}")
            await _until(lambda: listener.waiting == 3)
            here.desk.is_away = nothing
            await here.desk.hears(*(f"@muster help {number}" for number in range(3)))
        for number in range(3, 6):
            await here.say(f"@muster help {number}")
        async with here.listening(pace=PersonalPace(1, clock=lambda: 0.0)):
            await here.desk.hears(*(f"@muster help {number}" for number in range(6)))
        assert here.desk.excuses == []


async def test_that_a_command_was_too_much_is_told_though_the_database_was_away():
    async with scene() as here, here.listening(pace=PersonalPace(1, clock=lambda: 0.0)) as listener:
        await here.say("@muster help")
        await here.desk.hears("@muster help")
        tell, here.desk.tell = here.desk.tell, _away
        await here.say("@muster help again")
        await _until(lambda: len(listener.stalls) == 1)
        here.desk.tell = tell
        await _until(lambda: len(listener.stalls) == 0)
        assert [person for person, _ in here.desk.excuses] == [here.alice_id]
        assert here.desk.texts == ["@muster help"]


async def _away(person_id: str, content: Content, once: str = "") -> None:
    raise Unavailable("the database is away")


async def test_what_is_in_the_way_for_ever_is_a_fault_and_passed_over():
    """A row that breaks a rule each time would otherwise keep its channel waiting for good."""
    tries: list[int] = []

    async def fail() -> None:
        tries.append(1)
        raise Conflict("duplicate key")

    marks = Watermarks()
    lanes = ChannelWorkers(marks, Once(), patience=QUICK)
    working = asyncio.create_task(lanes.run())
    lanes.offer("c", fail, at=5)
    await _until(lambda: len(tries) > 1 and len(lanes.stalls) == 0)
    assert 5 < len(tries) < 20
    assert not marks._pending
    working.cancel()
    await asyncio.wait({working})


async def _login(here: Scene):
    session = here.client("")._open()
    body = {"login_id": "carla", "password": "Carla-pass-2026"}
    async with session.post(f"{here.mm.url}/api/v4/users/login", json=body, headers={"Authorization": ""}) as answer:
        return here.client(answer.headers["Token"])


async def _until(ready: Callable[[], bool]) -> None:
    never = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(IN_TIME):
        while not ready():
            await asyncio.wait({never}, timeout=0.01)
