"""The courier: nothing is lost, each lane in order, lanes side by side, whatever the server does."""

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import desk as handling
import msgspec
import pytest
from desk import words_of
from held import IN_TIME, START, Held
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import allow_ephemeral
from sqlmodel import col, select
from structlog.testing import capture_logs
from wayout import Stage, staged

from bot.delivery.courier import Courier
from bot.delivery.deliveries import LEASE, PATIENCE
from bot.delivery.gateway import Gateway
from bot.delivery.outage import Standstill
from bot.directory.retry import MOST_CONFLICTS
from bot.driver import ServerRefused, ServerUnreachable
from bot.transaction.decisions import COURTESY, Pace
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.parcel import Parcel
from bot.transaction.settling import Result
from bot.transaction.transactions import TRIES
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers import effects as do
from handlers.context import Context, Installation
from handlers.events import (
    AnyEvent,
    ButtonPressed,
    CommandGiven,
    MessagePosted,
    Person,
    Place,
    PlaceReopened,
    Undeliverable,
)
from handlers.messages.current import current
from handlers.routes import MENUS
from store import Conflict, Database, Departing, Message, Outgoing, Store

MINUTE = timedelta(minutes=1)


class Desk(Dispatcher):
    """A dispatcher whose decisions a test makes: effects to begin with, and what follows from what is learnt."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database,
            Installation(bot=Person(id="", username="muster"), site_url="", menus=MENUS),
            clock=lambda: self.now,
            handle=self.decide,
        )
        self.now = datetime.now(UTC)
        self.waiting: deque[Sequence[do.Effect]] = deque()
        self.learnt: list[AnyEvent] = []
        self.follows: Callable[[AnyEvent, Context], Iterable[do.Effect]] = lambda event, ctx: ()
        self.turns = 0
        self._turned = asyncio.Condition()

    def decide(self, event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
        if isinstance(event, PlaceReopened):
            yield from self.waiting.popleft()
        else:
            yield from self.follows(event, ctx)
            self.learnt.append(event)

    async def send(self, *effects: do.Effect) -> None:
        """Decide on these effects."""
        self.waiting.append(effects)
        await self.dispatch(PlaceReopened(at=self.now, place_id=""))

    async def settle_and(self, results: Sequence[Result], then: Callable[[Store], Any]) -> Any:
        answer = await super().settle_and(results, then)
        self.turns += 1
        async with self._turned:
            self._turned.notify_all()
        return answer

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until something is so after a turn of the courier."""
        async with asyncio.timeout(IN_TIME), self._turned:
            await self._turned.wait_for(ready)

    def rows(self) -> Sequence[Outgoing]:
        with self.database.transaction() as store:
            return store.session.exec(select(Outgoing).order_by(col(Outgoing.id))).all()

    def outcomes(self) -> list[str]:
        return [row.outcome for row in self.rows()]

    def is_empty(self) -> bool:
        return all(row.done_at for row in self.rows())

    def note(self, place_id: str = "") -> int:
        """Add a message of the bot's, and return its id."""
        with self.database.transaction() as store:
            return store.add(Message(kind="note", place_id=place_id)).id or 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = Database(f"sqlite:///{tmp_path / 'muster.db'}")
    database.migrate()
    made = Desk(database)
    yield made
    made.close()
    database.close()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the courier ask again at once after a failure."""
    monkeypatch.setattr("bot.delivery.courier.AFTER_FAILURE", timedelta(milliseconds=1))


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as made:
        yield made


@asynccontextmanager
async def delivering(desk: Dispatcher, gateway: Gateway, **options: Any) -> AsyncIterator[Courier]:
    courier = Courier(desk, gateway, **options)
    running = asyncio.create_task(courier.run())
    try:
        yield courier
    finally:
        courier.stop()
        await running


async def gateway_to(stage: Stage, desk: Desk) -> Gateway:
    writer = Writer(Signer("a secret of the tests"), "http://127.0.0.1:9")
    gateway = Gateway(stage.driver, writer, clock=desk.clock, chance=lambda: 0.0)
    await gateway.learn_server()
    return gateway


def post(place_id: str, text: str, message_id: int = 0) -> do.Post:
    return do.Post(message_id=message_id, place_id=place_id, content=do.Content(text))


def texts(stage: Stage, place_id: str) -> list[str]:
    return [one.message for one in stage.mm.posts(place_id)]


# -- delivering


async def test_what_was_decided_is_delivered_and_what_is_learnt_goes_on(stage: Stage, desk: Desk) -> None:
    place_id = await stage.channel()
    message_id = desk.note()
    desk.follows = lambda event, ctx: [post(place_id, "second")] if not desk.learnt else []
    async with delivering(desk, await gateway_to(stage, desk)) as courier:
        await desk.send(post(place_id, "first", message_id))
        await desk.until(lambda: texts(stage, place_id) == ["first", "second"] and desk.is_empty())

    first = desk.learnt[0]
    assert isinstance(first, MessagePosted)
    assert (first.message_id, first.post_id) == (message_id, stage.mm.posts(place_id)[0].id)
    assert courier.deliveries == 2
    with desk.database.transaction() as store:
        message = store.message(message_id)
        assert message is not None
        assert (message.post_id, message.place_id) == (first.post_id, place_id)


async def test_what_was_left_by_an_earlier_process_is_delivered_at_once(stage: Stage, desk: Desk) -> None:
    place_id = await stage.channel()
    await desk.send(post(place_id, "left behind"))
    with desk.database.transaction() as store:
        store.outbox.take("a process that died", desk.now, MINUTE, 10)
    async with delivering(desk, await gateway_to(stage, desk)):
        await desk.until(desk.is_empty)

    assert texts(stage, place_id) == ["left behind"]


async def test_a_change_waits_for_its_message_and_the_newest_one_counts(stage: Stage, desk: Desk) -> None:
    place_id = await stage.channel()
    message_id = desk.note(place_id)
    edits = [
        do.Edit(message_id=message_id, content=do.Content(f"version {number}"), revision=number) for number in (2, 3)
    ]
    await desk.send(*edits, post(place_id, "version 1", message_id), do.Pin(message_id=message_id))
    async with delivering(desk, await gateway_to(stage, desk)):
        await desk.until(desk.is_empty)

    (shown,) = stage.mm.posts(place_id)
    assert (shown.message, shown.is_pinned) == ("version 3", True)
    assert len(desk.rows()) == 3


async def test_lanes_go_side_by_side_and_each_in_order(desk: Desk, held: Held) -> None:
    await desk.send(*(post(f"place {number % 20}", str(number)) for number in range(60)))
    async with delivering(desk, held, at_once=8):
        await held.has_begun(8)
        assert [parcel.row_id for parcel in held.begun] == list(range(1, 9))
        held.open.set()
        await desk.until(desk.is_empty)

    for lane in range(20):
        place = [parcel.row_id for parcel in held.begun if parcel.row_id % 20 == lane]
        assert place == sorted(place)
    assert len(held.begun) == 60


async def test_what_is_decided_meanwhile_follows_in_its_lane(desk: Desk, held: Held) -> None:
    async with delivering(desk, held):
        await desk.until(lambda: desk.turns > 0)
        for number in range(5):
            await desk.send(post("place", str(number)))
        await held.has_begun(1)
        assert [row.attempts for row in desk.rows()] == [1, 0, 0, 0, 0]
        held.open.set()
        await desk.until(desk.is_empty)

    assert [parcel.row_id for parcel in held.begun] == [1, 2, 3, 4, 5]


async def test_what_follows_a_failure_in_its_lane_waits_for_it(desk: Desk, held: Held) -> None:
    held.fails = lambda parcel: ServerUnreachable("away") if parcel.attempts == 1 and parcel.row_id == 1 else None
    async with delivering(desk, held) as courier:
        await desk.until(lambda: desk.turns > 0)
        for number in range(3):
            await desk.send(post("place", str(number)))
        await held.has_begun(1)
        held.open.set()
        await desk.until(lambda: bool(courier.trouble.kind))
        desk.now += MINUTE
        courier.wake()
        await desk.until(desk.is_empty)

    assert [(parcel.row_id, parcel.attempts) for parcel in held.begun] == [(1, 1), (1, 2), (2, 1), (3, 1)]


async def test_what_was_taken_and_can_no_longer_arrive_in_time_is_taken_anew(desk: Desk, held: Held) -> None:
    """As when the process is stopped between taking it and beginning."""
    held.open.set()
    courier = Courier(desk, held)
    await courier.life.beat()
    await desk.send(post("place", "late"))
    with desk.database.transaction() as store:
        taken = courier._take(store, 8)
    desk.now += LEASE - timedelta(seconds=PATIENCE - 1)
    courier._under_way.begin(taken.parcels)
    running = asyncio.create_task(courier.run())
    await desk.until(desk.is_empty)
    courier.stop()
    await running

    assert [(parcel.row_id, parcel.attempts, parcel.unsent) for parcel in held.begun] == [(1, 2, 1)]


async def test_an_edit_does_not_follow_where_a_newer_one_could_take_its_place(desk: Desk, held: Held) -> None:
    with desk.database.transaction() as store:
        message_id = store.add(Message(kind="note", place_id="place", post_id="p1")).id or 0
    edits = [do.Edit(message_id=message_id, content=do.Content(str(n)), revision=n) for n in (2, 3, 4)]
    async with delivering(desk, held):
        await desk.until(lambda: desk.turns > 0)
        for edit in edits:
            await desk.send(edit)
        await held.has_begun(1)
        held.open.set()
        await desk.until(desk.is_empty)

    assert [parcel.effect.revision for parcel in held.begun if isinstance(parcel.effect, do.Edit)] == [2, 4]


async def test_no_more_than_agreed_are_under_way(desk: Desk, held: Held) -> None:
    await desk.send(*(post(f"place {number}", "") for number in range(30)))
    async with delivering(desk, held, at_once=3):
        await held.has_begun(3)
        turns = desk.turns
        await desk.send(post("another place", ""))
        assert (len(held.begun), desk.turns) == (3, turns)
        held.open.set()
        await desk.until(desk.is_empty)


async def test_one_slow_lane_holds_up_nobody(stage: Stage, desk: Desk) -> None:
    slow, quick = await stage.channel("slow"), await stage.channel("quick")
    gateway = await gateway_to(stage, desk)
    stage.mm.faults.delay(2, "POST /posts")
    async with delivering(desk, gateway):
        await desk.until(lambda: desk.turns > 0)
        await desk.send(post(slow, "slow"))
        await desk.send(*(post(quick, str(number)) for number in range(10)))
        await desk.until(lambda: desk.outcomes().count("done") == 10)
        assert texts(stage, quick) == [str(number) for number in range(10)]
        assert [row.lane for row in desk.rows() if not row.done_at] == [f"posts:{slow}"]
        await desk.until(desk.is_empty)


async def test_it_can_be_woken_from_any_thread(desk: Desk, held: Held) -> None:
    held.open.set()
    async with delivering(desk, held) as courier:
        await desk.until(lambda: desk.turns > 0)
        with desk.database.transaction() as store:
            store.outbox.put(row(post("place", "by another process"), desk.now))
        threading.Thread(target=courier.wake).start()
        await desk.until(desk.is_empty)

    assert len(held.begun) == 1


async def test_what_another_process_left_behind_is_found_unasked(desk: Desk, held: Held) -> None:
    held.open.set()
    async with delivering(desk, held, look_every=0.05):
        await desk.until(lambda: desk.turns > 0)
        with desk.database.transaction() as store:
            store.outbox.put(row(post("place", "by another process"), desk.now))
        await desk.until(desk.is_empty)

    assert len(held.begun) == 1


def row(what: do.Outbound, now: datetime, **known: Any) -> Departing:
    usual: dict[str, Any] = {
        "replaces": None,
        "key": secrets.token_hex(13),
        "lane": do.lane(what),
        "effect": msgspec.to_builtins(what),
    }
    return Departing(**usual | {"created_at": now, "next_at": now, "needs_message": do.needs(what)} | known)


async def test_what_cannot_be_delivered_yet_keeps_nobody_busy(desk: Desk, held: Held) -> None:
    message_id = desk.note()
    await desk.send(do.Pin(message_id=message_id))
    async with delivering(desk, held) as courier:
        await desk.until(lambda: desk.turns == 1)
        courier.wake()
        await desk.until(lambda: desk.turns == 2)

    assert (held.begun, desk.turns) == ([], 3)


# -- what is drawn as it is taken


async def test_a_message_is_drawn_when_it_may_be_edited_as_the_run_stands_then(held: Held) -> None:
    """The first of some commands is shown in a moment, and one edit a second later shows all others."""
    held.open.set()
    made = handling.Desk(handling.INCIDENT)
    place, now = handling.started_run(made), START
    held.clock = lambda: now
    dispatcher = Dispatcher(made.database, made.here, clock=lambda: now)

    async def say(words: str) -> None:
        await dispatcher.dispatch(CommandGiven(at=now, text=words, asker=handling.ALICE, place=place))

    def waiting() -> list[tuple[str, int, timedelta]]:
        left = left_in(made.database)
        return sorted((row.effect["type"], row.effect["message_id"], row.next_at - START) for row in left)

    await say("check 1.1")
    assert waiting() == [("Redraw", 2, COURTESY), ("Redraw", 4, COURTESY)]
    now += COURTESY
    async with delivering(dispatcher, held):
        await held.has_begun(2)
        for words in ("skip 1.2", "uncheck 1.1"):
            await say(words)
    assert waiting() == [("Redraw", 2, Pace.EVERY), ("Redraw", 4, Pace.EVERY)]
    now += Pace.EVERY
    async with delivering(dispatcher, held):
        await held.has_begun(4)

    shown = [parcel.effect for parcel in held.begun if isinstance(parcel.effect, do.Edit)]
    assert sorted(edit.message_id for edit in shown) == [2, 2, 4, 4]
    first, second = (words_of(edit.content.cards[0]) for edit in shown if edit.message_id == 2)
    assert "~~1.1" in first
    assert "~~1.2 Open a bridge call~~ · skipped" not in first
    assert "~~1.2 Open a bridge call~~ · skipped" in second
    assert "**1.1**" in second
    with made.database.transaction() as store:
        assert all(store.message(edit.message_id).revision == edit.revision for edit in shown[2:])


async def test_what_is_as_it_was_drawn_but_never_sent_is_sent(held: Held) -> None:
    """The edit that showed it gave way to a later drawing, which finds everything as it was in that edit."""
    held.open.set()
    made = handling.Desk(handling.INCIDENT)
    place, now = handling.started_run(made), START
    held.clock = lambda: now
    dispatcher = Dispatcher(made.database, made.here, clock=lambda: now)
    await dispatcher.dispatch(CommandGiven(at=now, text="check 1.1", asker=handling.ALICE, place=place))
    now += COURTESY
    with made.database.transaction() as store:
        for parcel in Courier(dispatcher, held)._take(store, 8).parcels:
            store.outbox.put_off(parcel.row_id, now)
    for words in ("uncheck 1.1", "check 1.1"):
        await dispatcher.dispatch(CommandGiven(at=now, text=words, asker=handling.ALICE, place=place))
    now += timedelta(seconds=1)
    async with delivering(dispatcher, held):
        await held.has_begun(2)

    shown = {parcel.effect.message_id: parcel.effect for parcel in held.begun if isinstance(parcel.effect, do.Edit)}
    assert "~~1.1" in words_of(shown[2].content.cards[0])


STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(("check 1.1", "uncheck 1.1", "check 1.2", "skip 1.2", "check 2.1"))),
    st.tuples(st.just("press"), st.sampled_from(("told", "shown", "lost"))),
    st.tuples(st.just("deliver"), st.sampled_from((True, True, False))),
    st.tuples(st.just("wait"), st.sampled_from((0.02, 0.2, 0.9, 1.5, 4.0))),
)


@given(st.lists(STEPS, max_size=25))
@settings(max_examples=40)
def test_in_the_end_all_messages_show_how_the_run_stands(steps: list[tuple[str, Any]]) -> None:
    """Whatever is decided when, and whatever is delivered, fails, or is lost on its way to who pressed."""
    made = handling.Desk(handling.INCIDENT)
    place, clock = handling.started_run(made), [START]
    dispatcher = Dispatcher(made.database, made.here, clock=lambda: clock[0])
    courier = Courier(dispatcher, Held())
    with made.database.transaction() as store:
        shown = {one: (1, content) for one in (2, 3, 4) if (content := what_shows(store, made, START, one)) is not None}
    assert len(shown) == 3

    def show(edit: do.Edit, is_told: bool) -> None:
        if edit.revision > shown[edit.message_id][0]:
            shown[edit.message_id] = edit.revision, edit.content
        if is_told:
            courier.gateway.noticed(f"own{edit.message_id}", edit.revision)

    def deliver(arrives: bool) -> None:
        with made.database.transaction() as store:
            for parcel in courier._take(store, 8).parcels:
                if arrives and isinstance(parcel.effect, do.Edit):
                    show(parcel.effect, is_told=True)
                if arrives:
                    store.outbox.close(parcel.row_id, clock[0], "done")
                else:
                    store.outbox.put_off(parcel.row_id, clock[0] + timedelta(seconds=1))

    def decide(event: AnyEvent) -> do.Edit | None:
        return asyncio.run(dispatcher.dispatch(event)).pressed

    for what, how in steps:
        match what:
            case "say":
                decide(CommandGiven(at=clock[0], text=how, asker=handling.ALICE, place=place))
            case "press":
                edit = decide(pressed_first_task(clock[0], place))
                if edit is not None and how != "lost":
                    show(edit, is_told=how == "told")
            case "deliver":
                deliver(how)
            case "wait":
                clock[0] += timedelta(seconds=how)
    for _ in range(4):
        clock[0] += timedelta(seconds=5)
        deliver(arrives=True)
    dispatcher.close()

    with made.database.transaction() as store:
        assert not store.outbox.is_left()
        for message_id, (_, content) in shown.items():
            assert content == what_shows(store, made, clock[0], message_id)


def what_shows(store: Store, desk: handling.Desk, now: datetime, message_id: int) -> do.Content | None:
    message = store.message(message_id)
    return current(Context(now, store, desk.here), message) if message is not None else None


def pressed_first_task(now: datetime, place: Place) -> ButtonPressed:
    return ButtonPressed(
        at=now, action="task.done", arg="1", asker=handling.BOB, place=place, message_id=3, post_id="own3"
    )


async def test_what_shows_how_it_stands_already_is_not_sent(held: Held) -> None:
    held.open.set()
    made = handling.Desk(handling.INCIDENT)
    handling.started_run(made)
    dispatcher = Dispatcher(made.database, made.here, clock=lambda: START)
    with made.database.transaction() as store:
        put_to_be_drawn(store, 2)
        store.outbox.put(row(post("place", "after it"), START))
    async with delivering(dispatcher, held):
        await held.has_begun(1)

    with made.database.transaction() as store:
        drawn, _ = store.session.exec(select(Outgoing).order_by(col(Outgoing.id)))
    assert (drawn.outcome, [parcel.kind for parcel in held.begun]) == ("shown", ["Post"])


async def test_what_cannot_be_drawn_holds_up_nothing_else(
    desk: Desk, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.open.set()

    def breaks(ctx: Context, messages: dict[int, bool]) -> Iterator[do.Edit]:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.delivery.courier.redraw", breaks)
    message_id = desk.note()
    with desk.database.transaction() as store:
        message = store.message(message_id)
        assert message is not None
        message.post_id = "p1"
        put_to_be_drawn(store, message_id)
        store.outbox.put(row(post("place", "after it"), desk.now))
    with capture_logs() as logs:
        async with delivering(desk, held):
            await desk.until(lambda: desk.outcomes() == ["", "done"])

    assert [one["action"] for one in logs if one["log_level"] == "error"] == ["draw_failed"]
    first, _ = desk.rows()
    assert (first.effect["type"], first.leased_until, first.next_at > desk.now) == ("Redraw", None, True)


async def test_what_was_drawn_and_did_not_arrive_is_tried_again_as_it_was(held: Held) -> None:
    held.open.set()
    held.fails = lambda parcel: KeyError("id")
    made = handling.Desk(handling.INCIDENT)
    place, now = handling.started_run(made), START
    held.clock = lambda: now
    dispatcher = Dispatcher(made.database, made.here, clock=lambda: now)
    await dispatcher.dispatch(CommandGiven(at=now, text="check 1.1", asker=handling.ALICE, place=place))
    now += COURTESY
    async with delivering(dispatcher, held):
        await held.has_begun(2)

    again = {row.effect["message_id"]: row.effect["type"] for row in left_in(made.database)}
    assert again == {2: "Edit", 4: "Edit"}


def left_in(database: Database) -> Sequence[Outgoing]:
    with database.transaction() as store:
        return store.session.exec(select(Outgoing).where(col(Outgoing.done_at).is_(None))).all()


def put_to_be_drawn(store: Store, message_id: int) -> None:
    effect = do.Redraw(message_id=message_id)
    store.outbox.put(row(effect, START, replaces=do.replaces(effect)))


# -- trouble


async def test_a_lane_keeps_its_order_through_failures(stage: Stage, desk: Desk) -> None:
    place_id = await stage.channel()
    gateway = await gateway_to(stage, desk)
    stage.mm.faults.reset("POST /posts", after_commit=True)
    stage.mm.faults.rate_limit("POST /posts", retry_after=1)
    stage.mm.faults.server_error("POST /posts", status=503)
    stage.mm.faults.reset("POST /posts", after_commit=False)
    wanted = [str(number) for number in range(5)]
    async with delivering(desk, gateway) as courier:
        await desk.send(*(post(place_id, text) for text in wanted))
        for _ in range(8):
            await desk.until(lambda: bool(courier.trouble.kind) or desk.is_empty())
            desk.now += MINUTE
            courier.wake()
            await desk.until(lambda: not courier.trouble.is_waiting())
        await desk.until(desk.is_empty)

    assert texts(stage, place_id) == wanted


async def test_a_server_that_is_away_is_waited_for_and_told_of_once(stage: Stage, desk: Desk) -> None:
    places = [await stage.channel(f"place-{number}") for number in range(12)]
    gateway = await gateway_to(stage, desk)
    await stage.mm.stop()
    with capture_logs() as logs:
        async with delivering(desk, gateway) as courier:
            await desk.send(*(post(place_id, "kept") for place_id in places))
            await desk.until(
                lambda: courier.trouble.kind == "unreachable" and all(not r.leased_until for r in desk.rows())
            )
            for _ in range(3):
                desk.now += MINUTE
                courier.wake()
                await desk.until(courier.trouble.is_waiting)
            await stage.mm.start()
            desk.now += MINUTE
            courier.wake()
            await desk.until(desk.is_empty)

    assert [texts(stage, place_id) for place_id in places] == [["kept"]] * 12
    assert courier.trouble.kind == ""
    told = [line["action"] for line in logs if line["log_level"] in ("warning", "error")]
    assert told == ["unreachable"]


async def test_what_is_whispered_is_seen_once_and_no_more(stage: Stage, desk: Desk) -> None:
    """Where the server let nobody in it comes later; where its answer was lost it stays at that."""
    await allow_ephemeral(stage)
    whisper = do.Tell(person_id=stage.ann.id, place_id=await stage.channel(), content=do.Content("welcome"))
    outcomes = []
    async with delivering(desk, await gateway_to(stage, desk)) as courier:
        for fault in (stage.mm.faults.rate_limit, stage.mm.faults.reset):
            fault("POST /posts/ephemeral")
            await desk.send(whisper)
            await desk.until(lambda: bool(courier.trouble.kind))
            desk.now += MINUTE
            courier.wake()
            await desk.until(desk.is_empty)
            outcomes.append((desk.outcomes()[-1], len(whispered(stage))))

    assert outcomes == [("ephemeral", 2), ("unsure", 3)]


def whispered(stage: Stage) -> Sequence[Any]:
    return [asked for asked in stage.mm.requests if asked.path == "/posts/ephemeral"]


async def test_a_rate_limit_is_kept_to_by_all_lanes(stage: Stage, desk: Desk) -> None:
    places = [await stage.channel(f"place-{number}") for number in range(12)]
    gateway = await gateway_to(stage, desk)
    stage.mm.faults.rate_limit("POST /posts", retry_after=30, times=None)
    async with delivering(desk, gateway) as courier:
        await desk.send(*(post(place_id, "kept") for place_id in places))
        await desk.until(lambda: courier.trouble.kind == "limited" and all(not r.leased_until for r in desk.rows()))
        asked = len(stage.mm.requests)
        assert courier.trouble.until is not None
        assert timedelta(seconds=30) <= courier.trouble.until - desk.now <= timedelta(seconds=31)
        desk.now += timedelta(seconds=29)
        await desk.send(post(places[0], "more"))
        assert len(stage.mm.requests) == asked

        stage.mm.faults.clear()
        desk.now += timedelta(seconds=2)
        courier.wake()
        await desk.until(desk.is_empty)

    assert texts(stage, places[0]) == ["kept", "more"]


FAILURES = st.sampled_from((None, None, None, ServerUnreachable("away"), KeyError("id")))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(FAILURES, max_size=2), st.booleans()), max_size=12))
@settings(max_examples=25, deadline=None)
def test_each_lane_is_delivered_in_its_order_whatever_fails_meanwhile(
    sent: list[tuple[str, list[Exception | None], bool]],
) -> None:
    """Each is sent to a place, fails so often and in this way, and the way may be opened, or shut, before the next."""

    arrived: list[Parcel] = []

    async def play() -> None:
        database = Database("sqlite://")
        database.migrate()
        desk, held = Desk(database), Held()
        held.clock = desk.clock
        fails = {row_id: iter(failures) for row_id, (_, failures, _) in enumerate(sent, 1)}
        held.fails = lambda parcel: next(fails[parcel.row_id], None) or arrived.append(parcel)
        async with delivering(desk, held, at_once=2) as courier:
            await desk.until(lambda: desk.turns > 0)
            for place, _, is_open in sent:
                await desk.send(post(place, ""))
                (held.open.set if is_open else held.open.clear)()
                await asyncio.sleep(0)
            held.open.set()
            async with asyncio.timeout(IN_TIME):
                while (await desk.ask(lambda store: store.outbox.waiting()))[0]:
                    desk.now += timedelta(seconds=1)
                    courier.wake()
        desk.close()
        database.close()

    with capture_logs():
        asyncio.run(play())
    for place in "abc":
        wanted = [number for number, (to, _, _) in enumerate(sent, 1) if to == place]
        assert [parcel.row_id for parcel in arrived if parcel.lane == f"posts:{place}"] == wanted


def test_what_had_set_out_before_does_not_end_a_rate_limit() -> None:
    now = START
    standstill = Standstill(lambda: now, lambda: 0.0)
    standstill.begin(ServerRefused(429, retry_after=30))
    standstill.end()
    assert (standstill.kind, standstill.is_waiting()) == ("limited", True)

    now += timedelta(seconds=30)
    standstill.end()
    assert (standstill.kind, standstill.until) == ("", None)


def test_a_server_that_stays_away_is_tried_more_and_more_seldom() -> None:
    now = START
    standstill = Standstill(lambda: now, lambda: 0.0)
    waits = []
    for _ in range(8):
        until = standstill.begin(ServerUnreachable("away"))
        assert standstill.begin(ServerUnreachable("away")) == until
        waits.append((until - now).total_seconds())
        now = until

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_bad_token_stops_everything_and_loses_nothing(stage: Stage, desk: Desk) -> None:
    place_id = await stage.channel()
    gateway = await gateway_to(stage, desk)
    stage.mm.faults.revoke_tokens("muster")
    with capture_logs() as logs:
        async with delivering(desk, gateway) as courier:
            await desk.send(post(place_id, "kept"), do.Tell(person_id=stage.ann.id, content=do.Content("kept")))
            await desk.until(lambda: courier.trouble.kind == "token" and all(not r.leased_until for r in desk.rows()))

    assert desk.outcomes() == ["", ""]
    assert [line["action"] for line in logs if line["log_level"] == "error"] == ["token_refused"]


async def test_what_is_hopeless_is_told_and_the_lane_goes_on(stage: Stage, desk: Desk) -> None:
    place_id = await stage.channel()
    async with delivering(desk, await gateway_to(stage, desk)):
        await desk.send(post(place_id, "x" * 20_000, 7), post(place_id, "after it"))
        await desk.until(desk.is_empty)

    assert (texts(stage, place_id), desk.outcomes()) == (["after it"], ["too_long", "done"])
    assert isinstance(desk.learnt[0], Undeliverable)


async def test_an_error_in_a_delivery_stays_with_it(desk: Desk, held: Held) -> None:
    held.open.set()
    held.fails = lambda parcel: KeyError("id") if parcel.row_id == 1 else None
    held.clock = desk.clock
    async with delivering(desk, held):
        await desk.send(post("one", ""), post("two", ""))
        await desk.until(lambda: desk.outcomes() == ["", "done"] and desk.rows()[0].leased_until is None)

    assert desk.rows()[0].next_at > desk.now


async def test_a_decision_that_fails_takes_no_other_result_with_it(stage: Stage, desk: Desk) -> None:
    place_id, other_id = await stage.channel("one"), await stage.channel("other")

    def breaks(event: AnyEvent, ctx: Context) -> Iterable[do.Effect]:
        if isinstance(event, MessagePosted) and event.message_id == broken:
            raise ZeroDivisionError
        return ()

    broken, whole = desk.note(), desk.note()
    desk.follows = breaks
    await desk.send(post(place_id, "breaks", broken), post(other_id, "goes well", whole))
    async with delivering(desk, await gateway_to(stage, desk)):
        await desk.until(desk.is_empty)

    assert (texts(stage, place_id), texts(stage, other_id)) == (["breaks"], ["goes well"])
    assert [event.message_id for event in desk.learnt if isinstance(event, MessagePosted)] == [whole]
    with desk.database.transaction() as store:
        assert all(message.post_id for message in store.session.exec(select(Message)))


async def test_what_was_learnt_counts_though_others_were_in_the_way(desk: Desk, held: Held, soon: None) -> None:
    """Whatever others do at the same time is no fault of the handler's: without it a run would never be open."""
    held.open.set()
    held.learns = lambda parcel: Undeliverable(at=START, effect="Post", reason="refused")
    ways = iter([Conflict("deadlock detected")] * (TRIES * MOST_CONFLICTS))

    def in_the_way(event: AnyEvent, ctx: Context) -> Iterable[do.Effect]:
        if (conflict := next(ways, None)) is not None:
            raise conflict
        return ()

    desk.follows = in_the_way
    await desk.send(post("place", "hello"))
    with capture_logs() as logs:
        async with delivering(desk, held):
            await desk.until(desk.is_empty)
    assert [type(event) for event in desk.learnt] == [Undeliverable]
    assert not any(one["log_level"] == "error" for one in logs)


