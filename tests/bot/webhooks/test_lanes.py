"""Deliveries set out by themselves, and a slow address holds up no other one, nor a run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from desk import ALICE, BOT, INCIDENT, START, TOWN

from bot.directory.retry import Patience
from bot.transaction.dispatcher import Dispatcher
from bot.webhooks.guard import Guard
from bot.webhooks.lanes import Lanes
from bot.webhooks.sender import Sender
from handlers.context import Installation
from handlers.events import CommandGiven
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import Playbook
from handlers.routes import MENUS
from store import Database, KnownPlace, KnownTeam, WebhookDelivery
from tests.bot.webhooks.receiver import Receiver, receiving


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self):
        return self.now


@asynccontextmanager
async def a_desk(*receivers: Receiver) -> AsyncIterator[tuple[Dispatcher, Watch]]:
    hooks = [{"name": f"hook-{at}", "url": one.url} for at, one in enumerate(receivers)]
    book = Playbook.model_validate(INCIDENT.definition() | {"admins": ["@alice"], "webhooks": hooks})
    database, watch = Database("sqlite://"), Watch()
    database.migrate()
    with database.transaction() as store:
        store.learn(
            KnownTeam(id="t1", name="ops", title="Ops", seen_at=START),
            KnownPlace(id="town", team_id="t1", name="town-square", is_member=True, seen_at=START),
        )
        store.learn_members("t1", {"alice": True}, START)
        store_playbook(store, book, "file:x.yaml", START)
    here = Installation(bot=BOT, site_url="https://chat.example.com", menus=MENUS)
    desk = Dispatcher(database, here, clock=watch)
    lanes = asyncio.create_task(Lanes(desk, Sender(Guard(["127.0.0.0/8"])), Patience()).run())
    try:
        yield desk, watch
    finally:
        lanes.cancel()
        await asyncio.gather(lanes, return_exceptions=True)
        desk.close()
        database.close()


async def tries(desk: Dispatcher, name: str) -> None:
    text = f"webhooks test {name}"
    await desk.dispatch(CommandGiven(at=START, text=text, asker=ALICE, place=TOWN, trigger_id="t"))


async def settled(desk: Dispatcher, address_id: int, count: int, attempts: int = 1) -> list[WebhookDelivery]:
    """Return the deliveries of an address once so many attempts of all of them are noted."""
    async with asyncio.timeout(10):
        while True:
            found = await desk.ask(lambda store: list(store.webhook_deliveries(address_id)))
            if len(found) == count and all(one.attempts >= attempts for one in found):
                return found
            await asyncio.wait_for(asyncio.shield(desk.ask(lambda store: None)), 5)


async def test_a_delivery_sets_out_as_soon_as_it_is_decided() -> None:
    async with receiving(Receiver()) as receiver, a_desk(receiver) as (desk, _):
        await tries(desk, "hook-0")
        (one,) = await settled(desk, 1, 1)
    assert (one.outcome, one.status, one.why) == ("delivered", 200, "")
    assert receiver.got[0][0]["webhook-id"] == one.key


async def test_a_slow_address_holds_up_no_other() -> None:
    async with receiving(Receiver()) as slow, receiving(Receiver()) as quick, a_desk(slow, quick) as (desk, _):
        slow.gate.clear()
        await tries(desk, "hook-0")
        await tries(desk, "hook-0")
        await slow.heard.wait()
        await tries(desk, "hook-1")
        (one,) = await settled(desk, 2, 1)
        assert one.outcome == "delivered"
        assert len(slow.got) == 1
        slow.gate.set()
        both = await settled(desk, 1, 2)
    assert {each.outcome for each in both} == {"delivered"}


async def test_what_failed_comes_again_at_its_time_under_the_same_id() -> None:
    async with receiving(Receiver([500, 200])) as receiver, a_desk(receiver) as (desk, watch):
        await tries(desk, "hook-0")
        (one,) = await settled(desk, 1, 1)
        assert one.next_at == START + timedelta(seconds=5)
        assert len(receiver.got) == 1
        watch.now += timedelta(seconds=5)
        desk.calling.ring()
        (one,) = await settled(desk, 1, 1, attempts=2)
    assert one.outcome == "delivered"
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[0]["webhook-timestamp"] != second[0]["webhook-timestamp"]
    assert first[1] == second[1]


async def test_what_was_left_behind_is_taken_up_when_its_lease_is_over() -> None:
    async with receiving(Receiver()) as receiver, a_desk(receiver) as (desk, watch):
        receiver.gate.clear()
        await tries(desk, "hook-0")
        await receiver.heard.wait()
        later = watch.now + timedelta(seconds=61)
        left = await desk.ask(lambda store: list(store.take_deliveries(later, timedelta(seconds=60), 5)))
        assert [one.id for one in left] == [1]
