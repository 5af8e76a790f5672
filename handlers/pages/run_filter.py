"""The filter of the list of runs, as the address of the page holds it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from urllib.parse import urlencode

from handlers.text.readers import Reader
from store.queries.run_list import Order

ORDERS: tuple[Order, ...] = get_args(Order)
State = Literal["", "active", "finished"]
STATES: tuple[State, ...] = get_args(State)

Quick = Literal["", "mine", "late", "active", "finished"]

NO_PLAYBOOK = "-"
"""What stands for the checklists without a playbook."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What somebody wants to see of all runs; names are as the address has them, empty where they leave nothing out.

    `since` and `until` are days by their reader's clock, both included. With an `attribute` those are wanted in which
    that is `value`, or in which it has any where that is empty.
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
    attribute: str = ""
    value: str = ""
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
        return urlencode({name: said for name, said in self.parts.items() if said})

    @property
    def sort(self) -> str:
        """Return its order as an address has it."""
        return f"{'-' if self.backwards else ''}{self.order}"

    @property
    def parts(self) -> dict[str, str]:
        """Return what each part of an address says, empty where it leaves nothing out."""
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
            "attribute": self.attribute,
            "value": self.value,
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


def _midnight(day: date, reader: Reader) -> datetime:
    return datetime.combine(day, time(), reader.zone)
