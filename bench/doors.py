"""The callback door: slash commands and clicks of fifty people at once, from request to answer, state committed."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench import fill, frames
from bench.child import Child, child
from bench.databases import KINDS, caveat, two
from bench.measure import Row, Size, at_most, percentile, rested, summary
from bench.ours import COMMAND_TOKEN, SECRET, free_port
from bot.wire.signing import Signer

YARDSTICK = "an aiohttp handler that commits one row to the same database"
Requests = list[list[dict[str, Any]]]
Make = Callable[[fill.History, int, int, int], Requests]
"""Makes what so many people send so many times each, from a number of theirs on."""


@dataclass
class Door:
    """A process whose door is knocked at."""

    port: int
    process: Child
    load: Child

    def waits(self, people: Requests) -> list[float]:
        """Let all people send their requests at once; return how long each request took."""
        self.load.tell(port=self.port, people=people)
        found: list[float] = self.load.expect("waits", 300)
        return found


@contextmanager
def ours(store: str, history: fill.History) -> Iterator[Door]:
    """Run Muster on a filled database; it is in the channels of the active runs."""
    with ExitStack() as stack:
        first = history.finished + 1
        feeder = stack.enter_context(child("bench.feeder", "", str(first), str(first + history.active)))
        port = free_port()
        options = {"url": f"http://127.0.0.1:{feeder.expect('port')}", "store": store, "port": port}
        process = stack.enter_context(child("bench.ours", json.dumps(options)))
        process.expect("ready")
        # After its start it looks at what all active runs show.
        rested(process.pid, 60)
        yield Door(port, process, stack.enter_context(child("bench.load")))


@contextmanager
def bare(store: str) -> Iterator[Door]:
    """Run the yardstick."""
    with child("bench.bare_door", store) as process, child("bench.load") as load:
        yield Door(process.expect("ready"), process, load)


def commands(history: fill.History, people: int, each: int, start: int) -> Requests:
    """Return `check` and `uncheck` in turn, each person in a run of their own."""
    return [
        [
            _command(history.finished + 1 + n, ("check 1.1", "uncheck 1.1")[at % 2], n)
            for at in range(start, start + each)
        ]
        for n in range(people)
    ]


def clicks_together(history: fill.History, people: int, each: int, start: int) -> Requests:
    """Return presses of the buttons of one checklist after the other, on which each works at another task."""
    signer = Signer(SECRET)
    runs = [history.finished + 1 + at % history.active for at in range(start, start + each)]
    return [[_click(history, run, n % history.tasks, signer, n) for run in runs] for n in range(people)]


def clicks(history: fill.History, people: int, each: int, start: int) -> Requests:
    """Return presses of the next tasks' buttons, each person in a run of their own, and in another when it is done."""
    signer = Signer(SECRET)

    def one(n: int, at: int) -> dict[str, Any]:
        run = (n + people * (at // history.tasks)) % history.active
        return _click(history, history.finished + 1 + run, at % history.tasks, signer)

    return [[one(n, at) for at in range(start, start + each)] for n in range(people)]


@dataclass(frozen=True, slots=True)
class Case:
    """What fifty people do at once, each in runs with so many tasks and participants, and how slow it may be."""

    what: str
    make: Make
    tasks: int
    goal: float
    participants: int = 1


CASES = (
    Case("slash command, 50 people at once", commands, 5, 3),
    Case("click on a 50-task checklist, 50 people at once", clicks_together, 50, 4, 50),
    Case("the same, each on a checklist of their own", clicks, 50, 4.5),
)


def rows(size: Size) -> list[Row]:
    """Return the rows of commands and of clicks."""
    return [row for kind in KINDS for case in CASES for row in _rows(kind, case, size)]


def _rows(kind: str, case: Case, size: Size) -> list[Row]:
    history = fill.History(active=50, tasks=case.tasks, participants=case.participants)
    with two(kind) as (store, other):
        fill.make(store, history)
        with ours(store, history) as mine, bare(other) as theirs:
            each, count = size(6, 1), size(50, 10)
            people = [case.make(history, count, each, number * each) for number in range(size(7, 1) + 1)]
            found = [(mine.waits(requests), theirs.waits(_unread(requests))) for requests in people]
    out = []
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        # The first round lets both get warm, and does not count.
        ratio, ms, bare_ms = summary((percentile(a, share) * 1e3, percentile(b, share) * 1e3) for a, b in found[1:])
        note = f"{ms:.0f} ms against {bare_ms:.0f} ms{caveat(kind)}"
        out.append(at_most(f"{case.what}, {name}, {kind}", YARDSTICK, ratio, case.goal, note))
    return out


def _unread(people: Requests) -> Requests:
    return [[one | {"says": ""} for one in requests] for requests in people]


def _command(run_id: int, text: str, number: int) -> dict[str, Any]:
    form = {
        "token": COMMAND_TOKEN,
        "team_id": frames.TEAM,
        "channel_id": frames.channel(run_id),
        "user_id": frames.person(run_id % frames.PEOPLE),
        "command": "/playbook",
        "text": text,
        "trigger_id": f"trigger{number}",
    }
    return {"path": "/hooks/commands", "body": {"data": form}, "says": "Look at part"}


def _click(history: fill.History, run_id: int, position: int, signer: Signer, person: int = 0) -> dict[str, Any]:
    task = fill.first_task(history, run_id) + position
    token = signer.press("task.done", str(task), 2 * run_id + 1, datetime.now(UTC))
    body = {
        "user_id": frames.person((run_id + person) % frames.PEOPLE),
        "channel_id": frames.channel(run_id),
        "team_id": frames.TEAM,
        "post_id": fill.post_of(run_id),
        "trigger_id": "trigger",
        "type": "button",
        "context": {"m": token},
    }
    return {"path": "/hooks/actions", "body": {"json": body}, "says": '"update"'}
