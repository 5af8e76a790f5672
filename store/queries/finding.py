"""Questions that are asked only when somebody looks for something: what waits for their answer, what is over."""

from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from store.queries.store import Store
from store.tables.people import Handover
from store.tables.runs import Run

AT_ONCE = 50


def handovers_to(store: Store, person_id: str) -> Sequence[tuple[Run, Handover]]:
    """Return the runs that somebody is asked to take over, and has not answered about, the latest question first.

    They are not held: who changes one asks for it first.
    """
    return store.session.exec(
        select(Run, Handover)
        .join(Handover, col(Handover.run_id) == col(Run.id))
        .where(Handover.to_id == person_id, Handover.answer == "")
        .where(Run.state != "finished", col(Run.removed_at).is_(None))
        .order_by(col(Handover.id).desc())
    ).all()


def finished_runs(store: Store, team_id: str, most: int) -> Iterator[Run]:
    """Yield the finished runs of a team, the one that ended last first; no more than `most` are looked at."""
    for start in range(0, most, AT_ONCE):
        found = store.session.exec(
            select(Run)
            .where(Run.team_id == team_id, Run.state == "finished", col(Run.removed_at).is_(None))
            .order_by(col(Run.finished_at).desc(), col(Run.id).desc())
            .offset(start)
            .limit(min(AT_ONCE, most - start))
        ).all()
        yield from found
        if len(found) < AT_ONCE:
            return
