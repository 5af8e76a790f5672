"""What is needed for a while only, and goes in small steps afterwards; `docs/architecture.md` has the rules in words.

Nothing of it is remembered from one transaction to the next, so nobody looks at a row that is gone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, extract, or_, text
from sqlmodel import SQLModel, and_, col, select

from store.outbox import Outgoing
from store.queries.store import Store
from store.tables.changes import CHANGES_KEPT, Change
from store.tables.directory import KnownPlace
from store.tables.jobs import Job
from store.tables.pages import PASS_FOR, SESSION_AT_MOST, UNUSED_FOR, PagePass, PageSession
from store.tables.posts import Heard, Message

MOST = 500
"""How many rows of a kind one step takes at most."""
DELIVERED_KEPT = timedelta(minutes=10)
HEARD_KEPT = timedelta(days=1)
"""Longer than any dialog lasts, and than a process can be stopped and still go on from where it was."""
UNPLACED_KEPT = timedelta(days=30)
WORKED_KEPT = timedelta(days=1)
SLACK = timedelta(minutes=15)
"""How far the clocks of this machine and of the server, whose time marks are in, may be apart."""

_HEARD_AT: Any = extract("epoch", col(Heard.at)) * 1000
_PASSED = _HEARD_AT + SLACK.total_seconds() * 1000 < col(KnownPlace.heard_until)
_OVER = text("done_at IS NOT NULL AND kind <> 'update'")


def _delivered(now: datetime) -> Any:
    return select(Outgoing.id).where(col(Outgoing.done_at) < now - DELIVERED_KEPT).order_by(col(Outgoing.done_at))


def _heard(now: datetime) -> Any:
    here = and_(KnownPlace.id == Heard.place_id, col(KnownPlace.is_member))
    unplaced = and_(col(Heard.place_id).is_(None), Heard.at < now - UNPLACED_KEPT)
    passed = and_(col(Heard.place_id).is_not(None), or_(col(KnownPlace.id).is_(None), _PASSED))
    return (
        select(Heard.key)
        .join(KnownPlace, here, isouter=True)
        .where(Heard.at < now - HEARD_KEPT, or_(unplaced, passed))
        .order_by(col(Heard.at))
    )


def _changed(now: datetime) -> Any:
    # No index finds rows by their time, so only the oldest ids are looked at.
    oldest: Any = select(col(Change.id).label("id"), col(Change.at).label("at")).order_by(col(Change.id)).limit(MOST)
    some = oldest.subquery()
    return select(some.c.id).where(some.c.at < now - CHANGES_KEPT)


def _worked(now: datetime) -> Any:
    """Return the question for jobs that are over; those of updates are what a message in a channel is about."""
    is_shown = exists().where(col(Message.job_id) == Job.id)
    over = select(Job.id).where(_OVER, col(Job.done_at) < now - WORKED_KEPT, ~is_shown)
    return over.order_by(col(Job.done_at))


def _left(now: datetime) -> Any:
    """Return the question for sessions that are over."""
    is_over = or_(col(PageSession.used_at) < now - UNUSED_FOR, col(PageSession.made_at) < now - SESSION_AT_MOST)
    return select(PageSession.key).where(is_over)


def _lapsed(now: datetime) -> Any:
    return select(PagePass.key).where(col(PagePass.made_at) < now - PASS_FOR)


KINDS: Mapping[str, tuple[type[SQLModel], Any, Callable[[datetime], Any]]] = {
    "delivered": (Outgoing, Outgoing.id, _delivered),
    "heard": (Heard, Heard.key, _heard),
    "changed": (Change, Change.id, _changed),
    "worked": (Job, Job.id, _worked),
    "left": (PageSession, PageSession.key, _left),
    "lapsed": (PagePass, PagePass.key, _lapsed),
}


def clear(store: Store, kind: str, now: datetime) -> int:
    """Drop rows of a kind that are needed no more, `MOST` at most; return how many there were.

    Of two processes that do so at once one finds them gone.
    """
    table, key, over = KINDS[kind]
    keys = store.session.db.execute(over(now).limit(MOST)).scalars().all()
    if keys:
        # Of none of these rows anything is remembered: what is over of a run's is forgotten with its transaction.
        store.session.change_many(delete(table).where(key.in_(sorted(keys))), run_ids=())
    return len(keys)
