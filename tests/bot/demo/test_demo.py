"""The demo: its tour tells the truth by its exit code, and the server for the browser comes up and goes cleanly."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from rich.console import Console

from bot.clock import here
from bot.demo.bot import BOT
from bot.demo.inked import inked
from bot.demo.stand import show
from bot.demo.tour import SAID, STEPS
from bot.demo.transcript import drawn
from bot.demo.world import acme

ROOT = Path(__file__).parents[3]


def page() -> Console:
    return Console(file=io.StringIO(), width=100, highlight=False)


def read(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@contextmanager
def muster_demo(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command where a real installation could get in its way, and where it leaves its files to be found."""
    (folder / "tmp").mkdir()
    (folder / "bot.toml").write_text("this is [ no toml", encoding="utf-8")
    strange = {"MUSTER_TOKEN": "of-a-real-server", "MUSTER_STORE_URL": "sqlite:////nowhere/at/all.sqlite"}
    command = [sys.executable, "-m", "bot", "demo", *options]
    environment = os.environ | strange | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    with subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("version", ["5.37", "10.0", "11.6"])
async def test_every_step_of_the_tour_is_seen_on_every_version(tmp_path: Path, version: str) -> None:
    console = page()
    async with acme(tmp_path, version=version) as world:
        assert await show(world, console, tour=True, stay=False) == 0, read(console)
    text = read(console)
    for number, (title, _) in enumerate(STEPS, 1):
        assert f"{number} · {title}" in text
    assert "✓ @dave sees the update in ~status" in text
    assert "✗" not in text


async def test_a_step_that_is_not_seen_ends_the_tour_with_1_and_says_what_stood_there(tmp_path: Path) -> None:
    console = page()
    async with acme(tmp_path) as world:
        world.sandbox.faults.server_error("POST /posts", times=None, user=BOT)
        assert await show(world, console, tour=True, stay=False, within=0.3) == 1
    text = " ".join(read(console).split())
    assert "✗ Not seen: @carla sees the offer in her thread with “Incident response” and “Start run”" in text
    assert "What stood on the screen:" in text
    assert text.count("sev-1, checkout is down") == 2
    assert "2 ·" not in text


def test_the_command_plays_the_tour_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with muster_demo(tmp_path, "--tour", "--no-stay") as process:
        text, _ = process.communicate(timeout=60)
    assert process.returncode == 0, text
    assert f"All {len(STEPS)} steps were seen" in text
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_stays_up_for_the_browser_until_it_is_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    with muster_demo(tmp_path) as process:
        assert process.stdout is not None
        address = next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        with urlopen(address) as answer:
            assert answer.status == 200
        process.send_signal(stop)
        text = process.stdout.read()
        process.wait(timeout=60)
    assert SAID in text
    assert process.returncode == 0, text
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_port_that_is_taken_is_told_without_a_traceback(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with muster_demo(tmp_path, "--port", str(taken.getsockname()[1])) as process:
            text, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Choose another --port" in text
    assert "Traceback" not in text


async def test_it_opens_on_a_team_that_has_already_talked(tmp_path: Path) -> None:
    async with acme(tmp_path) as world:
        said = {name: [post.message for post in world.sandbox.posts(name)] for name in world.channels}
        assert all(said.values()), said
        zones = {user.timezone["manualTimezone"] for user in world.sandbox.users if user.username in world.people}
    assert len(zones) == len(world.people) == 4


def test_the_hours_are_those_of_this_machine_where_it_says_so() -> None:
    assert here(Path("/nowhere/zoneinfo/Europe/Berlin")) == "Europe/Berlin"
    assert here(Path("/nowhere/localtime")) == "UTC"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**[A *run*](http://x/y)** is ~~not~~ over", "A run is not over"),
        (r"1 \* 2 \[x\] stays", "1 * 2 [x] stays"),
        ("1 &#42; 2 &#91;x] &amp; stays", "1 * 2 [x] &amp; stays"),
        ("- [x] ~~1.1 Done~~ · @alice\n- [ ] **1.2** Open\n- point", "☑ 1.1 Done · @alice\n☐ 1.2 Open\n• point"),
        ("`/playbook **run**` in ~status", "/playbook **run** in ~status"),
        ("2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"),
    ],
)
def test_markdown_is_drawn_as_people_see_it(markdown: str, text: str) -> None:
    assert inked(markdown).plain == text


def test_a_card_is_drawn_with_bar_fields_and_buttons() -> None:
    fields = [
        {"title": "Owner", "value": "@alice", "short": True},
        {"title": "Tasks", "value": "1 of 2", "short": True},
        {"title": "Last update", "value": "Nothing new"},
    ]
    actions = [{"type": "button", "name": "Finish"}, {"type": "select", "name": "More…"}]
    card = {"title": "A run", "text": "- [ ] one", "color": "#339970", "fields": fields, "actions": actions}
    console = page()
    console.print(drawn({"message": "Look:", "props": {"attachments": [card]}}))
    assert [line.split() for line in read(console).splitlines()] == [
        ["Look:"],
        ["▌", "A", "run"],
        ["▌", "☐", "one"],
        ["▌", "Owner", "Tasks"],
        ["▌", "@alice", "1", "of", "2"],
        ["▌", "Last", "update"],
        ["▌", "Nothing", "new"],
        ["▌", "[", "Finish", "]", "[", "More…", "▾", "]"],
    ]