async def test_what_breaks_a_rule_each_time_holds_up_nobody_for_ever(desk: Desk, held: Held, soon: None) -> None:
    held.open.set()
    held.learns = lambda parcel: Undeliverable(at=START, effect="Post", reason="refused")

    def in_the_way(event: AnyEvent, ctx: Context) -> Iterable[do.Effect]:
        raise Conflict("duplicate key")

    desk.follows = in_the_way
    await desk.send(post("place", "hello"))
    with capture_logs() as logs:
        async with delivering(desk, held):
            await desk.until(desk.is_empty)
    assert desk.learnt == []
    assert [one["action"] for one in logs if one["log_level"] == "error"] == ["settle_failed"]


async def test_others_that_are_in_the_way_at_the_start_do_not_end_it(desk: Desk, held: Held, soon: None) -> None:
    held.open.set()
    ways = [Conflict("deadlock detected")] * (TRIES + 1)
    ask = desk.ask

    async def in_the_way(question: Callable[[Store], Any]) -> Any:
        if ways:
            raise ways.pop()
        return await ask(question)

    desk.ask = in_the_way  # type: ignore[method-assign]
    await desk.send(post("place", "hello"))
    async with delivering(desk, held):
        await desk.until(desk.is_empty)
    assert (desk.outcomes(), ways) == (["done"], [])


