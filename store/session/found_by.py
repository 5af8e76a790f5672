"""Keeping by which words a run is found, in the transaction that changes what it says."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstanceState
from sqlmodel import col, select

from store.tables.attributes import AttributeValue
from store.tables.found_words import FoundWord, words_of
from store.tables.runs import Moment, Run

SAID = ("name", "summary")
"""What a run is found by, beside the updates in its timeline and its attributes."""

_ADD = {
    name: insert(FoundWord).on_conflict_do_nothing()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def said_before(state: InstanceState[Run]) -> list[str]:
    """Return what a run, of which something is about to be written, said until now and says no longer."""
    return [text for name in SAID for text in state.attrs[name].history.deleted or () if text]


def note_words(db: Connection, run: Run, before: Iterable[str]) -> None:
    """Let a run be found by what it says now, and no longer by what it said before alone."""
    values = select(AttributeValue.words).where(AttributeValue.run_id == run.id)
    words = words_of(run.name, run.summary, *db.execute(values).scalars())
    if gone := words_of(*before) - words:
        updates = select(Moment.subject).where(Moment.run_id == run.id, Moment.kind == "update")
        gone -= words_of(*db.execute(updates).scalars())
    if gone:
        db.execute(delete(FoundWord).where(col(FoundWord.run_id) == run.id, col(FoundWord.word).in_(gone)))
    add_words(db, run.id, words)


def add_words(db: Connection, run_id: int, words: Collection[str]) -> None:
    """Let a run be found by more words."""
    if words:
        db.execute(_ADD[db.dialect.name], [{"word": word, "run_id": run_id} for word in sorted(words)])
