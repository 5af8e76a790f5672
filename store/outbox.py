"""Effects that were decided and are to be delivered, in the order of their lane."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, case, delete, exists, func, insert, or_, true, update
from sqlmodel import Field, Index, SQLModel, col, select

from store.processes import Process
from store.session.noticing import ReadingSession
from store.session.several import given, is_any, room_for
from store.tables.base import id_field, json_field, time_field, word_field
from store.tables.posts import Message
from store.tables.words import Outcome


class Outgoing(SQLModel, table=True):
    """An effect on its way.

    It is taken by one courier at a time until `leased_until`, tried again from `next_at` on, and over at `done_at`. Of
    its `attempts`, `unsent` are known to have done nothing. `key` names it on the server (a post's pending id and
    props), `needs_message` is the message that must stand first.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "done_at", "lane", "id"),)

    id: int = id_field()
    key: str = Field(unique=True)
    lane: str
    replaces: str | None = Field(default=None, index=True)
    needs_message: int | None = None
    effect: dict[str, Any] = json_field()
    created_at: datetime = time_field()
    attempts: int = 0
    unsent: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_at: datetime = time_field()
    leased_until: datetime | None = time_field(default=None, nullable=True)
    leased_by: str = ""
    done_at: datetime | None = time_field(default=None, nullable=True)
    outcome: Outcome | Literal[""] = word_field(default="")


@dataclass
class Departing:
    """A new row of the outbox, by the same names; `effect` is whatever can be written as JSON.

    Several come with each decision, and a row of the mapper's takes ten times as long to make.
    """

    key: str
    lane: str
    replaces: str | None
    needs_message: int | None
    effect: Any
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    unsent: int = 0
    leased_until: datetime | None = None
    leased_by: str = ""
    done_at: datetime | None = None
    outcome: Outcome | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Way:
    """What waits, and what is gone, by their `replaces`; what somebody is delivering does not wait."""

    waiting: set[str]
    dropped: set[str]


_WAITS = col(Outgoing.done_at).is_(None)
# What each transaction asks and says is put together once: to do that anew costs more than to ask.
_PUT = insert(Outgoing)
_FREE_NOW = select(Outgoing.id, Outgoing.replaces).where(_WAITS, col(Outgoing.leased_until).is_(None))
_CLOSE = (
    update(Outgoing)
    .where(col(Outgoing.id) == bindparam("row_id"), _WAITS)
    .values(done_at=bindparam("at"), outcome=bindparam("came"), leased_until=None)
)


@cache
def _replaced_by(room: int) -> Any:
    return _FREE_NOW.where(is_any(Outgoing.replaces, "key", room))


@cache
def _drop(room: int) -> Any:
    return delete(Outgoing).where(is_any(Outgoing.id, "id", room), _WAITS, col(Outgoing.leased_until).is_(None))


def _heads() -> Any:
    """Return a query for the first waiting effect of each lane."""
    heads = select(func.min(Outgoing.id).label("id")).where(_WAITS).group_by(Outgoing.lane)
    # PostgreSQL, whose statistics lag behind a queue, would otherwise gather the heads anew for each row.
    return select(heads.cte("heads").prefix_with("MATERIALIZED", dialect="postgresql").c.id)


def _can_stand() -> ColumnElement[bool]:
    """Return the condition that the message an effect needs stands on the server, or never will."""
    stands = exists().where(
        col(Message.id) == Outgoing.needs_message,
        or_(col(Message.post_id).is_not(None), col(Message.gone_at).is_not(None)),
    )
    return or_(col(Outgoing.needs_message).is_(None), stands)


