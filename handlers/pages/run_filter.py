"""The filter of the list of runs, as the address of the page holds it: read, refused where it is none, and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import urlencode

from handlers.text.readers import Reader
from handlers.text.words import one_line
from store.queries.run_list import Order

ORDERS: tuple[Order, ...] = get_args(Order)
State = Literal["", "active", "finished"]
STATES: tuple[State, ...] = get_args(State)

Quick = Literal["", "mine", "late", "active", "finished"]

WORDS_LIMIT = 200
LAST_PAGE = 2000
"""The last page that can be asked for: nobody reads so far, and what is looked for is found by a filter."""
NO_PLAYBOOK = "-"
"""What stands for the checklists without a playbook."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What somebody wants to see of all runs; names are as the address has them, empty where they leave nothing out.

    `since` and `until` are days by their reader's clock, both included.
    """

    words: str = ""
    state: State = ""
    playbook: str = ""
    team: str = ""
    owner: str = ""
    mine: bool = False
    late: bool = False
    since: date | None = None
    until: date | None = None
    order: Order = "next"
    backwards: bool = False
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        """Return whether it leaves anything out."""
        return bool(replace(self, order="next", backwards=False, page=1).query)

    @property
    def query(self) -> str:
        """Return what stands in an address behind the question mark; nothing where all is as it is by itself."""
        return urlencode({name: said for name, said in self._said().items() if said})

    @property
    def sort(self) -> str:
        """Return its order as an address has it."""
        return f"{'-' if self.backwards else ''}{self.order}"

    def _said(self) -> dict[str, str]:
        return {
            "q": self.words,
            "state": self.state,
            "playbook": self.playbook,
            "team": self.team,
            "owner": self.owner,
            "mine": "1" if self.mine else "",
            "late": "1" if self.late else "",
            "from": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "sort": self.sort if self.sort != "next" else "",
            "page": str(self.page) if self.page > 1 else "",
        }

    def begin(self, reader: Reader) -> datetime | None:
        """Return when the first day begins for its reader."""
        return _midnight(self.since, reader) if self.since else None

    def end(self, reader: Reader) -> datetime | None:
        """Return when the last day is over for its reader."""
        return _midnight(self.until + timedelta(days=1), reader) if self.until else None

    def sorted_by(self, order: Order) -> "RunFilter":
        """Return the same in another order; the other way round where that is its order already."""
        return replace(self, order=order, backwards=order == self.order and not self.backwards, page=1)

    def toggled(self, name: Quick) -> "RunFilter":
        """Return the same with one of the quick filters turned: `mine`, `late` or a state; without a name all runs."""
        match name:
            case "mine":
                return replace(self, page=1, mine=not self.mine)
            case "late":
                return replace(self, page=1, late=not self.late)
            case "active" | "finished":
                return replace(self, page=1, state="" if self.state == name else name)
            case "":
                return RunFilter(order=self.order, backwards=self.backwards)

    def at(self, page: int) -> "RunFilter":
        """Return the same at another page."""
        return replace(self, page=page)


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
        order=_one_of(ORDERS, order.removeprefix("-")),
        backwards=order.startswith("-"),
        page=found.read("page", _page, 1),
    )
    unknown = sorted(query.keys() - _KNOWN)
    return read, (*found.wrong, *(NoFilter(name[:60], "") for name in unknown))


_KNOWN = RunFilter()._said().keys()


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


def _midnight(day: date, reader: Reader) -> datetime:
    return datetime.combine(day, time(), reader.zone)
