"""Keywords and follow-ups: what is of a run that was deleted or started by mistake, or of another time, is left out."""

from datetime import datetime, timedelta
from typing import Any

from desk import START, Desk
from many_releases import a_desk

from handlers.context import Context
from handlers.figures.insights import Insights
from handlers.figures.many_runs import Question, Seen, asked_of
from handlers.operations.end_run import delete_run
from handlers.text.periods import Period, last_days
from store import Checklist, Prompt, PromptOffer, Run, Store, Task
from store.queries.visible import STANDING

ALL = Seen((STANDING,), None)


def asked(desk: Desk, period: Period | None = None, *, playbook: int | None = 1) -> Insights:
    with desk.database.transaction() as store:
        ctx = Context(desk.now, store, desk.here, asks=False)
        row = store.playbook(playbook) if playbook is not None else None
        return asked_of(ctx, Question(row, period or last_days(7, desk.now.date())), ALL)


def said(store: Store, run_id: int) -> None:
    about = {"thread_id": f"t{run_id}", "post_id": f"t{run_id}", "author_id": "alice", "text": "fire"}
    prompt = store.add(Prompt(place_id="town", team_id="t1", created_at=START, state="started", run_id=run_id, **about))
    offer: dict[str, Any] = {"thread_id": prompt.thread_id, "playbook_id": 1, "keywords": "fire"}
    store.add(PromptOffer(prompt_id=prompt.id, **offer))


def counted(desk: Desk, **more: Any) -> list[tuple[str, int, int, int]]:
    return [(one.word, one.n, one.started, one.declined) for one in asked(desk, **more).keywords]


def test_the_keyword_of_a_deleted_run_is_not_declined_and_of_a_mistaken_one_not_started() -> None:
    desk = a_desk(4)
    with desk.database.transaction() as store:
        for run_id in (1, 2, 3):
            said(store, run_id)
    assert counted(desk) == [("fire", 3, 3, 0)]
    with desk.database.transaction() as store:
        runs = {number: run for number in (1, 2) if (run := store.run(number)) is not None}
        runs[2].mistaken_at = desk.now
        ctx = Context(desk.now, store, desk.here)
        list(delete_run(ctx, runs[1], desk.here.bot))
    assert counted(desk) == [("fire", 1, 1, 0)]


def test_over_all_playbooks_a_keyword_names_its_playbook() -> None:
    desk = a_desk(2)
    with desk.database.transaction() as store:
        said(store, 1)
    assert counted(desk, playbook=None) == [("Release: fire", 1, 1, 0)]


def followed_up(store: Store, run: Run, added_at: datetime, **more: Any) -> None:
    checklist = store.add(Checklist(run_id=run.id, position=9, title="Follow-ups", kind="follow_ups"))
    about: dict[str, Any] = {"run_id": run.id, "checklist_id": checklist.id, "position": 1, "title": "Fix the probe"}
    store.add(Task(**about, added_at=added_at, **more))


def test_follow_ups_done_within_30_days_are_of_the_time_asked_about_and_open_ones_of_now() -> None:
    desk = a_desk(3)
    desk.now = START + timedelta(days=60)
    with desk.database.transaction() as store:
        runs = [run for number in (1, 2, 3) if (run := store.run(number)) is not None]
        done = {"state": "done", "changed_at": START + timedelta(days=55)}
        followed_up(store, runs[0], START)
        followed_up(store, runs[1], START + timedelta(days=50), **done)
        followed_up(store, runs[2], START + timedelta(days=50), **done)
        runs[2].mistaken_at = desk.now
    last_month, ever = last_days(30, desk.now.date()), Period(None, desk.now.date())
    assert (asked(desk, last_month).follow_ups.open, asked(desk, last_month).follow_ups.soon.n) == (1, 1)
    assert (asked(desk, ever).follow_ups.soon.count, asked(desk, ever).follow_ups.soon.n) == (1, 2)
