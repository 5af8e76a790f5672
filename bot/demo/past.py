"""The demo's past: incidents of the last ten weeks, so that its figures have something to tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.context import Context, Installation
from handlers.events import Person
from handlers.figures.keep import keep_figures
from store import Checklist, Milestone, Moment, Participant, Prompt, Run, Store, Task, new_key

BOOK = "incident-response"
PLACE = "incidents"
"""The channel in which the earlier incidents were dealt with."""
SKIPPED = "Watch it for half an hour without touching anything"
"""What everybody left out so far; the demo's figures say so."""
ADDED = "Pause the campaign mails"
"""What somebody had to add again and again."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that was wrong `days` ago; who owned it, and how many minutes after the message what was so."""

    name: str
    days: int
    owner: str
    acknowledged: int
    mitigated: int
    finished: int
    adds: bool = False


PAST = (
    Incident("Search answers nothing", 68, "bob", 9, 74, 131),
    Incident("Mails arrive an hour late", 61, "alice", 4, 52, 95, adds=True),
    Incident("Sign-in fails in one region", 57, "dave", 12, 96, 160),
    Incident("Invoices show the wrong tax", 49, "alice", 6, 61, 118, adds=True),
    Incident("The shop is slow", 44, "bob", 3, 47, 84),
    Incident("Pictures do not load", 38, "alice", 5, 39, 77, adds=True),
    Incident("Payments are declined", 33, "dave", 7, 58, 102),
    Incident("The import stands still", 26, "bob", 2, 33, 70, adds=True),
    Incident("Mails go out twice", 19, "alice", 3, 29, 66, adds=True),
    Incident("The app cannot sign in", 13, "bob", 4, 36, 71),
    Incident("Search is slow", 8, "dave", 2, 24, 58),
    Incident("Orders are shown twice", 3, "alice", 3, 27, 61),
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where all that was: the team, the channel, and who is who by name."""

    team_id: str
    place_id: str
    people: Mapping[str, str]


def remember(store: Store, here: Installation, where: Where, now: datetime) -> None:
    """Let the store know of the earlier incidents, as if the bot had been there."""
    ctx = Context(now, store, here)
    ctx.meet(*(Person(id=person_id, username=name) for name, person_id in where.people.items()))
    row = store.playbook_by_key(BOOK)
    assert row is not None
    definition = store.playbook_version(row).definition
    for one in PAST:
        at = (now - timedelta(days=one.days)).replace(minute=7 * one.days % 60, second=0, microsecond=0)
        run = store.add(_run(one, where, at, row.id, row.version, definition))
        store.add_all([*_around(one, run, where, at)])
        tasks = store.add_all([*_tasks(one, run, where, store, at, definition)])
        store.add_all(
            [
                _moment(run, task.changed_at or at, f"task_{task.state}", task.changed_by, task.title, task.id)
                for task in tasks
            ]
        )
        keep_figures(ctx, run)


def _run(one: Incident, where: Where, at: datetime, playbook_id: int, version: int, definition: dict[str, Any]) -> Run:
    owner = where.people[one.owner]
    return Run(
        key=new_key(),
        team_id=where.team_id,
        channel_id=where.place_id,
        own_channel=False,
        playbook_id=playbook_id,
        playbook_version=version,
        definition=definition,
        name=one.name,
        state="finished",
        owner_id=owner,
        creator_id=owner,
        created_at=at + timedelta(minutes=1),
        finished_at=at + timedelta(minutes=one.finished),
        finished_by=owner,
        origin_text=f"sev-1, {one.name.lower()}",
    )


def _around(one: Incident, run: Run, where: Where, at: datetime) -> Iterator[Any]:
    """Yield what else is known of an incident: who said it, who took part, and what was when."""
    owner = where.people[one.owner]
    yield Prompt(
        place_id=where.place_id,
        team_id=where.team_id,
        thread_id=run.key,
        post_id=run.key,
        author_id=where.people["carla"],
        text=run.origin_text,
        state="started",
        answered_by=owner,
        run_id=run.id,
        said_at=at,
        created_at=at,
    )
    yield from (Participant(run_id=run.id, person_id=each, joined_at=at) for each in where.people.values())
    yield _moment(run, run.created_at, "started", owner)
    yield _moment(run, at + timedelta(minutes=one.acknowledged), "note", owner, "I am on it")
    yield _moment(run, run.finished_at or at, "finished", owner)
    mitigated = at + timedelta(minutes=one.mitigated)
    yield Milestone(run_id=run.id, name="mitigated", at=mitigated, by=owner, noted_at=mitigated)


def _tasks(
    one: Incident, run: Run, where: Where, store: Store, at: datetime, definition: dict[str, Any]
) -> Iterator[Task]:
    step = one.finished / 20
    number = 0
    for position, planned in enumerate(definition["checklists"], 1):
        listed = store.add(Checklist(run_id=run.id, position=position, title=planned["title"]))
        titles = [task["title"] for task in planned["tasks"]]
        for place, title in enumerate([*titles, *([ADDED] if one.adds and position == 2 else [])], 1):
            is_planned = title != ADDED
            number += is_planned
            yield Task(
                run_id=run.id,
                checklist_id=listed.id,
                position=place,
                planned=number if is_planned else 0,
                title=title,
                state="skipped" if title == SKIPPED else "done",
                changed_by=where.people[one.owner],
                changed_at=at + timedelta(minutes=step * (number + 2)),
            )


def _moment(run: Run, at: datetime, kind: Any, who: str, subject: str = "", task_id: int = 0) -> Moment:
    details = {"task": task_id} if task_id else {}
    return Moment(run_id=run.id, at=at, kind=kind, person_id=who, subject=subject, details=details)
