"""Draws a picture of figures with matplotlib, for a phone first, on white, as PNG or SVG; in the worker alone."""

import io
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from handlers.figures.picture import BARS, HEAD, PANEL, WIDTH, Bars, Panel, Picture, Tick

Form = Literal["png", "svg"]

DPI = 200
TEXT, SMALL = 10.5, 9.0
"""Points: shown at 390 pixels a letter is as large as the text around it, or a little smaller."""
LEFT, MOST_LEFT, RIGHT = 0.62, 1.5, 0.14
"""How far from the edges everything is drawn, in inches; from the left further where the marks are long."""
INK, SOFT, FAINT, DOT, TARGET = "#1f2430", "#5a6170", "#d9dce3", "#1c58d9", "#b3261e"
BAR, PALE = "#3e71df", "#a9c0f1"
MOST_DOTS = 2000
"""Of more runs the newest are drawn; more dots than these cannot be told apart."""

MOST_NUMBERS = 16
"""How many bars have room for a number each."""

_FIRST = "DejaVu Sans"
_FALLBACKS = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR", "WenQuanYi Zen Hei",
    "IPAGothic", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans", "FreeSans",
)  # fmt: skip
"""What the first font lacks is drawn with the first of these that has it, as far as the machine has them."""
_MISSING = "\N{WHITE SQUARE}"


def draw(picture: Picture, form: Form) -> bytes:
    """Return a picture as a file."""
    panels = list(picture.panels)
    height = picture.height
    with mpl.rc_context({"font.family": _families(), "svg.hashsalt": "muster", "svg.fonttype": "path"}):
        figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        _write(figure, 0.12, height - 0.18, picture.title, TEXT + 1.5, INK, weight="bold")
        _write(figure, 0.12, height - 0.38, picture.note, SMALL, SOFT)
        top, left = height - HEAD, _left(figure, panels)
        if picture.bars:
            _bars(_axes(figure, top, BARS, left, over=0.26), picture, picture.bars, labelled=not panels)
            top -= BARS
        for panel in panels:
            _panel(_axes(figure, top, PANEL, left), picture, panel, labelled=panel is panels[-1])
            top -= PANEL
        _write(figure, 0.12, 0.11, picture.legend, SMALL, SOFT)
        return _file(figure, form)


def drawable(text: str) -> str:
    """Return a text of one line, with a square for each letter that no font here has; signs without a shape are out."""
    shown: list[str] = []
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs") or (unicodedata.combining(letter) and not _has(letter)):
            continue
        shown.append(letter if letter == " " or _has(letter) else _MISSING)
    # A dollar begins a formula.
    return "".join(shown).replace("$", r"\$")


def _left(figure: Any, panels: Sequence[Panel]) -> float:
    """Return how many inches the longest mark needs."""
    renderer = figure.canvas.get_renderer()
    widest = 0.0
    for label in {tick.label for panel in panels for tick in panel.ticks}:
        written = figure.text(0, 0, drawable(label), fontsize=SMALL)
        widest = max(widest, float(written.get_window_extent(renderer).width) / DPI)
        written.remove()
    return min(max(LEFT, widest + 0.14), MOST_LEFT)


def _axes(figure: Figure, top: float, height: float, left: float, over: float = 0.38) -> Any:
    """Return the place of a part whose upper edge is `top` inches above the picture's lower one."""
    _, whole = figure.get_size_inches()
    under = 0.06
    box = (left / WIDTH, (top - height + under) / whole, 1 - (left + RIGHT) / WIDTH, (height - under - over) / whole)
    axes = figure.add_axes(box)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=SOFT, pad=3)
    axes.set_axisbelow(True)
    return axes


def _write(figure: Figure, x: float, y: float, text: str, size: float, colour: str, **more: Any) -> None:
    """Write a line at so many inches from the left and from below, smaller where it would not fit."""
    _, height = figure.get_size_inches()
    written = figure.text(x / WIDTH, y / height, drawable(text), fontsize=size, color=colour, va="center", **more)
    _fit(figure, written, WIDTH - x - RIGHT)


def _fit(figure: Any, written: Any, inches: float) -> None:
    """Make a text smaller, and cut it where that is not enough, until it is no wider than so many inches."""
    renderer = figure.canvas.get_renderer()

    def width() -> float:
        return float(written.get_window_extent(renderer).width) / DPI

    for size in (0.9, 0.8):
        if width() > inches:
            written.set_fontsize(written.get_fontsize() * size)
    text = written.get_text()
    while width() > inches and len(text) > 1:
        text = text[: min(len(text) - 1, int(len(text) * inches / width()) + 1)].rstrip("\\")
        written.set_text(f"{text}…")


