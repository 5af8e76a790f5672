"""Fills a database by the thousand: people, runs with their checklists and messages, and jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from bench import frames
from handlers.context import Context, Installation
from handlers.events import Person
from handlers.messages.current import current
from handlers.playbooks.playbook import Playbook
from handlers.routes import MENUS
from handlers.views.keep import remember
from store import (
    Checklist,
    Database,
    Job,
    KnownPerson,
    KnownPlace,
    KnownTeam,
    Message,
    Moment,
    Participant,
    PlaybookRow,
    PlaybookVersion,
    Run,
    Store,
    Task,
)

CHUNK = 2_000
KEY = "bench"


@dataclass(frozen=True, slots=True)
class History:
    """What a database is to hold: so many runs, of which the last are active, each with so many tasks and people."""

    finished: int = 0
    active: int = 100
    tasks: int = 5
    finished_tasks: int = 3
    participants: int = 1
    people: int = frames.PEOPLE


def book(tasks: int) -> Playbook:
    """Return a playbook with one checklist."""
    titles = [f"Look at part {n} of the system" for n in range(1, tasks + 1)]
    lists = [{"title": "To do", "tasks": titles}]
    return Playbook.model_validate({"title": "Bench", "key": KEY, "updates": {"every": "30m"}, "checklists": lists})


def make(url: str, history: History) -> None:
    """Make the schema and fill it."""
    database = Database(url)
    database.migrate()
    with database.transaction() as store:
        _people(store, history)
        count = history.finished + history.active
        for start in range(1, count + 1, CHUNK):
            _runs(store, history, range(start, min(start + CHUNK, count + 1)))
        if not database.is_sqlite:
            _renumber(store)
    for start in range(history.finished + 1, count + 1, CHUNK):
        with database.transaction() as store:
            _draw(store, range(start, min(start + CHUNK, count + 1)))
    if not database.is_sqlite:
        # What the server's own housekeeping would have found out by and by.
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    database.close()


def plan(url: str, count: int, first: datetime) -> None:
    """Add jobs of the first run that are due one after the other from a time on."""
    database = Database(url)
    with database.transaction() as store:
        for start in range(0, count, CHUNK * 5):
            numbers = range(start, min(start + CHUNK * 5, count))
            _add(
                store,
                Job,
                (_job(1, first + timedelta(seconds=n)) for n in numbers),
            )
    database.close()


def _people(store: Store, history: History) -> None:
    now = datetime.now(UTC)
    everybody = [(frames.person(n), f"person{n}") for n in range(history.people)]
    _add(store, KnownPerson, ({"id": one, "username": name, "seen_at": now} for one, name in everybody))
    store.learn(KnownTeam(id=frames.TEAM, name="ops", title="Operations", seen_at=now))
    row = store.add(PlaybookRow(key=KEY, title="Bench", source="bench"))
    definition = book(history.tasks).definition()
    store.add(PlaybookVersion(playbook_id=row.id, version=1, definition=definition, digest="", created_at=now))


def _runs(store: Store, history: History, numbers: range) -> None:
    now = datetime.now(UTC)
    runs = [_Run(n, history, now) for n in numbers]
    _add(store, KnownPlace, (one.place for one in runs))
    _add(store, Run, (one.row for one in runs))
    _add(store, Checklist, ({"id": one.id, "run_id": one.id, "position": 1, "title": "To do"} for one in runs))
    _add(store, Task, (row for one in runs for row in one.tasks))
    _add(store, Message, (row for one in runs for row in one.messages))
    _add(store, Participant, (row for one in runs for row in one.participants))
    _add(store, Moment, (row for one in runs for row in one.moments))
    _add(store, Job, (one.job for one in runs))


def _draw(store: Store, run_ids: Iterable[int]) -> None:
    """Let the messages of runs be such as show how these stand; a bot that starts draws all others anew."""
    here = Installation(bot=Person(id=frames.ME, username="muster"), site_url="http://127.0.0.1", menus=MENUS)
    ctx = Context(datetime.now(UTC), store, here)
    for run_id in run_ids:
        for message in store.messages_of(run_id):
            if (content := current(ctx, message)) is not None:
                remember(message, content)


class _Run:
    """The rows of one run; tasks of active runs are numbered without gaps from `first_task` on."""

    def __init__(self, number: int, history: History, now: datetime) -> None:
        self.id = number
        self.is_active = number > history.finished
        self._people = [frames.person((number + n) % history.people) for n in range(history.participants)]
        self.owner = self._people[0]
        self.count = history.tasks if self.is_active else history.finished_tasks
        self._definition = book(self.count).definition() if self.is_active else _FINISHED
        self._begun = now - timedelta(days=0 if self.is_active else 30)
        self._first = first_task(history, number)
        self._now = now

    @property
    def place(self) -> dict[str, Any]:
        said = {"team_id": frames.TEAM, "kind": "O", "name": f"bench-{self.id}", "seen_at": self._begun}
        return {"id": frames.channel(self.id), **said}

    @property
    def row(self) -> dict[str, Any]:
        over = None if self.is_active else self._begun + timedelta(hours=2)
        return {
            "id": self.id,
            "key": f"bench{self.id}",
            "team_id": frames.TEAM,
            "channel_id": frames.channel(self.id),
            "playbook_id": 1,
            "playbook_version": 1,
            "definition": self._definition,
            "name": f"Bench {self.id}",
            "state": "active" if self.is_active else "finished",
            "owner_id": self.owner,
            "creator_id": self.owner,
            "created_at": self._begun,
            "finished_at": over,
            "update_every": 1800,
            "update_due_at": self._now + timedelta(days=2) if self.is_active else None,
        }

    @property
    def tasks(self) -> list[dict[str, Any]]:
        shared = {"run_id": self.id, "checklist_id": self.id, "state": "open" if self.is_active else "done"}
        return [
            shared | {"id": self._first + n, "position": n + 1, "title": f"Look at part {n + 1} of the system"}
            for n in range(self.count)
        ]

    @property
    def messages(self) -> list[dict[str, Any]]:
        shared = {"run_id": self.id, "place_id": frames.channel(self.id), "checklist_id": None}
        return [
            shared | {"id": 2 * self.id, "kind": "card", "post_id": f"card{self.id:022d}"},
            shared | {"id": 2 * self.id + 1, "kind": "checklist", "checklist_id": self.id, "post_id": post_of(self.id)},
        ]

    @property
    def participants(self) -> list[dict[str, Any]]:
        return [{"run_id": self.id, "person_id": one, "joined_at": self._now} for one in self._people]

    @property
    def moments(self) -> list[dict[str, Any]]:
        kinds = ("started", "task_done", "task_done", "finished")
        return [{"run_id": self.id, "at": self._begun, "kind": kind, "person_id": self.owner} for kind in kinds]

    @property
    def job(self) -> dict[str, Any]:
        return _job(self.id, self._now + timedelta(days=2)) | {"done_at": None if self.is_active else self._begun}


def _job(run_id: int, due_at: datetime) -> dict[str, Any]:
    return {"kind": "update", "subject": f"run:{run_id}", "payload": {}, "due_at": due_at, "run_id": run_id}


_FINISHED = book(3).definition()


def first_task(history: History, run_id: int) -> int:
    """Return the id of a run's first task."""
    before = min(run_id - 1, history.finished)
    return 1 + before * history.finished_tasks + (run_id - 1 - before) * history.tasks


def post_of(run_id: int) -> str:
    """Return the id of the post with a run's checklist."""
    return f"list{run_id:022d}"


def _add(store: Store, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        store.session.change_many(insert(table), run_ids=(), rows=found)


def _renumber(store: Store) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    for table in (Run, Checklist, Task, Message):
        name = table.__tablename__
        store.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
        )
