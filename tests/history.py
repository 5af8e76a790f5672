"""A history of 500 runs, made from a seed: what was recorded of each, and its figures, worked out without the program.

A run is planned in minutes, so that each figure is a subtraction; the rows are those that the bot leaves behind.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.figures.keep import keep_some
from handlers.playbooks.playbook import Playbook
from store import (
    Checklist,
    Job,
    MetricValue,
    Milestone,
    Moment,
    Participant,
    PlaybookRow,
    PlaybookVersion,
    Prompt,
    Run,
    Store,
    Task,
)

SEED = 19
COUNT = 500
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SERVICES = ("checkout", "search", "mail")
PEOPLE = ("alice", "bob", "carla")

BOOK = Playbook.model_validate(
    {
        "title": "Outage",
        "key": "outage",
        "keywords": ["outage"],
        "timezone": "Europe/Berlin",
        "working": {"days": "mon-fri", "hours": "9:00-17:00"},
        "updates": {"every": "30m"},
        "retrospective": {
            "metrics": [
                {"title": "Time to mitigate", "from": "keyword", "to": "mitigated", "target": "30m"},
                {"title": "Fail over", "from": "started", "to": 'task "Fail over"', "target": "20m"},
                {"title": "Working hours of harm", "from": "keyword", "to": "mitigated", "clock": "working"},
                {"title": "Cost", "type": "currency", "currency": "EUR", "target": "1000"},
                {"title": "Users reached", "type": "percentage", "target": "90", "better": "higher"},
            ]
        },
        "checklists": [
            {"title": "Assess", "tasks": ["Look at the graphs", {"title": "Tell support", "due": "15m"}]},
            {"title": "Repair", "tasks": ["Fail over", "Write it down"]},
        ],
    }
)
KEPT_AS = {one.key: one.kept_as for one in BOOK.retrospective.metrics}
TITLES = ("Look at the graphs", "Tell support", "Fail over", "Write it down")


@dataclass(frozen=True)
class PastTask:
    """A task: done or skipped so many minutes after the start, begun before that where somebody said so."""

    title: str
    planned: int
    state: str
    at: int | None = None
    begun: int | None = None
    due: int | None = None
    by: str = "alice"


@dataclass(frozen=True)
class Past:
    """A run that was; all times are minutes after its `start`, the keyword's before it."""

    number: int
    start: datetime
    waited: int
    acknowledged: int | None
    owner: str
    mitigated: int | None
    spells: tuple[tuple[int, int | None], ...]
    promises: tuple[tuple[int, int], ...]
    """When each update was promised that came due, and when it was posted."""
    tasks: tuple[PastTask, ...]
    cost: int | None
    reached: int | None
    service: str
    left_out: str = ""

    @property
    def end(self) -> int | None:
        return self.spells[-1][1]

    def at(self, minutes: int) -> datetime:
        return self.start + timedelta(minutes=minutes)

    @property
    def state(self) -> str:
        return "finished" if self.end is not None else "active"

    def figures(self) -> dict[str, Any]:
        """Return what its row of figures has to say, worked out from the plan alone."""
        mitigated = self.mitigated is not None and self.mitigated >= -self.waited
        since = {
            "acknowledge_s": None if self.acknowledged is None else (self.waited + self.acknowledged) * 60,
            "mitigate_s": (self.waited + (self.mitigated or 0)) * 60 if mitigated else None,
            "finish_s": None if self.end is None else (self.waited + self.end) * 60,
            "took_s": None if self.end is None else self.end * 60,
        }
        open_s = sum((end - begin) * 60 for begin, end in self.spells if end is not None)
        over = [one for one in self.tasks if one.due is not None and one.state in ("done", "open")]
        until = self.end if self.end is not None else round((NOW - self.start).total_seconds() / 60)
        late = [one.title for one in over if (one.at if one.at is not None else until) > (one.due or 0)]
        metrics = {"cost": self.cost, "users-reached": self.reached, "time-to-mitigate": since["mitigate_s"]}
        metrics["fail-over"] = next((one.at * 60 for one in self.tasks if _failed_over(one)), None)
        if mitigated:
            metrics["working-hours-of-harm"] = self.working_minutes(self.mitigated or 0) * 60
        return since | {
            "open_s": None if self.end is None else open_s,
            "reopened": len(self.spells) - 1,
            "promises_made": len(self.promises),
            "promises_kept": sum(posted <= due for due, posted in self.promises),
            "tasks_total": len(self.tasks),
            "tasks_late": len(late),
            "tasks_skipped": sum(one.state == "skipped" for one in self.tasks),
            "tasks_added": sum(not one.planned for one in self.tasks),
            "metrics": {KEPT_AS[key]: amount for key, amount in metrics.items() if amount is not None},
            "state": self.state,
            "left_out": self.left_out,
        }

    def working_minutes(self, until: int) -> int:
        """Count the minutes of working time from the keyword on, each by itself."""
        return sum(_is_working(self.at(minute)) for minute in range(-self.waited, until))


