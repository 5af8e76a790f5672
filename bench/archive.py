"""A store that has gone on for years: many runs of several playbooks, teams and people, most of them finished."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from handlers.playbooks.playbook import Playbook
from store import (
    Audience,
    Checklist,
    Database,
    FoundWord,
    KnownPerson,
    KnownPlace,
    KnownTeam,
    Moment,
    Participant,
    PlaybookRow,
    PlaybookVersion,
    Run,
    Store,
    Task,
    TeamMember,
)
from store.tables.base import values_of
from store.tables.found_words import words_of

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TEAMS, PLAYBOOKS, TASKS, CHUNK = 3, 12, 6, 2000
WHAT = "checkout login search billing mail cache queue proxy disk gateway report import export session token".split()
WRONG = "is down|is slow|fails for some|answers 500|loses messages|leaks memory|restarts again|is full".split("|")
SAID = (
    "We see errors since the last deployment and roll it back. Customers cannot pay.",
    "The queue grows, two workers hang. We restart them one after the other.",
    "It looks better: the error rate fell below one percent, we keep watching the graphs.",
    "All clear. The cause was a certificate that ran out; a reminder is set.",
)


@dataclass(frozen=True, slots=True)
class Archive:
    """How much there is; `active` runs of all `runs` are in progress, those with an odd number are private."""

    runs: int
    active: int = 300
    people: int = 400
    seed: int = 7


def person_id(number: int) -> str:
    return f"person{number:020d}"


def team_id(number: int) -> str:
    return f"team{number:022d}"


def make(url: str, archive: Archive) -> None:
    """Fill an empty database."""
    database = Database(url)
    database.migrate()
    with database.transaction() as store:
        _begin(store, archive)
    books = [_book(number) for number in range(PLAYBOOKS)]
    for start in range(1, archive.runs + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, archive.runs + 1))
        with database.transaction() as store:
            _add(store, [_Old(number, archive, books) for number in numbers])
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    database.close()


def _begin(store: Store, archive: Archive) -> None:
    people = [
        {"id": person_id(number), "username": f"person{number}", "timezone": "Europe/Berlin", "seen_at": NOW}
        for number in range(archive.people)
    ]
    _insert(store, KnownPerson, people)
    for number in range(TEAMS):
        store.learn(KnownTeam(id=team_id(number), name=f"team{number}", title=f"Team {number}", seen_at=NOW))
        member = {"team_id": team_id(number), "is_member": True, "seen_at": NOW}
        ids = (person_id(one) for one in range(archive.people) if one % TEAMS != number or number == 0)
        _insert(
            store,
            TeamMember,
            ({"id": TeamMember.key_of(team_id(number), one), "person_id": one} | member for one in ids),
        )
    for number in range(PLAYBOOKS):
        book = _book(number)
        row = store.add(PlaybookRow(key=book.key, title=book.title, source="bench"))
        definition = book.definition()
        version = {"playbook_id": row.id, "version": 1, "definition": definition, "digest": "", "created_at": NOW}
        store.add(PlaybookVersion(**version))
    _insert(
        store, Audience, [values_of(one) for one in {_audience(n).key: _audience(n) for n in range(PLAYBOOKS)}.values()]
    )


def _book(number: int) -> Playbook:
    tasks = [
        {"title": f"Look at part {at} of the system", "description": "What the graphs say. " * 8} for at in range(20)
    ]
    said = {
        "title": f"Playbook {number}",
        "key": f"playbook-{number}",
        "checklists": [{"title": "To do", "tasks": tasks}],
    }
    named = {"members": [f"@person{one}" for one in range(40)]} if number == PLAYBOOKS - 1 else {}
    return Playbook.model_validate(said | named | {"admins": [f"@person{number}"], "updates": {"every": "30m"}})


def _audience(number: int) -> Audience:
    return Audience.of(_book(number).definition())


class _Old:
    """The rows of one run."""

    def __init__(self, number: int, archive: Archive, books: list[Playbook]) -> None:
        chance = random.Random(archive.seed * 1_000_003 + number)
        self.id, self._chance, self._book_at = number, chance, chance.randrange(PLAYBOOKS)
        self._definition = books[self._book_at].definition()
        self.is_active = number > archive.runs - archive.active
        self.begun = NOW - timedelta(minutes=20 * (archive.runs - number) + 5)
        self._people = [person_id(chance.randrange(archive.people)) for _ in range(4)]
        self.name = f"{chance.choice(WHAT).title()} {chance.choice(WRONG)}"
        self.summary = f"{chance.choice(SAID)} Ticket OPS-{number}."
        self.updates = [chance.choice(SAID) for _ in range(2)]

    @property
    def channel_id(self) -> str:
        return f"channel{self.id:019d}"

    def place(self) -> dict[str, Any]:
        kind = "P" if self.id % 2 else "O"
        said = {"team_id": team_id(self.id % TEAMS), "kind": kind, "name": f"run-{self.id}", "seen_at": NOW}
        return {"id": self.channel_id, **said}

    def row(self) -> dict[str, Any]:
        due = self.begun + timedelta(minutes=self._chance.randrange(600)) if self.is_active and self.id % 3 else None
        return {
            "id": self.id,
            "key": f"k{self.id}",
            "team_id": team_id(self.id % TEAMS),
            "channel_id": self.channel_id,
            "playbook_id": self._book_at + 1,
            "playbook_version": 1,
            "definition": self._definition,
            "audience": _KEYS[self._book_at],
            "name": self.name,
            "summary": self.summary,
            "state": "active" if self.is_active else "finished",
            "owner_id": self._people[0],
            "creator_id": self._people[1],
            "created_at": self.begun,
            "finished_at": None if self.is_active else self.begun + timedelta(minutes=self._chance.randrange(10, 900)),
            "update_due_at": due,
            "update_every": 1800,
        }

    def tasks(self) -> Iterator[dict[str, Any]]:
        shared = {"run_id": self.id, "checklist_id": self.id, "assignees": [self._people[2]]}
        for at in range(1, TASKS + 1):
            state = "open" if self.is_active and at > 2 else "done"
            when = {"changed_at": self.begun + timedelta(minutes=5), "changed_by": self._people[0]}
            changed = when if state == "done" else {"changed_at": None, "changed_by": ""}
            yield shared | {"position": at, "title": f"Look at part {at} of the system", "state": state} | changed

    def moments(self) -> Iterator[dict[str, Any]]:
        for at, text in enumerate(self.updates, 1):
            when = self.begun + timedelta(minutes=30 * at)
            yield {"run_id": self.id, "at": when, "kind": "update", "person_id": self._people[0], "subject": text}


_KEYS = [_audience(number).key for number in range(PLAYBOOKS)]


def _add(store: Store, runs: list[_Old]) -> None:
    _insert(store, KnownPlace, (one.place() for one in runs))
    _insert(store, Run, (one.row() for one in runs))
    _insert(store, Checklist, ({"id": one.id, "run_id": one.id, "position": 1, "title": "To do"} for one in runs))
    _insert(store, Task, (row for one in runs for row in one.tasks()))
    _insert(store, Moment, (row for one in runs for row in one.moments()))
    parts = ({"run_id": one.id, "person_id": who, "joined_at": one.begun} for one in runs for who in set(one._people))
    _insert(store, Participant, parts)
    found = ((one.id, word) for one in runs for word in words_of(one.name, one.summary, *one.updates))
    _insert(store, FoundWord, ({"run_id": run_id, "word": word} for run_id, word in found))


def _insert(store: Store, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        store.session.change_many(insert(table), run_ids=(), rows=found)
