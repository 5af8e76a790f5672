"""Holds what is remembered of runs to the database, in every test: what is not read again has to be as it is there."""

from typing import Any

from sqlalchemy import select

from store import Run, values_of
from store.session.kept import _PARTICIPANTS, Kept, _of_runs

_remembered = Kept._is_warm


def is_warm_and_true(kept: Kept, run_id: int, revision: int) -> bool:
    """Take a run up from memory as the store does, and compare all that is remembered with what is stored."""
    if not _remembered(kept, run_id, revision):
        return False
    known = kept._runs[run_id]
    stored = _stored(kept, select(Run).where(Run.id == run_id), run_id)
    assert stored == ([values_of(known.run)] if known.run else [])
    for kind, rows in known.rows.items():
        assert _stored(kept, _of_runs(kind, 1), run_id) == [values_of(row) for row in rows], kind.__name__
    people = {row["person_id"]: row for row in _stored(kept, _PARTICIPANTS, run_id)}
    remembered = {person_id: values_of(row) if row else None for person_id, row in known.participants.items()}
    assert remembered == {person_id: people.get(person_id) for person_id in remembered}
    if known.attended:
        assert set(people) == {person_id for person_id, row in known.participants.items() if row is not None}
    return True


def _stored(kept: Kept, statement: Any, run_id: int) -> list[dict[str, Any]]:
    found = kept._session.connection().execute(statement, {"run_id": run_id, "run0": run_id})
    return [dict(row) for row in found.mappings()]
