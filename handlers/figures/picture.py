"""A picture of figures as values: where its dots lie, and all words in it, for whoever draws it."""

import msgspec


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
    """How many there are in each of some spans of time of `width` seconds, which begin `at` (seconds since 1970)."""

    title: str
    at: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    width: float = 0


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
