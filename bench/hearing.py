"""Hearing: messages that concern nobody, against a bare reader and against other bots, and commands with a reply."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import crowd
from bench.child import Died
from bench.measure import SHORT, Row, Size, at_least, at_most, not_run, resident_mb, summary

PEERS = ("mmpy", "errbot", "opsdroid")
NAMES = {"mmpy": "mmpy_bot", "errbot": "errbot", "opsdroid": "opsdroid"}
PACE = {"ours": 4.0, "mmpy": 1.0, "opsdroid": 0.3, "errbot": 0.01}
"""How much longer or shorter floods may be, so that each reader is measured for about as long."""
Rounds = dict[str, list[float]]


def rows(size: Size) -> list[Row]:
    """Return all rows of the way in."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        return [
            _against_bare(place, size),
            *_against_peers(place, size),
            _many_keywords(place, size),
            *_commands(place, size),
            _memory(place, size),
        ]


def _against_bare(folder: Path, size: Size) -> Row:
    what = "messages that concern nobody, per core, 1,000 playbooks × 5 keywords"
    with crowd.ours(folder, 1_000, 5) as mine, crowd.bare() as bare:
        found = _in_turn({"ours": mine, "bare": bare}, size(60_000, 500), size(7, 1))
    ratio, theirs, ours = summary(zip(found["bare"], found["ours"], strict=True))
    note = f"{ours * 1e6:.1f} µs CPU a message against {theirs * 1e6:.1f} µs"
    return at_least(what, "`websockets` and two `json.loads`, nothing else", ratio, 1.2, note)


def _against_peers(folder: Path, size: Size) -> list[Row]:
    return [
        # The one that is near its goal takes more rounds: a single one is off by a third now and then.
        _best(folder, size, "the same, no keywords", 0, 2, size(15, 1)),
        _best(folder, size, "the same, 200 keywords", 200, 15, size(5, 1)),
    ]


