"""Real processes on one database: they start together, are killed, stopped and continued, and say everything once."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from installing import environment
from stage import KINDS, url_of
from test_crash import MANY, Case, Cradle, Point, cradles
from wayout import Stage, staged

from store import Database, InUse

MUSTER = (sys.executable, "-c", "from bot.cli.main import main; main()")
BEAT = 0.3
WATCHED = ("bot/delivery/post_once", "bot/delivery/gateway", "bot/delivery/deliveries", "bot/transaction/dispatcher")
WAYS = [("SQLite", "SIGKILL"), ("PostgreSQL", "SIGKILL"), ("PostgreSQL", "SIGSTOP")]


@pytest.mark.parametrize("kind", KINDS)
async def test_processes_that_start_together_on_an_empty_database_all_find_it_made(kind: str, tmp_path: Path) -> None:
    url = url_of(kind, tmp_path)

    async def migrate() -> tuple[int | None, bytes]:
        process = await asyncio.create_subprocess_exec(
            *MUSTER, "migrate", env=environment(MUSTER_STORE_URL=url), cwd=tmp_path, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        return process.returncode, said

    assert await asyncio.gather(*(migrate() for _ in range(4))) == [(0, b"")] * 4


def test_a_second_run_on_a_file_is_refused_in_words_and_others_look_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    first = Database(url)
    first.claim()
    first.migrate()
    here = environment(MUSTER_STORE_URL=url, MUSTER_TOKEN="t", MUSTER_SERVER_URL="http://127.0.0.1:9")

    def muster(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run((*MUSTER, *words), env=here, cwd=tmp_path, capture_output=True, text=True, check=False)

    refused = muster("run")
    assert refused.returncode == 2
    assert "Another muster run is at work on" in refused.stderr
    assert "Traceback" not in refused.stderr
    for beside in ("runs", "playbooks", "migrate"):
        looked = muster(beside)
        assert (looked.returncode, looked.stderr) == (0, ""), beside
    first.close()
    again = Database(url)
    again.claim()
    again.close()


async def test_who_is_killed_lets_go_of_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    claims = f"import sys; from store import Database; d = Database({url!r}); d.claim(); print(1, flush=True); input()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", claims, env=environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    database = Database(url)
    with pytest.raises(InUse, match="takes one"):
        database.claim()
    process.kill()
    await process.wait()
    database.claim()
    database.close()


class Beside(Case):
    """A process that is killed, or stands still, at a point, and one beside it that does the rest."""

    def __init__(self, stage: Stage, folder: Path, number: int, url: str, how: str, point: Point | None = None) -> None:
        super().__init__(stage, folder, number, point)
        self.url = url
        self.how = how

    @property
    def database(self) -> str:
        return self.url

    def _order(self, point: Point | None) -> dict[str, Any]:
        return super()._order(point) | {"beat": BEAT, "signal": self.how}

    async def go(self, some: Cradle, other: Cradle) -> dict[str, Any]:
        """Let one live until the point, another to the end, and the first go on where it can; check what was done."""
        self.person_id = (await self.stage.person(self.mark)).id
        first = await some.live(self._order(self.point))
        second = await other.live(self._order(None))
        ended = await some.live({}) if first.get("stopped") else first
        assert second.get("ended"), (ended, second)
        assert ended.get("ended") or ended["killed"], ended
        self._check()
        return first


@pytest.mark.parametrize(("kind", "how"), [way for way in WAYS if way[0] in KINDS])
async def test_what_one_had_taken_is_done_once_when_it_dies_or_stands_still(
    kind: str, how: str, tmp_path: Path
) -> None:
    async with staged("11.6", config=MANY) as stage, cradles(2) as (some, other):
        undisturbed = await Beside(stage, tmp_path, 0, made(kind, tmp_path, 0), how).go(some, other)
        lines = [(file, line, times) for file, line, times in undisturbed["lines"] if file.startswith(WATCHED)]
        came_to_it = 0
        for number, (file, line, times) in enumerate(lines[:: len(lines) // 6], 1):
            case = Beside(stage, tmp_path, number, made(kind, tmp_path, number), how, (file, line, (times + 1) // 2))
            first = await case.go(some, other)
            came_to_it += bool(first.get("stopped") or first["killed"])
    assert came_to_it >= 4


def made(kind: str, folder: Path, number: int) -> str:
    """Return where a database is that is ready."""
    (folder / str(number)).mkdir()
    url = url_of(kind, folder / str(number))
    database = Database(url)
    database.migrate()
    database.close()
    return url
