"""The callback door: slash commands and clicks of fifty people at once, from request to answer, state committed."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import fill, frames
from bench.child import Child, child
from bench.databases import fresh
from bench.measure import Row, Size, at_most, percentile, summary
from bench.ours import COMMAND_TOKEN, SECRET, free_port
from bot.signing import Signer

YARDSTICK = "an aiohttp handler that commits one row to the same database"
Requests = list[list[dict[str, Any]]]


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
def ours(store: str) -> Iterator[Door]:
    """Run Muster on a filled database."""
    with ExitStack() as stack:
        feeder = stack.enter_context(child("bench.feeder"))
        port = free_port()
        options = {"url": f"http://127.0.0.1:{feeder.expect('port')}", "store": store, "port": port}
        process = stack.enter_context(child("bench.ours", json.dumps(options)))
        process.expect("ready")
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


def clicks(history: fill.History, people: int, each: int, start: int) -> Requests:
    """Return presses of the next tasks' buttons, each person in a run of their own."""
    signer = Signer(SECRET)
    return [
        [_click(history, history.finished + 1 + n, at % history.tasks, signer) for at in range(start, start + each)]
        for n in range(people)
    ]


def rows(size: Size) -> list[Row]:
    """Return the rows of commands and of clicks, with SQLite."""
    rounds, each = size(5, 1), size(10, 2)
    history = fill.History(active=50, tasks=50)
    with tempfile.TemporaryDirectory() as folder:
        store, other = fresh(Path(folder), "ours"), fresh(Path(folder), "bare")
        fill.make(store, history)
        with ours(store) as mine, bare(other) as theirs:
            return [
                *_rows("slash command, 50 people at once", commands, 3, mine, theirs, history, rounds, each),
                *_rows(
                    "click on a 50-task checklist, 50 people at once", clicks, 4, mine, theirs, history, rounds, each
                ),
            ]


def _rows(
    what: str, make: Any, goal: float, mine: Door, theirs: Door, history: fill.History, rounds: int, each: int
) -> list[Row]:
    found = []
    # The first round lets both get warm, and does not count.
    for number in range(rounds + 1):
        requests = make(history, 50, each, number * each)
        unread = [[one | {"says": ""} for one in person] for person in requests]
        found.append((mine.waits(requests), theirs.waits(unread)))
    out = []
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        ratio, ms, bare_ms = summary((percentile(a, share) * 1e3, percentile(b, share) * 1e3) for a, b in found[1:])
        out.append(at_most(f"{what}, {name}", YARDSTICK, ratio, goal, f"{ms:.0f} ms against {bare_ms:.0f} ms"))
    return out


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


def _click(history: fill.History, run_id: int, position: int, signer: Signer) -> dict[str, Any]:
    task = fill.first_task(history, run_id) + position
    token = signer.press("task.done", str(task), 2 * run_id + 1, datetime.now(UTC))
    body = {
        "user_id": frames.person(run_id % frames.PEOPLE),
        "channel_id": frames.channel(run_id),
        "team_id": frames.TEAM,
        "post_id": fill.post_of(run_id),
        "trigger_id": "trigger",
        "type": "button",
        "context": {"m": token},
    }
    return {"path": "/hooks/actions", "body": {"json": body}, "says": '"update"'}