async def test_an_effect_that_nobody_understands_is_dropped(desk: Desk, held: Held) -> None:
    held.open.set()
    with desk.database.transaction() as store:
        store.outbox.put(row(post("place", ""), desk.now, effect={"type": "Sing"}))
        store.outbox.put(row(post("place", "after it"), desk.now))
    async with delivering(desk, held):
        await desk.until(lambda: len(held.begun) == 1)
        await desk.until(desk.is_empty)

    assert desk.outcomes() == ["unreadable", "done"]


# -- the end


async def test_what_is_under_way_at_the_end_still_arrives(desk: Desk, held: Held) -> None:
    await desk.send(post("one", ""), post("two", ""), post("one", "later"))
    async with delivering(desk, held) as courier:
        await held.has_begun(2)
        courier.stop()
        held.open.set()

    assert desk.outcomes() == ["done", "done", ""]


async def test_what_is_decided_while_it_ends_is_left_for_the_next_process(desk: Desk, held: Held) -> None:
    async with delivering(desk, held) as courier:
        await desk.until(lambda: desk.turns > 0)
        await desk.send(post("one", ""))
        await held.has_begun(1)
        courier.stop()
        await desk.send(post("two", ""), post("one", "later"))
        held.open.set()

    assert [(row.outcome, row.leased_until) for row in desk.rows()] == [("done", None), ("", None), ("", None)]


