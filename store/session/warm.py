"""What committed transactions knew, for the next ones: of runs, as long as nobody changes them, and of people."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlmodel import SQLModel

from store.tables.runs import Participant, Run, Task

Row = TypeVar("Row", bound=SQLModel)

MOST_ROWS = 40_000
"""How many rows of runs are kept in mind, some 130 MB; the runs that nobody used for the longest time go first."""
MOST_OWNERS = 100_000
MOST_PEOPLE = 5_000
FRESH_FOR = 60.0
"""Seconds for which people and teams need not be read again, of whom another process may learn something meanwhile."""


@dataclass(slots=True)
class Known:
    """What is known of a run: itself where it is held, and its rows by their kind, each kind complete.

    `participants` are by person, None for who was asked about and never took part; with `attended` they are all.
    `order` has its tasks in order, without and with those that were removed, and those that are hidden. `beside` is
    what handlers have worked out of the rows, one value of a kind.
    """

    run: Run | None = None
    rows: dict[type[SQLModel], list[Any]] = field(default_factory=dict)
    participants: dict[str, Participant | None] = field(default_factory=dict)
    attended: bool = False
    order: dict[tuple[bool, bool], Sequence[Task]] = field(default_factory=dict)
    beside: dict[type, object] = field(default_factory=dict)

    @property
    def revision(self) -> int:
        return self.run.revision if self.run is not None else 0

    @property
    def size(self) -> int:
        """How many rows it has."""
        return 1 + sum(map(len, self.rows.values())) + len(self.participants)

    def every(self) -> Iterator[SQLModel]:
        """Yield all rows, the run's own included."""
        if self.run is not None:
            yield self.run
        for rows in self.rows.values():
            yield from rows
        yield from (row for row in self.participants.values() if row is not None)


class Warm:
    """Runs that are not asked for again as long as nobody changes them: their `revision` tells.

    Each transaction that changes anything of a run counts its revision up, in whatever process; so what is
    remembered here is used only by one that holds the run and reads the same revision. It belongs to that one until it
    is put back.
    """

    def __init__(self, most_rows: int = MOST_ROWS, clock: Callable[[], float] = lambda: 0.0) -> None:
        self._most_rows = most_rows
        self._rows = 0
        self._clock = clock
        self._directory: dict[tuple[type[SQLModel], str], tuple[SQLModel, float]] = {}
        self._known: dict[int, Known] = {}
        self._owners: dict[tuple[type[SQLModel], int], int] = {}
        self._lock = threading.Lock()

    def take(self, run_id: int, revision: int) -> Known | None:
        """Return what is known of a run at a revision, and forget it here."""
        with self._lock:
            known = self._pop(run_id)
        return known if known is not None and known.revision == revision else None

    def put(self, run: Run, known: Known) -> None:
        """Keep what a committed transaction knows of a run."""
        with self._lock:
            older = self._pop(run.id)
            newest = known if older is None or older.revision <= known.revision else older
            self._known[run.id] = newest
            self._rows += newest.size
            while self._rows > self._most_rows:
                self._pop(next(iter(self._known)))

    def _pop(self, run_id: int) -> Known | None:
        known = self._known.pop(run_id, None)
        # What is here does not change: whoever works with it has taken it.
        self._rows -= known.size if known is not None else 0
        return known

    def note_owned(self, owned: Mapping[tuple[type[SQLModel], int], int]) -> None:
        """Keep in mind which run rows belong to, by their kind and id; that never changes."""
        with self._lock:
            if len(self._owners) > MOST_OWNERS:
                self._owners.clear()
            self._owners.update(owned)

    def run_of(self, kind: type[SQLModel], row_id: int) -> int | None:
        """Return the run that a row belongs to, None if it is not known here."""
        return self._owners.get((kind, row_id))

    def recall(self, kind: type[Row], row_id: str) -> Row | None:
        """Return a person or a team as they were read a moment ago, to be looked at only."""
        row, until = self._directory.get((kind, row_id), (None, 0.0))
        return cast("Row", row) if self._clock() < until else None

    def remember(self, rows: Mapping[tuple[type[SQLModel], str], SQLModel]) -> None:
        """Keep people and teams in mind that a committed transaction has read."""
        until = self._clock() + FRESH_FOR
        with self._lock:
            if len(self._directory) > MOST_PEOPLE:
                self._directory.clear()
            self._directory |= {key: (row, until) for key, row in rows.items()}

    def forget(self, kind: type[SQLModel], row_id: str) -> None:
        """Have a person or a team read again."""
        self._directory.pop((kind, row_id), None)

    def forget_all(self, kind: type[SQLModel]) -> None:
        """Have everything of a kind read again."""
        with self._lock:
            self._directory = {key: kept for key, kept in self._directory.items() if key[0] is not kind}