def _failed_over(task: PastTask) -> bool:
    return task.title == "Fail over" and task.state == "done"


def _is_working(at: datetime) -> bool:
    local = at.astimezone(BERLIN)
    return local.weekday() < 5 and 9 <= local.hour < 17


def planned(seed: int = SEED, count: int = COUNT) -> list[Past]:
    """Return the history's runs, the oldest first."""
    chance = random.Random(seed)
    minutes = sorted(chance.sample(range(round((NOW - FIRST).total_seconds() / 60) - 600), count))
    return [_past(chance, number, FIRST + timedelta(minutes=minute)) for number, minute in enumerate(minutes, 1)]


def _past(chance: random.Random, number: int, start: datetime) -> Past:
    end = chance.randint(40, 400)
    kind = chance.choices(["plain", "reopened", "active", "removed", "mistaken"], [80, 8, 4, 4, 4])[0]
    spells: tuple[tuple[int, int | None], ...] = ((0, None if kind == "active" else end),)
    if kind == "reopened":
        again = end + chance.randint(10, 60)
        spells = ((0, end), (again, again + chance.randint(5, 90)))
    owner = chance.choice(PEOPLE)
    # Whoever starts a run and owns it has acknowledged it; another owner does so by the first thing that they do.
    acknowledged = 0 if owner == "alice" else chance.choice([None, chance.randint(1, 20)])
    waited = chance.choice([0, 1, 2, 5, 8])
    return Past(
        number=number,
        start=start,
        waited=waited,
        acknowledged=acknowledged,
        owner=owner,
        mitigated=chance.choice([None, -waited - 5, *[chance.randint(5, 39)] * 8]),
        spells=spells,
        promises=tuple(_promises(chance, 39)),
        tasks=tuple(_tasks(chance)),
        cost=chance.choice([None, chance.randint(0, 300_000)]),
        reached=chance.choice([None, chance.randint(5000, 10_000)]),
        service=chance.choice(SERVICES),
        left_out=kind if kind in ("removed", "mistaken") else "",
    )


def _promises(chance: random.Random, until: int) -> Iterator[tuple[int, int]]:
    due = 30
    while due <= until:
        posted = due + chance.choice([-9, -1, 0, 3, 8])
        yield due, posted
        due = posted + 30


def _tasks(chance: random.Random) -> Iterator[PastTask]:
    for at, title in enumerate(TITLES, 1):
        state = chance.choices(["done", "skipped", "open"], [7, 2, 1])[0]
        done = chance.randint(4, 39)
        begun = chance.choice([None, done - chance.randint(1, 3)]) if state == "done" else None
        due = 15 if title == "Tell support" else None
        yield PastTask(title, at, state, done if state != "open" else None, begun, due)
    if chance.random() < 0.3:
        yield PastTask("Call the vendor", 0, "done", chance.randint(4, 39))


def write_history(store: Store, runs: Sequence[Past], playbook_id: int, team_id: str = "t1") -> None:
    """Let the rows be there that the runs leave behind; the first of them gets the next free number."""
    definition = BOOK.definition()
    kept = store.add_all([_run(past, definition, playbook_id, team_id) for past in runs])
    pairs = list(zip(kept, runs, strict=True))
    store.add_all([_prompt(run, past) for run, past in pairs])
    lists = store.add_all(
        [Checklist(run_id=run.id, position=at, title=f"List {at}") for run, _ in pairs for at in (1, 2)]
    )
    tasks = store.add_all(
        [
            _task(run, past, number, one, lists[2 * at : 2 * at + 2])
            for at, (run, past) in enumerate(pairs)
            for number, one in enumerate(past.tasks, 1)
        ]
    )
    of_run: dict[int, list[Task]] = {}
    for task in tasks:
        of_run.setdefault(task.run_id, []).append(task)
    for kind in (_people, _jobs, _said):
        store.add_all([row for run, past in pairs for row in kind(run, past)])
    store.add_all([row for run, past in pairs for row in _moments(run, past, of_run[run.id])])
    store.add_all([row for run, past in pairs for row in _values(run, past)])


def _run(past: Past, definition: dict[str, Any], playbook_id: int, team_id: str) -> Run:
    end = past.at(past.end) if past.end is not None else None
    return Run(
        key=f"past{past.number}",
        team_id=team_id,
        channel_id=f"past{past.number}",
        playbook_id=playbook_id,
        playbook_version=1,
        attributes={"service": past.service},
        definition=definition,
        name=f"Outage {past.number}",
        state="finished" if end is not None else "active",
        owner_id=past.owner,
        creator_id="alice",
        created_at=past.start,
        finished_at=end,
        finished_by="alice" if end is not None else "",
        removed_at=end if past.left_out == "removed" else None,
        mistaken_at=end if past.left_out == "mistaken" else None,
    )