def _head(axes: Any, title: str, note: str, above: float = 0.26) -> None:
    figure = axes.figure
    _, height = figure.get_size_inches()
    top = axes.get_position().y1 * height
    _write(figure, 0.12, top + above, title, TEXT, INK, weight="bold")
    _write(figure, 0.12, top + 0.10, note, SMALL, SOFT)


def _time(axes: Any, picture: Picture, *, labelled: bool) -> None:
    room = max(picture.last - picture.first, 1) * 0.015
    axes.set_xlim(picture.first - room, picture.last + room)
    labels = [drawable(tick.label) if labelled else "" for tick in picture.dates]
    axes.set_xticks([tick.at for tick in picture.dates], labels)
    for written, tick in zip(axes.get_xticklabels(), picture.dates, strict=True):
        is_last = tick.at > picture.first + 0.93 * (picture.last - picture.first)
        written.set_horizontalalignment("right" if is_last else "center")


def _bars(axes: Any, picture: Picture, bars: Bars, *, labelled: bool) -> None:
    _head(axes, bars.title, "", above=0.1)
    widths = [width * 0.86 for width in bars.widths]
    drawn = axes.bar(bars.at, bars.counts, width=widths, align="edge", color=[PALE if cut else BAR for cut in bars.cut])
    most = max(bars.counts, default=0)
    is_numbered = len(bars.counts) <= MOST_NUMBERS
    axes.set_ylim(0, max(most, 1) * (1.5 if is_numbered else 1.1))
    axes.set_yticks([])
    if is_numbered:
        axes.bar_label(drawn, fontsize=SMALL, color=SOFT, padding=1)
    else:
        axes.set_yticks([0, most] if most else [0])
    _time(axes, picture, labelled=labelled)


def _panel(axes: Any, picture: Picture, panel: Panel, *, labelled: bool) -> None:
    _head(axes, panel.title, panel.note)
    _time(axes, picture, labelled=labelled)
    dots = panel.dots[-MOST_DOTS:]
    if not dots:
        axes.set_yticks([])
        middle = {"transform": axes.transAxes, "ha": "center", "va": "center"}
        axes.text(0.5, 0.5, drawable(panel.empty), fontsize=SMALL, color=SOFT, **middle)
        return
    if panel.grows:
        _grow(axes, [value for _, value in dots], panel)
    _scale(axes, panel, [value for _, value in dots])
    crowd = max(0.25, min(0.9, 60 / len(dots)))
    moments, values = zip(*dots, strict=True)
    axes.scatter(moments, values, s=16, color=DOT, alpha=crowd, linewidths=0, zorder=3, clip_on=False)
    for at, colour, style in ((panel.target, TARGET, (0, (4, 3))), (panel.median, INK, "solid")):
        if at is not None:
            axes.axhline(at, color=colour, linewidth=1.4, linestyle=style, zorder=4)


def _grow(axes: Any, values: Sequence[float], panel: Panel) -> None:
    """Let a scale grow by factors; nothing at all stands at its foot."""
    target = () if panel.target is None else (panel.target,)
    if min(*values, *target) > 0:
        axes.set_yscale("log")
    else:
        axes.set_yscale("symlog", linthresh=min(value for value in values if value > 0), linscale=0.4)


def _scale(axes: Any, panel: Panel, values: Sequence[float]) -> None:
    ends = [*values, *(at for at in (panel.median, panel.target) if at is not None)]
    low, high = min(ends), max(ends)
    if panel.grows:
        least = min(value for value in values if value > 0)
        low, high = low / 1.5 if low > 0 else -least / 3, high * 1.5
    else:
        # What lies on the axis, or at the top, is still seen whole.
        room = (high - min(low, 0)) * 0.12 or max(abs(high), 1) * 0.5
        low, high = min(low, 0) - room / 3, high + room
    axes.set_ylim(low, high)
    shown: list[Tick] = [tick for tick in panel.ticks if low <= tick.at <= high]
    axes.set_yticks([tick.at for tick in shown], [drawable(tick.label) for tick in shown])
    axes.minorticks_off()
    axes.grid(visible=True, axis="y", color=FAINT, linewidth=0.5)


def _file(figure: Figure, form: Form) -> bytes:
    made = io.BytesIO()
    # Without the time, and with a fixed salt, so that the same figures give the same file.
    figure.savefig(made, format=form, dpi=DPI, metadata={"Date": None} if form == "svg" else {"Software": None})
    return made.getvalue()


@cache
def _fonts() -> tuple[tuple[str, frozenset[int]], ...]:
    """Return the families that are drawn with, the first one first, and the letters that each has."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    paths = {name: font_manager.findfont(name) for name in (_FIRST, *_FALLBACKS) if name in there}
    return tuple((name, frozenset(FT2Font(path).get_charmap())) for name, path in paths.items())


def _families() -> list[str]:
    return [name for name, _ in _fonts()]


@cache
def _has(letter: str) -> bool:
    return any(ord(letter) in letters for _, letters in _fonts())
