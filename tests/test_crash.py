"""A process killed anywhere between decision and delivery loses nothing and says nothing twice.

Each time a real process is killed (SIGKILL) at another point, a line of `bot/` or `store/` and which time it runs, and
a fresh process goes on from what is on the disk. `MUSTER_CRASH_POINTS` is how many points are tried, or `all`.
"""

import asyncio
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from wayout import Stage, staged

from handlers.playbooks.playbook import Playbook
from sandbox import Sandbox
from store import UTC_EPOCH, Database, KnownPerson, Message, Outgoing, PlaybookRow, Run

POINTS = os.environ.get("MUSTER_CRASH_POINTS", "64")
CHILD = Path(__file__).with_name("crash_child.py")
MANY = {"TeamSettings": {"MaxUsersPerTeam": 100_000, "MaxChannelsPerTeam": 100_000}}
Point = tuple[str, int, int]
EFFECTS = Counter({"Post": 6, "Tell": 2, "OpenChannel": 1, "Invite": 1, "Edit": 1, "Pin": 1})


@dataclass
class Cradle:
    """A process that gives birth to bots, one after the other."""

    process: asyncio.subprocess.Process

    async def live(self, order: dict[str, Any]) -> dict[str, Any]:
        """Let one bot live, and return how it ended, or that it stands still; `{}` lets it go on."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        said: dict[str, Any] = json.loads(await self.process.stdout.readline())
        return said


@asynccontextmanager
async def cradles(count: int) -> AsyncIterator[Sequence[Cradle]]:
    environment = {**os.environ, "PYTHONPATH": str(CHILD.parent.parent)}
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, str(CHILD), env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(count)
    ]
    try:
        yield [Cradle(process) for process in processes]
    finally:
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


@dataclass
class Case:
    """One point at which to die, None for not at all, with a database, a channel and a person of its own."""

    stage: Stage
    folder: Path
    number: int
    point: Point | None = None
    person_id: str = ""

    @property
    def mark(self) -> str:
        return f"crash-{self.number}"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / self.mark}.db"

    async def run(self, cradle: Cradle) -> dict[str, Any]:
        """Live, die, live again to the end, and check what was done; return how the first life ended."""
        shutil.copy(self.folder / "empty.db", self.folder / f"{self.mark}.db")
        self.person_id = (await self.stage.person(self.mark)).id
        await self._prepare()
        first = await cradle.live(self._order(self.point))
        second = await cradle.live(self._order(None))
        assert second.get("ended"), (first, second)
        assert first["killed"] or first.get("ended"), first
        try:
            self._check()
        except AssertionError as error:
            raise AssertionError(f"killed at {self.point}: {error}") from error
        return first

    async def _prepare(self) -> None:
        """Make what there is to be before the first life."""

    def _order(self, point: Point | None) -> dict[str, Any]:
        return {
            "url": self.stage.mm.url,
            "token": self.stage.token,
            "team_id": self.stage.team_id,
            "person_id": self.person_id,
            "database": self.database,
            "mark": self.mark,
            "point": point,
            "tell_lines": self.point is None,
        }

    def _check(self) -> None:
        database = Database(self.database)
        with database.transaction() as store:
            rows = store.session.exec(select(Outgoing).order_by(col(Outgoing.id))).all()
            messages = store.session.exec(select(Message)).all()
        database.close()
        assert {row.outcome for row in rows} <= {"done", "shown"}, [(row.effect, row.outcome) for row in rows]
        assert Counter(row.effect["type"] for row in rows) == EFFECTS

        mm = self.stage.mm
        (channel,) = [channel for channel in mm.channels if self.mark == channel.purpose]
        said = [post.props["muster"]["effect"] for post in mm.posts(channel.id)]
        due = [row.key for row in rows if row.lane == f"posts:{channel.id}"]
        assert said == due, "each post once, in the order of its lane, and known by its key when it was edited too"

        told = [post.props["muster"]["effect"] for post in self._direct(mm) if post.message == self.mark]
        assert told == [row.key for row in rows if row.effect["type"] == "Tell"]

        card = mm.posts(channel.id)[0]
        assert (card.message, card.is_pinned) == ("card, edited", True)
        assert self.person_id in self.stage.members(channel.id)
        stands = {post.id: post.message for post in (*mm.posts(channel.id), *self._direct(mm))}
        meant = {row.effect["message_id"]: row.effect["content"]["text"] for row in rows if row.effect.get("content")}
        assert {row.id: stands[row.post_id] for row in messages} == {id: meant[id] for id in meant if id}

    def _direct(self, mm: Sandbox) -> Sequence[Any]:
        pair = {self.stage.bot_id, self.person_id}
        (channel,) = [channel for channel in mm.channels if set(channel.name.split("__")) == pair]
        return mm.posts(channel.id)


FINISH = (
    {"on": "finish", "post": "First.", "if_it_fails": "stop"},
    {"on": "finish", "invite": ["owner"]},
    {"on": "finish", "post": "Second."},
)


@dataclass
class Automated(Case):
    """A run whose playbook does something by itself when it is finished."""

    channel_id: str = ""

    async def _prepare(self) -> None:
        self.channel_id = await self.stage.channel(self.mark)
        book = Playbook.model_validate({"title": "Incident", "actions": FINISH})
        database = Database(self.database)
        with database.transaction() as store:
            row = store.add(PlaybookRow(key=book.key, title=book.title))
            store.learn(KnownPerson(id=self.person_id, username=self.mark, seen_at=UTC_EPOCH))
            store.learn_members(self.stage.team_id, {self.person_id: True}, datetime.now(UTC))
            store.add(
                Run(
                    key=self.mark,
                    team_id=self.stage.team_id,
                    channel_id=self.channel_id,
                    playbook_id=row.id,
                    definition=book.definition(),
                    name=self.mark,
                    owner_id=self.person_id,
                    creator_id=self.person_id,
                    state="active",
                    created_at=datetime.now(UTC),
                )
            )
        database.close()

    def _order(self, point: Point | None) -> dict[str, Any]:
        return {**super()._order(point), "automates": True}

    def _check(self) -> None:
        database = Database(self.database)
        with database.transaction() as store:
            rows = [(one.key, one.state, one.times) for one in store.action_rows(1)]
        database.close()
        assert rows == [(f"action:{number}", "done", 1) for number in (1, 2, 3)]
        assert [post.message for post in self.stage.mm.posts(self.channel_id)][:2] == ["First.", "Second."]
        assert self.person_id in self.stage.members(self.channel_id)


def points(lines: Sequence[tuple[str, int, int]]) -> list[Point]:
    """Return where to die: each line once before any line twice, spread over all that ran."""
    turns = max(times for _, _, times in lines)
    every = [(file, line, time) for time in range(1, turns + 1) for file, line, times in lines if time <= times]
    if POINTS == "all":
        return every
    once = [(file, line, 1 + number % times) for number, (file, line, times) in enumerate(lines)]
    some = once + [point for point in every if point not in set(once)]
    return spread(once, int(POINTS)) if len(once) > int(POINTS) else some[: int(POINTS)]


def spread(items: Sequence[Point], count: int) -> list[Point]:
    return [items[number * len(items) // count] for number in range(count)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forked")
@pytest.mark.parametrize(("of", "part"), [(Case, 1), (Automated, 6)], ids=["effects", "automation"])
async def test_a_killed_process_does_everything_exactly_once(
    tmp_path: Path, capsys: Any, of: type[Case], part: int
) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    empty.migrate()
    empty.close()
    died: set[Point] = set()
    async with staged("11.6", config=MANY) as stage, cradles(4) as some:
        undisturbed = await of(stage, tmp_path, 0).run(some[0])
        waiting = list(enumerate(points(undisturbed["lines"])[::part], 1))
        enough = min(100, len(waiting) * 4 // 5)

        async def work(cradle: Cradle) -> None:
            while waiting:
                number, point = waiting.pop()
                if (await of(stage, tmp_path, number, point).run(cradle))["killed"]:
                    died.add(point)

        await asyncio.gather(*(work(cradle) for cradle in some))
    with capsys.disabled():
        print(f"\nkilled at {len(died)} distinct points, on {len({point[:2] for point in died})} lines")  # noqa: T201
    assert len(died) >= enough
