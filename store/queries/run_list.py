"""Runs as a list shows them: of those that somebody may see the ones that fit, in an order, a page at a time."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Integer, case, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import col, or_, select

from store.queries.store import Store
from store.queries.visible import Condition
from store.tables.attributes import AttributeValue
from store.tables.base import UtcTime
from store.tables.directory import KnownPerson
from store.tables.found_words import FoundWord, asked_words
from store.tables.people import Follower
from store.tables.playbooks import PlaybookRow
from store.tables.runs import OPEN, Checklist, Participant, Run, Task
from store.tables.words import RunState

Order = Literal["next", "started", "duration", "name", "playbook", "owner"]
"""What a list is ordered by; `next` has the runs first whose update is late, then those whose is due next."""

COUNTED = 1_000
"""How many runs are counted at most."""
_GOING: tuple[RunState, ...] = ("opening", "active")
# By the index of states nearly all runs would be read and put in order, to show a few.
_IS_OVER = col(Run.state).concat("") == "finished"
# By their ids whole rows would be read of all runs that have a word, be it nearly all; the index of lists is short.
_ID = col(Run.id) + 0
_LAST = "\U0010ffff"
_CALLED = re.compile(r"#([A-Za-z0-9][A-Za-z0-9-]{0,31})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs somebody wants to see; empty values leave nothing out.

    `playbook_id` is 0 for checklists without a playbook; `person_id` is who owns, takes part in or follows them. Of
    `late` ones an update is overdue `now`. `goes_on` leaves only those in progress, or only those that are over. They
    started from `since` on and before `until`. Each of the `words` begins one of the run's, or is its number (`#12`,
    `#INC-0042`). One of the `attributes` is `value`, whatever its capitals, or has any where that is empty.
    """

    now: datetime
    playbook_id: int | None = None
    team_id: str = ""
    owner_id: str = ""
    person_id: str = ""
    late: bool = False
    goes_on: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    attributes: Collection[str] = ()
    value: str = ""
    order: Order = "next"
    backwards: bool = False


class Listed(NamedTuple):
    """What a list says of a run; `playbook_id` is None for a checklist without a playbook."""

    id: int
    name: str
    team_id: str
    channel_id: str | None
    playbook_id: int | None
    state: RunState
    owner_id: str
    created_at: datetime
    finished_at: datetime | None
    update_due_at: datetime | None


class SecondsBetween(GenericFunction[int]):
    """The seconds from one time to another."""

    type = Integer()
    inherit_cache = True


@compiles(SecondsBetween, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **named: Any) -> str:
    start, end = (compiler.process(one, **named) for one in element.clauses)
    return f"(strftime('%s', {end}) - strftime('%s', {start}))"


@compiles(SecondsBetween, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **named: Any) -> str:
    start, end = (compiler.process(one, **named) for one in element.clauses)
    return f"extract(epoch from {end} - {start})"


def listed_runs(store: Store, visible: Condition, wanted: Wanted, start: int, count: int) -> Sequence[Listed]:
    """Return the runs of a list from `start` on (0 for the first), `count` at most."""
    if wanted.order != "next" or wanted.goes_on is not None:
        return _read(store, visible, wanted, start, count)
    # Those in progress are few, and stand by themselves in the right order; the rest is as the index has it.
    going, over = replace(wanted, goes_on=True), replace(wanted, goes_on=False)
    first = _read(store, visible, going, start, count)
    if len(first) == count:
        return first
    before = start + len(first) if first else _count(store, visible, going, start)
    return [*first, *_read(store, visible, over, max(0, start - before), count - len(first))]


def count_runs(store: Store, visible: Condition, wanted: Wanted) -> int:
    """Return how many runs a list has, `COUNTED` where there are that many or more."""
    return _count(store, visible, wanted, COUNTED)