def _prompt(run: Run, past: Past) -> Prompt:
    # The bot may have heard it later: what counts is when it was said.
    said_at = past.at(-past.waited)
    about = {"thread_id": run.key, "post_id": run.key, "author_id": "carla", "text": "outage", "team_id": run.team_id}
    return Prompt(place_id="town", created_at=past.start, said_at=said_at, state="started", run_id=run.id, **about)


def _people(run: Run, past: Past) -> Iterator[Participant]:
    for one in sorted({"alice", past.owner}):
        yield Participant(run_id=run.id, person_id=one, joined_at=past.start)


def _moments(run: Run, past: Past, tasks: Sequence[Task]) -> Iterator[Moment]:
    found = [*_lives(past), *(moment for row, one in zip(tasks, past.tasks, strict=True) for moment in _of(row, one))]
    if past.acknowledged and past.owner != "alice":
        found.append((past.acknowledged, "note", past.owner, "I have it", {}))
    found += [(posted, "update", "alice", "All is well", {}) for _, posted in past.promises]
    for at, kind, who, subject, details in sorted(found, key=lambda one: one[0]):
        yield Moment(run_id=run.id, at=past.at(at), kind=kind, person_id=who, subject=subject, details=details)


def _said(run: Run, past: Past) -> Iterator[Milestone]:
    if past.mitigated is not None:
        at = past.at(past.mitigated)
        yield Milestone(run_id=run.id, name="mitigated", at=at, by="alice", noted_at=past.at(39))


def _values(run: Run, past: Past) -> Iterator[MetricValue]:
    for key, amount in {"cost": past.cost, "users-reached": past.reached}.items():
        if amount is not None:
            yield MetricValue(run_id=run.id, metric=key, amount=amount, by="alice", noted_at=past.at(39))


def _task(run: Run, past: Past, at: int, one: PastTask, lists: Sequence[Checklist]) -> Task:
    changed_at = past.at(one.at) if one.at is not None else None
    return Task(
        run_id=run.id,
        checklist_id=lists[0 if at <= 2 else 1].id,
        position=at,
        planned=one.planned,
        title=one.title,
        state=one.state,
        due_at=past.at(one.due) if one.due is not None else None,
        changed_by=one.by if changed_at else "",
        changed_at=changed_at,
    )


def _lives(past: Past) -> Iterator[tuple[int, str, str, str, dict[str, Any]]]:
    yield 0, "started", "alice", "", {}
    for at, (begin, end) in enumerate(past.spells):
        if at:
            yield begin, "restarted", "alice", "", {}
        if end is not None:
            yield end, "finished", "alice", "", {}


def _of(row: Task, one: PastTask) -> Iterator[tuple[int, str, str, str, dict[str, Any]]]:
    if one.begun is not None:
        yield one.begun, "task_in_progress", one.by, one.title, {"task": row.id}
    if one.at is not None:
        yield one.at, f"task_{one.state}", one.by, one.title, {"task": row.id}


def _jobs(run: Run, past: Past) -> Iterator[Job]:
    """Yield the jobs that asked for updates: each promise, and each question that was asked again."""

    def job(due: int, done: int | None, again: int = 0) -> Job:
        done_at = past.at(done) if done is not None else None
        about = {"subject": f"run:{run.id}", "run_id": run.id, "payload": {"round": again}}
        return Job(kind="update", due_at=past.at(due), done_at=done_at, **about)

    last = 0
    for due, posted in past.promises:
        yield job(due, min(due, posted))
        if posted > due:
            yield job(due + 15, posted, 1)
        last = posted
    # The last promise did not come due: the run ended before that, or is still in progress.
    if past.end is not None and len(past.spells) == 1:
        yield job(max(last + 30, past.end + 1), past.end)


def a_history(database: Any, runs: Sequence[Past] | None = None, *, with_book: bool = True) -> list[Past]:
    """Write a history into a database without runs, with its playbook unless that is there; return its runs."""
    found = [*(planned() if runs is None else runs)]
    with database.transaction() as store:
        if not with_book:
            write_history(store, found, store.playbook_by_key(BOOK.key).id)
            return found
        row = store.add(PlaybookRow(key=BOOK.key, title=BOOK.title, keywords=list(BOOK.keywords), source="test"))
        version = {"version": 1, "definition": BOOK.definition(), "digest": BOOK.key, "created_at": FIRST}
        store.add(PlaybookVersion(playbook_id=row.id, **version))
        write_history(store, found, row.id)
    return found


def keep_history(database: Any, here: Any, now: datetime = NOW) -> None:
    """Let the figures of all runs be kept that have none yet, as the bot does by and by."""
    with database.transaction() as store:
        keep_some(Context(now, store, here), [*store.runs_without_figures(None, 10_000)])