_NOW: Any = bindparam("now")
_LEASED_UNTIL, _AT = col(Outgoing.leased_until), col(Outgoing.next_at)
_FREE_AT: ColumnElement[datetime | None] = case((_LEASED_UNTIL > _AT, _LEASED_UNTIL), else_=_AT)
_NEXT_AT: Any = select(func.min(_FREE_AT)).where(col(Outgoing.id).in_(_heads()), _can_stand())
_IS_LEFT = select(exists().where(_WAITS, _LEASED_UNTIL.is_(None)))
_TAKE: Any = (
    select(Outgoing)
    .where(
        # The heads are read before the rows are locked, so another courier may have ended one meanwhile.
        _WAITS,
        col(Outgoing.id).in_(_heads()),
        _AT <= _NOW,
        or_(_LEASED_UNTIL.is_(None), _LEASED_UNTIL <= _NOW),
        _can_stand(),
    )
    .order_by(col(Outgoing.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_FREE = update(Outgoing).where(_WAITS, _LEASED_UNTIL.is_not(None)).values(leased_until=None)
_FREE_OF_THE_DEAD = _FREE.where(col(Outgoing.leased_by).not_in(select(Process.key)))

# Nobody looks at the rows of the outbox that a transaction has read once they are changed by a statement.
_UNSEEN = {"synchronize_session": False}


class Outbox:
    """What is on its way, in one transaction: putting in, taking to deliver, and what came of it."""

    def __init__(self, session: ReadingSession) -> None:
        self.session = session

    def put(self, *rows: Departing) -> None:
        """Add effects; within a lane in their order."""
        if rows:
            self.session.db.execute(_PUT, [vars(row) for row in rows])

    def make_way(self, outdated: Collection[str], same: Collection[str] = ()) -> Way:
        """Drop the effects that are outdated, by their `replaces`, and that nobody is delivering now.

        What waits is told of these, and of those that are the `same` as what is to come.
        """
        keys = {*outdated, *same}
        room = room_for(len(keys))
        waiting = self.session.db.execute(_replaced_by(room), given("key", keys, room)).all() if keys else ()
        dropped = {row.id: row.replaces for row in waiting if row.replaces in outdated}
        gone = set(dropped.values())
        if self._drop([*dropped]) < len(dropped):
            # Another courier was quicker.
            return Way(waiting=set(), dropped=gone)
        return Way(waiting={row.replaces for row in waiting if row.id not in dropped}, dropped=gone)

    def _drop(self, row_ids: Sequence[int]) -> int:
        room = room_for(len(row_ids))
        return self.session.db.execute(_drop(room), given("id", row_ids, room)).rowcount if row_ids else 0

    def take(self, worker: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Outgoing]:
        """Take what can be delivered now, the first of each lane, for as long as `lease`."""
        rows: Sequence[Outgoing] = self.session.exec(_TAKE, params={"now": now, "limit": limit}).all()
        for row in rows:
            row.leased_by = worker
            row.leased_until = now + lease
            row.attempts += 1
        self.session.flush()
        return rows

    def close(self, row_id: int, now: datetime, outcome: Outcome) -> bool:
        """Note that an effect is over; False if another courier has noted it before."""
        changed = self.session.db.execute(_CLOSE, {"row_id": row_id, "at": now, "came": outcome})
        return bool(changed.rowcount)

    def put_off(self, row_id: int, until: datetime, attempt: int | None = None, *, unsent: bool = False) -> None:
        """Try an effect again at a later time; nothing happens if `attempt` is no longer its newest one, or is over.

        `unsent` tells that this attempt has done nothing.
        """
        mine = true() if attempt is None else col(Outgoing.attempts) == attempt
        self.session.execute(
            update(Outgoing)
            # Whoever does not know whether an attempt was noted as over notes it again; it counts once.
            .where(col(Outgoing.id) == row_id, _WAITS, _LEASED_UNTIL.is_not(None), mine)
            .values(next_at=until, leased_until=None, unsent=Outgoing.unsent + int(unsent)),
            execution_options=_UNSEEN,
        )

    def free(self) -> bool:
        """Let everything be taken again that a courier, which is no more, had taken; return whether there was any."""
        return bool(self.session.db.execute(_FREE).rowcount)

    def free_of_the_dead(self) -> bool:
        """Let everything be taken again that a process had taken which lives no more; return whether there was any."""
        return bool(self.session.db.execute(_FREE_OF_THE_DEAD).rowcount)

    def bring_forward(self, now: datetime, leased_until: datetime) -> None:
        """Let what was put off be tried at once, and what is leased for longer than anything can be, be taken again.

        Both may have been reckoned by a clock that was set back since.
        """
        waits = col(Outgoing.done_at).is_(None)
        self.session.execute(update(Outgoing).where(waits, now < _AT).values(next_at=now))
        self.session.execute(update(Outgoing).where(waits, leased_until < _LEASED_UNTIL).values(leased_until=None))

    def next_at(self) -> datetime | None:
        """Return from when on the next effect can be taken, those that are being delivered included."""
        return self.session.db.execute(_NEXT_AT).scalar()

    def is_left(self) -> bool:
        """Return whether there is anything that nobody is delivering, whatever it waits for."""
        return bool(self.session.db.execute(_IS_LEFT).scalar())

    def waiting(self) -> tuple[int, datetime | None]:
        """Return how many effects are not delivered yet, and since when the oldest of them waits."""
        query = select(func.count(), func.min(Outgoing.created_at)).where(col(Outgoing.done_at).is_(None))
        count, oldest = self.session.exec(query).one()
        return count, oldest