def progress_of(store: Store, run_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Return how many tasks of runs are settled, and how many there are; of a run without tasks nothing.

    What is to be done after the end is not counted.
    """
    settled = func.sum(case((col(Task.state).in_(sorted(OPEN)), 0), else_=1))
    found = (
        select(col(Task.run_id), settled, func.count())
        .join(Checklist, col(Checklist.id) == Task.checklist_id)
        .where(col(Task.run_id).in_(run_ids), col(Task.removed_at).is_(None), col(Checklist.removed_at).is_(None))
        .where(col(Checklist.kind) == "", col(Task.hidden).is_(False))
        .group_by(col(Task.run_id))
    )
    return {run_id: (int(done), total) for run_id, done, total in store.session.db.execute(found)}


def _read(store: Store, visible: Condition, wanted: Wanted, start: int, count: int) -> list[Listed]:
    columns = [getattr(Run, name) for name in Listed._fields]
    found = _ordered(select(*columns).where(visible, *_fitting(wanted)), wanted).offset(start).limit(count)
    return [Listed._make(row) for row in store.session.db.execute(found)]


def _count(store: Store, visible: Condition, wanted: Wanted, most: int) -> int:
    some = select(col(Run.id)).where(visible, *_fitting(wanted)).limit(most).subquery()
    return int(store.session.db.execute(select(func.count()).select_from(some)).scalar_one())


def _fitting(wanted: Wanted) -> Iterator[Condition]:
    if wanted.playbook_id is not None:
        yield col(Run.playbook_id) == wanted.playbook_id if wanted.playbook_id else col(Run.playbook_id).is_(None)
    if wanted.team_id:
        yield col(Run.team_id) == wanted.team_id
    if wanted.owner_id:
        yield col(Run.owner_id) == wanted.owner_id
    if wanted.person_id:
        yield _of_person(wanted.person_id)
    if wanted.late:
        yield col(Run.update_due_at) <= wanted.now
        yield col(Run.state).in_(_GOING)
    if wanted.goes_on is not None:
        yield col(Run.state).in_(_GOING) if wanted.goes_on else _IS_OVER
    if wanted.since is not None:
        yield col(Run.created_at) >= wanted.since
    if wanted.until is not None:
        yield col(Run.created_at) < wanted.until
    yield from _found_by(wanted.words)
    if wanted.attributes:
        named = col(AttributeValue.name).in_(sorted(wanted.attributes))
        is_so = (AttributeValue.plain == wanted.value.casefold(),) if wanted.value else ()
        yield _ID.in_(select(AttributeValue.run_id).where(named, *is_so))


def _of_person(person_id: str) -> Condition:
    inside = (col(Participant.joined_at).is_not(None), col(Participant.left_at).is_(None))
    takes_part = select(Participant.run_id).where(Participant.person_id == person_id, *inside)
    follows = select(Follower.run_id).where(Follower.person_id == person_id)
    return or_(col(Run.owner_id) == person_id, col(Run.id).in_(takes_part), col(Run.id).in_(follows))


def _found_by(words: str) -> Iterator[Condition]:
    number = words.strip().removeprefix("#")
    if words.strip().startswith("#") and number.isascii() and number.isdigit() and len(number) < 10:
        yield col(Run.id) == int(number)
        return
    if called := _CALLED.fullmatch(words.strip()):
        yield func.lower(Run.prefix) == called[1].lower()
        yield col(Run.sequence) == int(called[2])
        return
    for word in asked_words(words):
        # One letter begins too many words to be looked for.
        is_whole = len(word) == 1 and word.isascii()
        fits = (FoundWord.word == word,) if is_whole else (FoundWord.word >= word, FoundWord.word < word + _LAST)
        yield _ID.in_(select(FoundWord.run_id).where(*fits))


def _next_first(wanted: Wanted) -> list[Any]:
    if wanted.goes_on is False:
        return [col(Run.created_at) if wanted.backwards else col(Run.created_at).desc()]
    return [col(Run.update_due_at).is_(None), col(Run.update_due_at)]


def _ordered(found: Any, wanted: Wanted) -> Any:
    match wanted.order:
        case "next":
            by: list[Any] = _next_first(wanted)
        case "started":
            by = [col(Run.created_at)]
        case "duration":
            now = literal(wanted.now, UtcTime())
            by = [SecondsBetween(col(Run.created_at), func.coalesce(col(Run.finished_at), now))]
        case "name":
            by = [func.lower(col(Run.name))]
        case "playbook":
            found = found.outerjoin(PlaybookRow, col(PlaybookRow.id) == Run.playbook_id)
            by = [col(PlaybookRow.title).is_(None), func.lower(col(PlaybookRow.title))]
        case "owner":
            found = found.outerjoin(KnownPerson, col(KnownPerson.id) == Run.owner_id)
            by = [col(KnownPerson.username).is_(None), col(KnownPerson.username)]
    # What is the same by that stands with the newest first, whichever way round.
    return found.order_by(*((one.desc() if wanted.backwards else one) for one in by), col(Run.id).desc())
