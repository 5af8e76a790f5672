"""The desk: many at once are decided together, each for itself, and each message is drawn once for all."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, START, TOWN, Desk, started_run, words_of
from sqlalchemy.event import listen

from bot.transaction.decisions import Pace, Reply
from bot.transaction.dispatcher import AT_ONCE, Dispatcher
from bot.transaction.transactions import TRIES
from handlers import effects as do
from handlers.context import Context
from handlers.events import AnyEvent, ButtonPressed, CommandGiven, PersonJoined, PersonLeft
from handlers.routes import decide
from store import Conflict, Database, Job, Store


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    made.migrate()
    return made


def press(task: int, message: int = 2) -> ButtonPressed:
    return ButtonPressed(
        at=START,
        action="task.done",
        arg=str(task),
        asker=ALICE,
        place=TOWN,
        message_id=message,
        post_id=f"own{message}",
    )


async def together(dispatcher: Dispatcher, *events: AnyEvent) -> list[object]:
    """Let events wait until all of them are there, then let them be decided."""
    gate = threading.Event()
    dispatcher.transactions.submit(gate.wait)
    waiting = [asyncio.create_task(dispatcher.dispatch(event)) for event in events]
    await asyncio.sleep(0)
    gate.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_people_who_press_at_once_all_get_the_newest_content(tmp_path: Path) -> None:
    desk = Desk(INCIDENT)
    started_run(desk)
    dispatcher = Dispatcher(desk.database, desk.here, clock=lambda: START)
    first, second = await together(dispatcher, press(1), press(2))
    for reply in (first, second):
        text = words_of(reply.pressed.content.cards[0])
        assert "[x] ~~1.1" in text
        assert "[x] ~~1.2" in text
    waiting = await dispatcher.ask(
        lambda store: [row.effect for row in store.outbox.take("w", START + timedelta(seconds=1), timedelta(1), 99)]
    )
    cards = [effect for effect in waiting if effect["type"] == "Redraw" and effect["message_id"] == 4]
    assert len(cards) == 1


async def test_other_messages_wait_a_moment_for_who_pressed_and_welcomes_for_all(tmp_path: Path) -> None:
    desk = Desk(INCIDENT)
    place = started_run(desk)
    dispatcher = Dispatcher(desk.database, desk.here, clock=lambda: START)
    await dispatcher.dispatch(press(1))
    desk.in_team(CARLA.id)
    await dispatcher.dispatch(PersonJoined(at=START, place=place, person=CARLA))

    async def waits(seconds: float) -> list[tuple[str, object]]:
        at = START + timedelta(seconds=seconds)
        taken = await dispatcher.ask(lambda store: [row.effect for row in store.outbox.take("w", at, timedelta(1), 99)])
        return [(one["type"], one.get("message_id")) for one in taken]

    assert await waits(0.03) == []
    assert await waits(0.05) == [("Redraw", 4)]
    assert await waits(0.99) == []
    assert await waits(1) == [("Tell", None)]
    assert await waits(3) == [("Redraw", 2)]


async def test_what_is_decided_together_is_known_to_what_comes_after_it(tmp_path: Path) -> None:
    desk = Desk(INCIDENT)
    place = started_run(desk)
    dispatcher = Dispatcher(desk.database, desk.here, clock=lambda: START)
    commands = (CommandGiven(at=START, text=words, asker=ALICE, place=place) for words in ("check 1.1", "undo", "undo"))
    told = [reply.effects[-1] for reply in await together(dispatcher, *commands)]
    assert "Taken back" in told[1].content.text
    assert told[2].title == "Nothing to undo"


async def test_who_presses_sees_the_outcome_though_it_was_drawn_before(tmp_path: Path) -> None:
    """What came in between was not drawn yet."""
    desk = Desk(INCIDENT)
    place = started_run(desk)
    dispatcher = Dispatcher(desk.database, desk.here, clock=lambda: START)
    for words in ("check 1.1", "uncheck 1.1"):
        await dispatcher.dispatch(CommandGiven(at=START, text=words, asker=ALICE, place=place))
    reply = await dispatcher.dispatch(press(1))
    assert reply.pressed is not None
    assert "~~1.1" in words_of(reply.pressed.content.cards[0])


async def test_one_that_fails_is_undone_alone(database: Database) -> None:
    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        assert isinstance(event, PersonLeft)
        ctx.store.once(event.person_id, ctx.now)
        yield do.Tell(person_id=event.person_id, content=do.Content("hello"))
        if event.person_id == "bob":
            raise RuntimeError("bob cannot be dealt with")

    dispatcher = Dispatcher(database, Desk().here, clock=lambda: START, handle=handle)
    left = [PersonLeft(at=START, place_id="c", person_id=one.id) for one in (ALICE, BOB, CARLA)]
    answers = await together(dispatcher, *left)
    assert [isinstance(one, RuntimeError) for one in answers] == [False, True, False]

    def told(store: Store) -> list[str]:
        return [row.effect["person_id"] for row in store.outbox.take("w", START, timedelta(1), 9)]

    assert await dispatcher.ask(told) == ["alice", "carla"]
    assert await dispatcher.ask(lambda store: store.once("bob", START))
    assert not await dispatcher.ask(lambda store: store.once("alice", START))


async def test_where_the_commit_fails_everybody_is_told_so(database: Database) -> None:
    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        ctx.store.session.add(Job(kind="update", subject="run:1", due_at=START.replace(tzinfo=None)))
        yield from ()

    dispatcher = Dispatcher(database, Desk().here, handle=handle)
    (answer,) = await together(dispatcher, PersonLeft(at=START, place_id="c", person_id="alice"))
    assert isinstance(answer, Exception)


async def test_a_reply_can_be_prepared_while_it_is_being_committed(database: Database) -> None:
    prepared = threading.Event()
    announced: list[tuple[Reply, bool]] = []

    def prepare(reply: Reply) -> None:
        with closing(sqlite3.connect(str(database.url.database))) as beside:
            announced.append((reply, bool(beside.execute("SELECT count(*) FROM outbox").fetchone()[0])))
        prepared.set()

    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        yield do.Tell(person_id="alice", content=do.Content("hello"))

    listen(database.engine, "commit", lambda connection: prepared.wait(20))
    dispatcher = Dispatcher(database, Desk().here, clock=lambda: START, handle=handle)
    reply = await dispatcher.dispatch(PersonLeft(at=START, place_id="c", person_id="alice"), prepare)
    assert announced == [(reply, False)]
    assert (await dispatcher.ask(lambda store: store.outbox.waiting()))[0] == 1


def test_a_message_is_edited_once_a_second_at_most_and_at_once_the_first_time() -> None:
    pace = Pace()
    waits = [pace.wait(1, START + timedelta(milliseconds=at)).total_seconds() for at in (0, 100, 900, 1100, 1999, 5000)]
    assert waits == [0, 0.9, 0.1, 0.9, 0.001, 0]
    assert pace.wait(2, START).total_seconds() == 0


async def test_all_decisions_of_a_run_reach_the_store(tmp_path: Path) -> None:
    desk = Desk(INCIDENT)
    started_run(desk)
    dispatcher = Dispatcher(desk.database, desk.here, handle=decide, clock=lambda: START)
    await together(dispatcher, *(press(task) for task in (1, 2, 3, 4, 5)))
    states = await dispatcher.ask(lambda store: [task.state for task in store.tasks(1)])
    assert states == ["done"] * 5
    assert dispatcher.decisions == 5


async def test_however_many_come_at_once_each_is_decided(database: Database) -> None:
    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        assert isinstance(event, PersonLeft)
        yield do.Tell(person_id=event.person_id, content=do.Content("hello"))

    dispatcher = Dispatcher(database, Desk().here, clock=lambda: START, handle=handle)
    left = [PersonLeft(at=START, place_id="c", person_id=str(number)) for number in range(3 * AT_ONCE + 1)]
    async with asyncio.timeout(20):
        answers = await together(dispatcher, *left)
    assert not any(isinstance(one, Exception) for one in answers)
    waiting, _ = await dispatcher.ask(lambda store: store.outbox.waiting())
    assert waiting == len(left)


async def test_a_transaction_that_another_was_in_the_way_of_is_tried_again(database: Database) -> None:
    tries: list[str] = []

    def handle(event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        assert isinstance(event, PersonLeft)
        tries.append(event.person_id)
        yield do.Tell(person_id=event.person_id, content=do.Content("hello"))
        if len(tries) < often:
            raise Conflict("deadlock detected")

    often = TRIES
    dispatcher = Dispatcher(database, Desk().here, clock=lambda: START, handle=handle)
    await dispatcher.dispatch(PersonLeft(at=START, place_id="c", person_id="alice"))
    assert tries == ["alice"] * TRIES
    assert (await dispatcher.ask(lambda store: store.outbox.waiting()))[0] == 1

    often = len(tries) + TRIES + 1
    with pytest.raises(Conflict):
        await dispatcher.dispatch(PersonLeft(at=START, place_id="c", person_id="bob"))
