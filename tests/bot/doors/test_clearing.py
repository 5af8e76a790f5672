"""What is needed for a while only goes when that is over, and not before; two months leave no more than one."""

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import desk as handling
import pytest
from rows import a_run, outgoing
from sqlalchemy import func
from sqlmodel import SQLModel, select
from stage import KINDS, url_of

from bot.doors.clearing import Clearing
from bot.transaction.dispatcher import Dispatcher
from bot.wire.signing import DIALOG_LIFE
from handlers.events import CommandGiven, Hit, MessageHeard, Place
from store import (
    Change,
    Database,
    Heard,
    Job,
    KnownPlace,
    Message,
    NewChange,
    Outgoing,
    PagePass,
    PageSession,
    Store,
    about,
)
from store.clearing import DELIVERED_KEPT, HEARD_KEPT, SLACK, UNPLACED_KEPT, WORKED_KEPT, clear

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(url_of(request.param, tmp_path))
    made.migrate()
    yield made
    made.close()


def left(store: Store, column: Any) -> Sequence[Any]:
    return store.session.exec(select(column).order_by(column)).all()


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def test_what_was_delivered_goes_and_what_waits_stays(database: Database) -> None:
    with database.transaction() as store:
        old = NOW - DELIVERED_KEPT - SECOND
        store.outbox.put(outgoing("a", "over", done_at=old), outgoing("a", "just over", done_at=NOW))
        store.outbox.put(outgoing("b", "waits", created_at=NOW - 90 * DAY, next_at=NOW))
        assert clear(store, "delivered", NOW) == 1
        assert left(store, Outgoing.key) == ["just over", "waits"]


def test_a_key_stays_until_its_channel_has_passed_it_and_no_dialog_can_bring_it(database: Database) -> None:
    old, older = NOW - HEARD_KEPT - SECOND, NOW - UNPLACED_KEPT - SECOND
    with database.transaction() as store:
        for place_id, mark in (("passed", old + SLACK + SECOND), ("behind", old + SLACK - SECOND)):
            store.learn(KnownPlace(id=place_id, is_member=True, heard_until=milliseconds(mark), seen_at=NOW))
        store.learn(KnownPlace(id="left", is_member=False, heard_until=0, seen_at=NOW))
        for place_id in ("passed", "behind", "left", "unknown", ""):
            store.once(f"old in {place_id}", old, place_id)
            store.once(f"new in {place_id}", NOW, place_id)
        store.session.add(Heard(key="before channels were noted", at=old))
        store.session.add(Heard(key="long before that", at=older))
        store.session.flush()
        clear(store, "heard", NOW)
        kept = left(store, Heard.key)
    assert sorted(key for key in kept if not key.startswith("new")) == ["before channels were noted", "old in behind"]
    assert len([key for key in kept if key.startswith("new")]) == 5


def test_a_dialog_is_over_before_the_key_of_its_showing_goes() -> None:
    assert DIALOG_LIFE + SLACK < HEARD_KEPT


def test_a_change_can_be_taken_back_for_a_month(database: Database) -> None:
    with database.transaction() as store:
        run = store.add(a_run())
        for days in (31, 29, 0):
            store.record(NewChange(run.id or 0, NOW - days * DAY, "alice", "check", str(days), [], []))
        store.write()
        clear(store, "changed", NOW)
        assert left(store, Change.label) == ["0", "29"]


def test_jobs_that_are_over_go_except_those_that_a_message_is_about(database: Database) -> None:
    with database.transaction() as store:
        run = store.add(a_run())
        over = NOW - WORKED_KEPT - SECOND
        for kind, done_at in (("update", over), ("turn", over), ("digest", over), ("fold", NOW), ("archive", None)):
            store.add(Job(kind=kind, subject=about(run), due_at=over, done_at=done_at, run_id=run.id))
        store.add(Message(kind="reminder", run_id=run.id, job_id=2))
        clear(store, "worked", NOW)
        assert left(store, Job.kind) == ["archive", "fold", "turn", "update"]


