"""Reading the filter of the list of runs from an address, and saying what of that is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from handlers.pages.run_filter import ORDERS, STATES, RunFilter
from handlers.text.words import one_line

WORDS_LIMIT = 200
LAST_PAGE = 2000
"""The last page that can be asked for: nobody reads so far, and what is looked for is found by a filter."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NoFilter:
    """A part of an address that is no filter: the name, what it says, and what it could say, where that is a choice."""

    name: str
    said: str
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """An address that is being read."""

    query: Mapping[str, str]
    wrong: list[NoFilter] = field(default_factory=list)

    def read(self, name: str, meant: Callable[[str], T], nothing: T, choices: Sequence[str] = ()) -> T:
        """Return what a part means; `meant` raises `ValueError` where it means nothing."""
        said = one_line(self.query.get(name, ""))
        if not said:
            return nothing
        try:
            return meant(said)
        except ValueError:
            self.wrong.append(NoFilter(name, said[:60], tuple(choices)))
            return nothing


def read_filter(query: Mapping[str, str]) -> tuple[RunFilter, tuple[NoFilter, ...]]:
    """Return what an address asks for, and what of it is no filter; that leaves nothing out."""
    found = _Reading(query)
    order = found.read("sort", _order, "next", [*ORDERS, *(f"-{one}" for one in ORDERS)])
    read = RunFilter(
        words=found.read("q", _words, ""),
        state=found.read("state", lambda said: _one_of(STATES, said), "", STATES[1:]),
        playbook=found.read("playbook", str.casefold, ""),
        team=found.read("team", str.casefold, ""),
        owner=found.read("owner", lambda said: said.removeprefix("@").casefold(), ""),
        mine=found.read("mine", _tick, False, ("1",)),
        late=found.read("late", _tick, False, ("1",)),
        since=found.read("from", _day, None),
        until=found.read("until", _day, None),
        attribute=found.read("attribute", _words, ""),
        value=found.read("value", _words, ""),
        order=_one_of(ORDERS, order.removeprefix("-")),
        backwards=order.startswith("-"),
        page=found.read("page", _page, 1),
    )
    unknown = sorted(query.keys() - _KNOWN)
    return read, (*found.wrong, *(NoFilter(name[:60], "") for name in unknown))


_KNOWN = RunFilter().parts.keys()


def _one_of(choices: Sequence[Any], said: str) -> Any:
    if said not in choices:
        raise ValueError(said)
    return said


def _order(said: str) -> str:
    _one_of(ORDERS, said.removeprefix("-"))
    return said


def _words(said: str) -> str:
    if len(said) > WORDS_LIMIT:
        raise ValueError(said)
    return said


def _tick(said: str) -> bool:
    _one_of(("1", "true", "on"), said)
    return True


def _day(said: str) -> date:
    # Other ways that Python reads, such as 20260131 or 2026-W05-1, no browser writes.
    if len(said) != len("2026-01-31") or not said.replace("-", "").isdecimal() or not said.isascii():
        raise ValueError(said)
    day = date.fromisoformat(said)
    # A day before or behind these has no midnight in some zones.
    if not 1970 <= day.year <= 9000:
        raise ValueError(said)
    return day


def _page(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 6 and 1 <= int(said) <= LAST_PAGE):
        raise ValueError(said)
    return int(said)