async def test_what_does_not_arrive_in_time_is_left_for_the_next_process(desk: Desk, held: Held) -> None:
    await desk.send(post("one", ""))
    async with delivering(desk, held, grace=0.01) as courier:
        await held.has_begun(1)
        courier.stop()

    (left,) = desk.rows()
    assert (left.done_at, left.leased_until, left.attempts) == (None, None, 1)


# -- the outbox


def test_a_late_result_does_not_disturb_a_newer_attempt(desk: Desk) -> None:
    with desk.database.transaction() as store:
        store.outbox.put(row(post("place", ""), START))
        for minutes in (0, 2):
            (taken,) = store.outbox.take("x", START + minutes * MINUTE, MINUTE, 1)
        assert taken.id is not None
        store.outbox.put_off(taken.id, START, attempt=1)

    assert desk.rows()[0].leased_until == START + 3 * MINUTE


def test_what_is_over_is_never_taken_or_put_off(desk: Desk) -> None:
    with desk.database.transaction() as store:
        store.outbox.put(row(post("place", ""), START))
        (taken,) = store.outbox.take("x", START, MINUTE, 1)
        assert taken.id is not None
        assert store.outbox.close(taken.id, START, "done")
        assert not store.outbox.close(taken.id, START, "again")
        store.outbox.put_off(taken.id, START)
        assert store.outbox.next_at() is None

    assert desk.outcomes() == ["done"]


def test_the_next_time_is_that_of_the_first_in_each_lane(desk: Desk) -> None:
    with desk.database.transaction() as store:
        store.outbox.put(row(post("one", ""), START, next_at=START + 5 * MINUTE))
        store.outbox.put(row(post("one", "behind it"), START))
        assert store.outbox.next_at() == START + 5 * MINUTE
        store.outbox.put(row(post("two", ""), START))
        assert store.outbox.next_at() == START
        store.outbox.take("x", START, MINUTE, 10)
        assert store.outbox.next_at() == START + MINUTE


def test_an_edit_on_its_way_is_not_replaced_but_followed(desk: Desk) -> None:
    edits = [do.Edit(message_id=1, content=do.Content(str(n)), revision=n) for n in (2, 3, 4)]
    with desk.database.transaction() as store:
        store.add(Message(kind="note", post_id="p1"))
        for edit in edits:
            store.outbox.make_way(do.outdates(edit))
            store.outbox.put(row(edit, START, replaces=do.replaces(edit)))
            store.outbox.take("x", START, MINUTE, 1)

    assert [row.effect["revision"] for row in desk.rows()] == [2, 4]
