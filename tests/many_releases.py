"""A desk on which some runs of a release are over, in which people did what the playbook says, or something else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk import START, Desk

from handlers.context import Context
from handlers.figures.keep import keep_figures
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Playbook
from store import Checklist, Job, KnownPlace, Moment, Run, Task

TEXT = """\
title: Release
key: release
keywords: [ship it, fire]
admins: ["@bob"]
updates:
  every: 30m
checklists:
  - title: Before
    tasks:
      - Freeze   # nobody does
      - title: Test
        due: 15m
      - Announce
"""
BOOK = read_playbook(TEXT, "release.yaml")
Made = Callable[[int], list[Task]]


def task(title: str, planned: int, at: int | None = None, **more: Any) -> Task:
    usual = {"state": "done", "changed_by": "alice"} if at is not None else {}
    changed_at = START + timedelta(minutes=at) if at is not None else None
    return Task(
        run_id=0, checklist_id=0, position=max(planned, 1), planned=planned, title=title, changed_at=changed_at,
        **usual | more,
    )  # fmt: skip


def usual(number: int) -> list[Task]:
    return [task("Freeze", 1, 5), task("Test", 2, 10, due_at=START + timedelta(minutes=15)), task("Announce", 3, 20)]


def a_desk(
    runs: int = 6, tasks: Made = usual, updates: tuple[int, ...] = (), text: str = TEXT, book: Playbook = BOOK
) -> Desk:
    """Return a desk on which some runs of the release are over; `updates` are posted so many minutes later."""
    desk = Desk(book)
    with desk.database.transaction() as store:
        row = store.playbook(1)
        row.source = "file:books/release.yaml"
        store.keep_text(row, text)
        ctx = Context(START + timedelta(hours=9), store, desk.here)
        for number in range(runs):
            store.learn(KnownPlace(id=f"c{number}", team_id="t1", name=f"c{number}", is_member=True, seen_at=START))
            run = store.add(_run(number, book))
            checklist = store.add(Checklist(run_id=run.id, position=1, title="Before"))
            for one_task in tasks(number):
                one_task.run_id, one_task.checklist_id = run.id, checklist.id
                store.add(one_task)
            for minute in updates:
                at = START + timedelta(minutes=minute)
                store.add(Moment(run_id=run.id, at=at, kind="update", person_id="alice"))
                due = {"due_at": at - timedelta(minutes=5), "done_at": at, "payload": {"round": 0}}
                store.add(Job(kind="update", subject=f"run:{run.id}", run_id=run.id, **due))
            keep_figures(ctx, run)
    desk.now = START + timedelta(hours=9)
    return desk


def _run(number: int, book: Playbook) -> Run:
    return Run(
        key=f"r{number}", team_id="t1", channel_id=f"c{number}", playbook_id=1, playbook_version=1,
        definition=book.definition(), name=f"Release {number}", state="finished", owner_id="alice",
        creator_id="alice", created_at=START, finished_at=START + timedelta(hours=5), finished_by="alice",
    )  # fmt: skip


def skipping(number: int) -> list[Task]:
    return [task("Freeze", 1, 5, state="skipped"), *usual(number)[1:]]


def late(number: int) -> list[Task]:
    return [usual(number)[0], task("Test", 2, 40 + number, due_at=START + timedelta(minutes=15)), usual(number)[2]]


def adding(number: int) -> list[Task]:
    added = [task(f"Call the vendor #{number}!", 0, 9)] if number % 2 else []
    return [*usual(number), *added]
