"""A small bot that is killed at a given line between decision and delivery; forked, so that it starts in no time.

Each line of standard input is an order for one life of the bot: a process of its own, that is waited for. The answer
tells how it ended, and which lines it ran how often. One that stands still is told of, and goes on after another line.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
from sqlmodel import col, select

from bot.delivery.courier import Courier
from bot.delivery.gateway import Gateway
from bot.delivery.life import EVERY
from bot.driver import connect
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.settling import Result
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers import effects as do
from handlers.context import Context, Installation
from handlers.events import AnyEvent, ChannelOpened, MessagePosted, PeopleInvited, Person, PlaceReopened
from handlers.operations.automate import automate
from handlers.routes import MENUS, handle
from store import Database, Message, Outgoing, Store

ROOT = Path(__file__).resolve().parent.parent
LONGEST_LIFE = 60
WATCHED = (f"{ROOT}/bot/", f"{ROOT}/store/")


class Killer:
    """Counts how often each line of `bot/` and `store/` runs, and sends the process a `signal` at a `point` among them.

    A point is a file, a line, and which time it runs. `note` is a pipe that outlives the process.
    """

    def __init__(self, order: dict[str, Any], note: int) -> None:
        self.point: list[Any] | None = order["point"]
        self.watches = bool(self.point) or order["tell_lines"]
        self.watched = f"{ROOT}/{self.point[0]}" if self.point else WATCHED
        self.signal = signal.Signals[order.get("signal", "SIGKILL")]
        self.note = note
        self.seen: Counter[tuple[str, int]] = Counter()
        self.lock = threading.Lock()

    def begin(self) -> None:
        if not self.watches:
            return
        threading.settrace(self.call)
        sys.settrace(self.call)

    def call(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self.line if frame.f_code.co_filename.startswith(self.watched) else None

    def line(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line":
            with self.lock:
                self.count(os.path.relpath(frame.f_code.co_filename, ROOT), frame.f_lineno)
        return self.line

    def count(self, file: str, line: int) -> None:
        self.seen[file, line] += 1
        if [file, line, self.seen[file, line]] == self.point:
            os.kill(os.getpid(), self.signal)

    def tell(self, **what: Any) -> None:
        os.write(self.note, json.dumps(what).encode())


def decide(order: dict[str, Any], event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
    """Open a channel, fill it, and go on from what is learnt, as the handlers do."""
    match event:
        case PlaceReopened():
            if ctx.store.once("begun", ctx.now):
                yield do.OpenChannel(
                    run_id=1,
                    team_id=order["team_id"],
                    name=order["mark"],
                    title=order["mark"],
                    private=True,
                    header="",
                    purpose="",
                    mark=order["mark"],
                )
        case ChannelOpened(place=place):
            yield do.Invite(run_id=1, place_id=place.id, person_ids=(order["person_id"],), usernames=("nobody",))
            card = ctx.store.add(Message(kind="card", place_id=place.id))
            note = ctx.store.add(Message(kind="note"))
            yield do.Post(message_id=card.id or 0, place_id=place.id, content=do.Content("card"))
            for number in range(3):
                other = ctx.store.add(Message(kind="note", place_id=place.id))
                yield do.Post(message_id=other.id or 0, place_id=place.id, content=do.Content(f"note {number}"))
            yield do.Edit(message_id=card.id or 0, content=do.Content("card, edited"), revision=2)
            yield do.Pin(message_id=card.id or 0)
            yield do.Tell(person_id=order["person_id"], content=do.Content(order["mark"]))
            yield do.Tell(person_id=order["person_id"], message_id=note.id, content=do.Content(order["mark"]))
        case PeopleInvited(added=added):
            channel = ctx.store.session.exec(select(Message).where(Message.kind == "card")).one().place_id
            hello = ctx.store.add(Message(kind="note", place_id=channel))
            yield do.Post(
                message_id=hello.id or 0, place_id=channel, content=do.Content(f"welcome {added[0].username}")
            )
        case MessagePosted() if (posted := ctx.store.message(event.message_id)) and posted.kind == "card":
            after = ctx.store.add(Message(kind="note", place_id=posted.place_id))
            yield do.Post(
                message_id=after.id or 0,
                place_id=posted.place_id,
                root_id=event.post_id,
                content=do.Content("in the thread"),
            )
        case _:
            yield from ()


def automate_once(order: dict[str, Any], event: AnyEvent, ctx: Context) -> Iterator[do.Effect]:
    """Let a run's playbook do what it plans for the end, and go on from what is learnt, by the real handlers."""
    match event:
        case PlaceReopened():
            run = ctx.store.run(1)
            if run is not None and ctx.store.once("begun", ctx.now):
                yield from automate(ctx, run, "finish", order["person_id"])
        case _:
            yield from handle(event, ctx)


def is_empty(store: Store) -> bool:
    return store.session.exec(select(Outgoing).where(col(Outgoing.done_at).is_(None))).first() is None


class Desk(Dispatcher):
    """A dispatcher that tells when something was settled."""

    settled: asyncio.Event

    async def settle_and(self, results: Sequence[Result], then: Callable[[Store], Any]) -> Any:
        answer = await super().settle_and(results, then)
        self.settled.set()
        return answer


async def live(order: dict[str, Any], killer: Killer) -> None:
    """Decide, and deliver until nothing is left."""
    desk = Desk(
        Database(order["database"]),
        Installation(bot=Person(id="", username="muster"), site_url=order["url"], menus=MENUS),
        handle=lambda event, ctx: (automate_once if order.get("automates") else decide)(order, event, ctx),
    )
    driver = connect(order["url"], order["token"])
    gateway = Gateway(driver, Writer(Signer("a secret of the tests"), "http://127.0.0.1:9"))
    await gateway.learn_server()
    desk.settled = asyncio.Event()
    courier = Courier(desk, gateway, beat_every=order.get("beat", EVERY))
    killer.begin()
    delivering = asyncio.create_task(courier.run())
    await desk.dispatch(PlaceReopened(at=datetime.now(UTC), place_id="begin"))
    while not await desk.ask(is_empty):
        await desk.settled.wait()
        desk.settled.clear()
    courier.stop()
    await delivering
    await driver.close()


def one_life(order: dict[str, Any], note: int) -> None:
    # Nobody is left to end a bot whose server went away with the tests.
    signal.alarm(LONGEST_LIFE)
    killer = Killer(order, note)
    try:
        asyncio.run(live(order, killer))
        sys.settrace(None)
        killer.tell(ended=True, lines=[[file, line, times] for (file, line), times in killer.seen.items()])
        os._exit(0)
    except BaseException as error:
        killer.tell(error=repr(error))
        os._exit(1)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for line in sys.stdin:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            one_life(json.loads(line), write)
        os.close(write)
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            print(json.dumps({"stopped": True}), flush=True)  # noqa: T201
            sys.stdin.readline()
            os.kill(child, signal.SIGCONT)
            _, status = os.waitpid(child, 0)
        with os.fdopen(read) as told:
            said = json.loads(told.read() or "{}")
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({**said, "killed": killed}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
