"""Pictures are drawn by a process of its own, which may die, hang or run out of memory, and delays nobody."""

import asyncio
import os
import signal
import struct
import sys
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from msgspec.structs import replace

from bot.charts.charts import MOST_WAITING, Charts, NotDrawn
from bot.charts.drawing import DPI, LEFT, MOST_LEFT, _left, _scale, draw, drawable
from handlers.figures.picture import Bars, Panel, Picture, Tick

DAY = 86_400.0
PANEL = Panel(
    title="To mitigate",
    note="median 23 min (n 3)",
    dots=((DAY, 600.0), (3 * DAY, 1380.0), (8 * DAY, 9000.0)),
    median=1380.0,
    target=1800.0,
    ticks=(Tick(600, "10 min"), Tick(3600, "1 h")),
    grows=True,
)
PICTURE = Picture(
    title="Incident response",
    note="12 runs",
    first=0.0,
    last=10 * DAY,
    dates=(Tick(0, "1 Jan"), Tick(10 * DAY, "11 Jan")),
    bars=Bars(title="Runs a week", at=(0.0, 7 * DAY), counts=(2, 1), widths=(7 * DAY, 3 * DAY), cut=(False, True)),
    panels=(PANEL, Panel(title="To finish", empty="No run is over.")),
    legend="a dot is a run",
)


@pytest.fixture
async def charts() -> AsyncIterator[Charts]:
    made = Charts()
    yield made
    await made.close()


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


async def test_a_picture_is_drawn_for_a_phone_and_a_page_and_nothing_before_it_is_asked_for(charts: Charts) -> None:
    assert charts.process is None
    png = await charts.draw(PICTURE, "png")
    assert size_of(png)[0] == 780
    assert size_of(png)[1] < 2000
    svg = ET.fromstring(await charts.draw(PICTURE, "svg"))
    assert svg.tag.endswith("svg")
    assert png == await charts.draw(PICTURE, "png")


async def test_a_process_that_died_is_begun_anew(charts: Charts) -> None:
    await charts.draw(PICTURE, "png")
    assert charts.process is not None
    dead = charts.process
    os.kill(dead.pid, signal.SIGKILL)
    await dead.wait()
    other = replace(PICTURE, title="Another")
    assert size_of(await charts.draw(other, "png"))[0] == 780


async def test_one_that_dies_while_it_draws_is_told_and_the_next_picture_is_drawn() -> None:
    charts = Charts(command=(sys.executable, "-c", "import sys; sys.stdin.readline()"))
    with pytest.raises(NotDrawn):
        await charts.draw(PICTURE, "png")
    assert charts.process is None


async def test_one_that_hangs_is_ended_after_its_time() -> None:
    charts = Charts(patience=0.3, command=(sys.executable, "-c", "import time; time.sleep(60)"))
    with pytest.raises(NotDrawn):
        await charts.draw(PICTURE, "png")
    assert charts.process is None


async def test_a_picture_that_cannot_be_drawn_ends_nothing(charts: Charts) -> None:
    with pytest.raises(NotDrawn):
        await charts.draw(replace(PICTURE, dates=(Tick(float("nan"), "x"),), first=0.0, last=float("inf")), "png")
    before = charts.process
    assert size_of(await charts.draw(PICTURE, "png"))[0] == 780
    assert charts.process is before


async def test_of_many_at_once_some_are_told_to_come_later() -> None:
    charts = Charts(patience=0.05, command=(sys.executable, "-c", "import time; time.sleep(60)"))
    asked = [charts.draw(replace(PICTURE, title=str(number)), "png") for number in range(MOST_WAITING + 3)]
    first = asyncio.gather(*asked, return_exceptions=True)
    told = await asyncio.wait_for(first, 60)
    assert sum(str(one) == "too many pictures at once" for one in told) == 3


async def test_it_ends_when_nobody_asks_any_more() -> None:
    charts = Charts(idle=0.05)
    await charts.draw(PICTURE, "png")
    assert charts.process is not None
    assert await asyncio.wait_for(charts.process.wait(), 10) == 0


async def test_its_environment_has_no_secret(charts: Charts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TOKEN", "a-secret-token-of-the-tests")
    await charts.draw(PICTURE, "png")
    assert charts.process is not None
    with open(f"/proc/{charts.process.pid}/environ", "rb") as stream:  # noqa: ASYNC230  (a file of the kernel's)
        assert b"a-secret-token-of-the-tests" not in stream.read()


async def test_the_loop_goes_on_while_a_picture_is_drawn(charts: Charts) -> None:
    """Whoever presses meanwhile waits for nothing: the loop is never busy for longer than a few milliseconds."""
    many = replace(PICTURE, panels=(replace(PANEL, dots=tuple((n * 400.0, 60.0 + n) for n in range(2000))),) * 6)
    drawing = asyncio.create_task(charts.draw(many, "png"))
    loop, longest = asyncio.get_running_loop(), 0.0
    while not drawing.done():
        before = loop.time()
        await asyncio.sleep(0.002)
        longest = max(longest, loop.time() - before)
    assert len(await drawing) > 1000
    assert longest < 0.25


def test_what_no_font_has_is_a_square_and_no_formula_is_read() -> None:
    assert drawable("Störung: Ωmega, Кубок, 5 $") == r"Störung: Ωmega, Кубок, 5 \$"
    assert drawable("a\N{FIRE}b\N{ZERO WIDTH JOINER}") == "a\N{WHITE SQUARE}b"
    assert drawable("two\nlines") == "two lines"


@pytest.mark.parametrize("target", [None, 0.0])
@pytest.mark.filterwarnings("error")
def test_nothing_at_all_stands_at_the_foot_of_a_scale_that_grows(target: float | None) -> None:
    panel = replace(PANEL, dots=((DAY, 0.0), (2 * DAY, 60.0), (3 * DAY, 90000.0)), target=target)
    assert draw(replace(PICTURE, panels=(panel,)), "png").startswith(b"\x89PNG")


def test_a_long_mark_moves_the_axis_to_the_right() -> None:
    figure = Figure(figsize=(4, 4), dpi=DPI)
    FigureCanvasAgg(figure)
    short, long = (replace(PANEL, ticks=(Tick(600, label),)) for label in ("1 h", "€1,000,000.00"))
    assert _left(figure, [short]) == LEFT
    assert LEFT < _left(figure, [long]) < MOST_LEFT


def test_values_near_the_top_are_seen_whole() -> None:
    axes = Figure().add_subplot()
    _scale(axes, replace(PANEL, grows=False, median=9900.0, target=None), [9850.0, 9900.0])
    assert axes.get_ylim()[1] > 9900 * 1.1
