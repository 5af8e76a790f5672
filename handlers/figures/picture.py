"""A picture of figures as values: where its dots lie, and all words in it, for whoever draws it."""

import msgspec

WIDTH = 3.9
"""Inches: with 200 dots each that is 780, two for each of the 390 that a phone shows."""
HEAD, BARS, PANEL, FOOT = 0.52, 0.7, 1.04, 0.42
"""How high each part is, in inches: clients show 350 pixels of height, so three panels are as wide there as a phone."""


class Tick(msgspec.Struct, frozen=True):
    """A mark at an axis, and what stands beside it."""

    at: float
    label: str


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Values over time: each of `dots` is a run, when it started (seconds since 1970) and its value.

    The `median` is a line, the `target` a broken one.

    With `grows` the scale is logarithmic. Without dots `empty` says why.
    """

    title: str
    note: str = ""
    dots: tuple[tuple[float, float], ...] = ()
    median: float | None = None
    target: float | None = None
    ticks: tuple[Tick, ...] = ()
    grows: bool = False
    empty: str = ""


class Bars(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are in each of some spans of time of `widths` seconds, which begin `at` (seconds since 1970).

    Those that are `cut` are only a part of what they are called, and cannot be compared with the others.
    """

    title: str
    at: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    cut: tuple[bool, ...] = ()


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture: all its parts lie above each other, on one axis of time from `first` to `last`.

    The `legend` says what dots and lines are.
    """

    title: str
    note: str = ""
    first: float
    last: float
    dates: tuple[Tick, ...] = ()
    bars: Bars | None = None
    panels: tuple[Panel, ...] = ()
    legend: str = ""

    @property
    def height(self) -> float:
        """How high it is, in inches."""
        return HEAD + (BARS if self.bars else 0) + PANEL * len(self.panels) + FOOT
