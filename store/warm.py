"""What committed transactions knew of runs, for the next one that holds the same run and finds it as it was."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from store.runs import Participant, Run

MOST = 256
"""How many runs are kept in mind; those that nobody used for the longest time are forgotten first."""
MOST_OWNERS = 100_000


@dataclass(slots=True)
class Known:
    """What is known of a run: itself where it is held, and its rows by their kind, each kind complete.

    `participants` are by person, None for who was asked about and never took part; with `attended` they are all.
    """

    run: Run | None = None
    rows: dict[type[SQLModel], list[Any]] = field(default_factory=dict)
    participants: dict[str, Participant | None] = field(default_factory=dict)
    attended: bool = False

    @property
    def revision(self) -> int:
        return self.run.revision if self.run is not None else 0

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

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[int, Known] = {}
        self._owners: dict[tuple[type[SQLModel], int], int] = {}
        self._lock = threading.Lock()

    def take(self, run_id: int, revision: int) -> Known | None:
        """Return what is known of a run at a revision, and forget it here."""
        with self._lock:
            known = self._known.pop(run_id, None)
        return known if known is not None and known.revision == revision else None

    def put(self, run: Run, known: Known) -> None:
        """Keep what a committed transaction knows of a run."""
        assert run.id is not None
        with self._lock:
            older = self._known.pop(run.id, None)
            self._known[run.id] = known if older is None or older.revision <= known.revision else older
            if len(self._known) > self._most:
                del self._known[next(iter(self._known))]

    def note_owned(self, owned: Mapping[tuple[type[SQLModel], int], int]) -> None:
        """Keep in mind which run rows belong to, by their kind and id; that never changes."""
        with self._lock:
            if len(self._owners) > MOST_OWNERS:
                self._owners.clear()
            self._owners.update(owned)

    def run_of(self, kind: type[SQLModel], row_id: int) -> int | None:
        """Return the run that a row belongs to, None if it is not known here."""
        return self._owners.get((kind, row_id))