async def test_what_has_gathered_goes_in_small_steps(database: Database) -> None:
    with database.transaction() as store:
        old = NOW - DELIVERED_KEPT - SECOND
        store.outbox.put(*(outgoing("a", str(number), done_at=old) for number in range(1200)))
    dispatcher = Dispatcher(database, handling.Desk().here, clock=lambda: NOW)
    asked = 0
    ask = dispatcher.ask

    async def counted(question: Any) -> Any:
        nonlocal asked
        asked += 1
        return await ask(question)

    dispatcher.ask = counted  # type: ignore[method-assign]
    first, second = Clearing(dispatcher, pause=0), Clearing(dispatcher, pause=0)
    gone = await asyncio.gather(first.round(), second.round())
    assert sum(one["delivered"] for one in gone) == 1200
    assert asked >= 6 + 4


# -- a long day


async def live(desk: handling.Desk, place: Place, hours: float, step: timedelta) -> None:
    """Let people and the clock go on for so long, with everything delivered at once."""
    dispatcher = Dispatcher(desk.database, desk.here, clock=lambda: desk.now)
    clearing = Clearing(dispatcher, pause=0)
    until, number = desk.now + timedelta(hours=hours), 0
    while desk.now < until:
        # Who is in the team is asked for each time that it was not for long, which is told of no table here.
        await dispatcher.ask(lambda store: store.learn_members("t1", {handling.ALICE.id: True}, desk.now))
        for words in ("check 1.1", "uncheck 1.1"):
            await dispatcher.dispatch(CommandGiven(at=desk.now, text=words, asker=handling.ALICE, place=place))
        number += 1
        await dispatcher.dispatch(spoken(desk, f"{desk.now.timestamp()}"))
        desk.now += step
        await dispatcher.ask(lambda store: delivered(store, desk))
        await clearing.round()
    dispatcher.close()


def spoken(desk: handling.Desk, post_id: str) -> MessageHeard:
    return MessageHeard(
        at=desk.now,
        post_id=post_id,
        root_id="thread",
        place=handling.TOWN,
        author=handling.BOB,
        text="sev-1",
        hits=(Hit(playbook_id=1, keywords=("sev-1",)),),
    )


def delivered(store: Store, desk: handling.Desk) -> None:
    for row_id in left(store, Outgoing.id):
        store.outbox.close(row_id, desk.now, "done")
    store.hear({"town": milliseconds(desk.now)})


def count(desk: handling.Desk, *tables: type[SQLModel]) -> dict[str, int]:
    def counted(store: Store) -> dict[str, int]:
        return {one.__name__: store.session.exec(select(func.count()).select_from(one)).one() for one in tables}

    return desk.ask(counted)  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", KINDS)
async def test_tables_level_off(kind: str, tmp_path: Path) -> None:
    """Two months at half a day a step: what stands at the end of the first stands at the end of the second."""
    desk = handling.Desk(url=url_of(kind, tmp_path))
    place = handling.started_run(desk)
    tables = (Outgoing, Heard, Change)
    await live(desk, place, hours=24 * 35, step=timedelta(hours=12))
    first = count(desk, *tables)
    await live(desk, place, hours=24 * 30, step=timedelta(hours=12))
    assert count(desk, *tables) == first
    assert first["Change"] <= 2 * 2 * 31
    assert first["Heard"] <= 5
    desk.database.close()


async def test_memory_levels_off() -> None:
    desk = handling.Desk()
    place = handling.started_run(desk)
    used = []
    tracemalloc.start()
    try:
        for _ in range(3):
            await live(desk, place, hours=1, step=timedelta(minutes=2))
            gc.collect()
            used.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert used[2] - used[1] < 100_000, used


def test_sessions_and_passes_go_when_they_are_over(database: Database) -> None:
    with database.transaction() as store:
        for made, used in ((29, 8), (29, 6), (31, 0), (0, 0)):
            name, times = f"{made}-{used}", {"made_at": NOW - made * DAY, "used_at": NOW - used * DAY}
            store.add(PageSession(key=name, person_id=name, **times))
        store.new_page_pass("ann", "/runs", NOW - timedelta(minutes=11))
        store.new_page_pass("bob", "/runs", NOW - timedelta(minutes=9))
    with database.transaction() as store:
        assert (clear(store, "left", NOW), clear(store, "lapsed", NOW)) == (2, 1)
        assert left(store, PageSession.person_id) == ["0-0", "29-6"]
        assert left(store, PagePass.person_id) == ["bob"]
