"""Which page stands at which address: a row for each, with its template and what makes its value from the store."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.context import Context
from handlers.pages import runs
from handlers.pages.asked import Asked


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `{…}` in its path are parts that vary, `show` makes what its template draws as `page`.

    `show` is asked beside the desk and writes nothing. It raises `NotThere` where there is no such page for who asks.
    """

    path: str
    template: str
    show: Callable[[Context, Asked], object]


PAGES: tuple[Page, ...] = (Page("/runs", "runs.html.j2", runs.runs_page),)