def _best(folder: Path, size: Size, what: str, patterns: int, goal: float, rounds: int) -> Row:
    """Measure against all peers that run here, and compare with the one that needs least."""
    count = size(30_000, 300) if not patterns else size(8_000, 100)
    with ExitStack() as stack:
        readers = {"ours": stack.enter_context(crowd.ours(folder, patterns // 5, 5))}
        missing = _start_peers(readers, patterns, stack, size)
        if len(readers) == 1:
            return not_run(what, "the best of mmpy_bot, errbot and opsdroid", f"≥ {goal} ×", "; ".join(missing))
        found = _in_turn(readers, count, rounds, PACE)
    best = min((name for name in found if name != "ours"), key=lambda name: sum(found[name]))
    ratio, theirs, ours = summary(zip(found[best], found["ours"], strict=True))
    others = [f"{NAMES[name]} {_micro(found[name])}" for name in found if name not in ("ours", best)]
    note = "; ".join([f"{ours * 1e6:.1f} µs against {theirs * 1e6:.1f} µs", *others, *missing])
    return at_least(what, f"{NAMES[best]}, the best of those that run", ratio, goal, note)


def _start_peers(readers: dict[str, crowd.Reader], patterns: int, stack: ExitStack, size: Size) -> list[str]:
    """Add the peers that run here; return what is wrong with the others."""
    missing = []
    for name in PEERS:
        if not crowd.peer_python(name).exists():
            missing.append(f"{NAMES[name]} not installed (`make bench-peers`)")
            continue
        try:
            readers[name] = stack.enter_context(crowd.peer(name, patterns))
            readers[name].flood(5, size(60, 5))
        except Died as died:
            readers.pop(name, None)
            missing.append(f"{NAMES[name]} does not run: {str(died).splitlines()[-1][:90]}")
    return missing


def _many_keywords(folder: Path, size: Size) -> Row:
    what = "cost of a message, 50,000 keywords"
    with crowd.ours(folder, size(10_000, 1_000), 5) as many, crowd.ours(folder, 2, 5) as few:
        found = _in_turn({"many": many, "few": few}, size(60_000, 500), size(7, 1))
    ratio, ours, theirs = summary(zip(found["many"], found["few"], strict=True))
    return at_most(what, "itself with 10", ratio, 1.3, f"{ours * 1e6:.1f} µs against {theirs * 1e6:.1f} µs")


COMMANDS = "commands with a reply by REST, "
COMMANDS_YARDSTICK = "mmpy_bot with a sync handler, which remembers nothing: replies per CPU second"
COMMANDS_GOAL = 0.4
"""The price of losing nothing."""


def _commands(folder: Path, size: Size) -> list[Row]:
    """Measure commands that are answered by REST: one at a time, and as many at once as are sent."""
    ways = ("steady", "burst")
    if not crowd.peer_python("mmpy").exists():
        why = "mmpy_bot not installed (`make bench-peers`)"
        return [not_run(COMMANDS + how, COMMANDS_YARDSTICK, f"≥ {COMMANDS_GOAL} ×", why) for how in ways]
    with (
        crowd.ours(folder, 40, 5) as mine,
        crowd.peer("mmpy", 0) as peer,
        crowd.bare("bench.bare_replier") as bare,
    ):
        return [_command_row((mine, peer, bare), how, size) for how in ways]


def _command_row(sides: tuple[crowd.Reader, crowd.Reader, crowd.Reader], how: str, size: Size) -> Row:
    """Compare with the peer; what a client that remembers nothing can do at most is told as well."""
    count = size(200, 20)
    at_once = 1 if how == "steady" else count
    found: list[list[Any]] = []
    for _ in range(size(5, 1) + 1):
        found.append([side.commands(count, at_once) for side in sides])
    ratio, ours, theirs = summary((1 / mine["cpu"], 1 / peer["cpu"]) for mine, peer, _ in found[1:])
    most, _, _ = summary((1 / bare["cpu"], 1 / peer["cpu"]) for _, peer, bare in found[1:])
    order = [all(one["in_order"] for one in side) for side in zip(*found, strict=True)]
    words = ["in order" if well else "not in order" for well in order]
    speeds = f"{ours:.0f}/s, {words[0]}, against {theirs:.0f}/s, {words[1]}; a bare aiohttp client {most:.2f} ×"
    note = f"the price of losing nothing: {speeds}"
    row = at_least(COMMANDS + how, COMMANDS_YARDSTICK, ratio, COMMANDS_GOAL, note)
    return row if order[0] else replace(row, verdict=SHORT)


def _memory(folder: Path, size: Size) -> Row:
    few, many = size(10_000, 1_000), size(1_000_000, 5_000)
    with crowd.ours(folder, 1_000, 5) as mine:
        mine.flood(few)
        before = resident_mb(mine.process.pid)
        mine.flood(many - few, 600)
        after = resident_mb(mine.process.pid)
    note = f"{after:.0f} MB against {before:.0f} MB"
    return at_most(f"memory after {many:,} messages", f"after {few:,}", after / before, 1.1, note)


def _in_turn(readers: dict[str, crowd.Reader], count: int, rounds: int, pace: dict[str, float] | None = None) -> Rounds:
    """Let each read in turn, once to get warm, then in rounds; `pace` says whose floods are longer or shorter."""
    found: Rounds = {name: [] for name in readers}
    for number in range(rounds + 1):
        order: Callable[[list[str]], list[str]] = list if number % 2 else lambda names: names[::-1]
        for name in order(list(readers)):
            some = max(5, int(count * (pace or {}).get(name, 1)))
            found[name].append(max(1e-9, readers[name].flood(some)))
    return {name: values[1:] for name, values in found.items()}


def _micro(values: list[float]) -> str:
    return f"{sorted(values)[len(values) // 2] * 1e6:.0f} µs"
