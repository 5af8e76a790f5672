"""A run and what belongs to it: checklists, tasks, participants and its timeline, each with its rules."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from sqlalchemy import false
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from store.tables.base import id_field, json_field, only_where, time_field, word_field
from store.tables.words import ChecklistKind, MomentKind, RunState, TaskState, WhyClosed

OPEN: frozenset[TaskState] = frozenset({"open", "in_progress"})
"""The states of a task that is still to be done."""


_STANDING = only_where("removed_at IS NULL")
_LISTED = (
    *("created_at", "state", "update_due_at", "team_id", "channel_id", "playbook_id", "owner_id", "creator_id"),
    *("audience", "finished_at", "name", "removed_at"),
)
"""All that a list says of runs, and who sees them by: so that no list has to read what else a row holds."""


def numbered(prefix: str, sequence: int) -> str:
    """Return the number of a run among those of its playbook, as INC-0042."""
    return f"{prefix}-{sequence:04}"


class Run(SQLModel, table=True):
    """One execution of a playbook; its `id` is the number that people see.

    `revision` grows with each transaction that changes anything of it: itself, its checklists, tasks, people, messages
    or jobs. `state` is `opening` until its channel stands, then `active`, then `finished`. `definition` is the
    playbook as it was at the start; a bare checklist has no playbook. `audience` is the key of what that says of who
    sees the run, noted by the session. `timezone` is the zone (IANA name, empty for UTC) of its times where many read
    them; it never changes. `own_channel` tells whether the channel was opened for this run. `attributes` are its
    variables by name. `update_every` is in seconds, 0 for never. A run that was made by mistake and deleted keeps its
    row (`removed_at`), but is nowhere to be found. One that was finished as started by mistake (`mistaken_at`) is
    found, and counts in no figure; nor does one that only tries a playbook (`is_trial`). `prefix` and `sequence` are
    its number among the runs of its playbook, as INC-0042; 0 where it has none. `texts` are templates of its playbook
    as they are written, by where they stand in it; what they said when it began stands in the `definition`.
    `imported_id` is the id that it had in Mattermost's own playbooks, empty for all others: it is history, and is never
    taken up again.
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("run_creator", "creator_id", "created_at"),
        Index("run_listed", *_LISTED, **_STANDING),
        Index("run_numbered", "sequence", "prefix", **only_where("sequence > 0")),
    )

    id: int = id_field()
    key: str = Field(unique=True)
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    team_id: str
    channel_id: str | None = Field(default=None, index=True)
    playbook_id: int | None = Field(default=None, foreign_key="playbook.id")
    playbook_version: int = 0
    attributes: dict[str, str] = json_field(default_factory=dict)
    own_channel: bool = True
    timezone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    definition: dict[str, Any] = json_field()
    audience: str = Field(default="", sa_column_kwargs={"server_default": ""})
    name: str
    summary: str = ""
    state: RunState = word_field(default="opening", index=True)
    owner_id: str
    creator_id: str
    origin_channel_id: str = ""
    origin_post_id: str = ""
    origin_text: str = ""
    created_at: datetime = time_field()
    finished_at: datetime | None = time_field(default=None, nullable=True)
    finished_by: str = ""
    closed_place: WhyClosed | Literal[""] = word_field(default="")
    update_every: int = 0
    update_due_at: datetime | None = time_field(default=None, nullable=True)
    updates: int = 0
    last_update_at: datetime | None = time_field(default=None, nullable=True)
    last_update_text: str = ""
    removed_at: datetime | None = time_field(default=None, nullable=True)
    mistaken_at: datetime | None = time_field(default=None, nullable=True)
    is_trial: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    prefix: str = Field(default="", sa_column_kwargs={"server_default": ""})
    sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    texts: dict[str, str] = json_field(default_factory=dict, sa_column_kwargs={"server_default": "{}"})
    imported_id: str = Field(default="", sa_column_kwargs={"server_default": ""})

    @property
    def called(self) -> str:
        """Return the number that people know it by: INC-0042 where its playbook has a prefix, or else 12."""
        return numbered(self.prefix, self.sequence) if self.sequence else str(self.id)

    @property
    def is_active(self) -> bool:
        return self.state != "finished"

    def is_update_late(self, now: datetime) -> bool:
        return self.is_active and self.update_due_at is not None and self.update_due_at <= now

    def record_update(self, text: str, now: datetime, next_in: int) -> None:
        """Take note of a status update; `next_in` is in seconds, 0 for no further one."""
        self.updates += 1
        self.last_update_at = now
        self.last_update_text = text
        self.update_every = next_in
        self.update_due_at = now + timedelta(seconds=next_in) if next_in else None

    def ask_again_at(self, now: datetime) -> datetime:
        """Return when to ask again for an update that stays away: sooner than the next one would be due."""
        return now + timedelta(seconds=min(max(self.update_every // 2, 300), 4 * 3600))

    def finish(self, by: str, now: datetime) -> None:
        """End the run; no further update is due."""
        self.state = "finished"
        self.finished_at = now
        self.finished_by = by
        self.update_due_at = None

    def restart(self, now: datetime) -> None:
        """Take a finished run up again; the next update is due after its usual time."""
        self.state = "active" if self.channel_id is not None else "opening"
        self.finished_at, self.finished_by, self.mistaken_at = None, "", None
        self.update_due_at = now + timedelta(seconds=self.update_every) if self.update_every else None


class Checklist(SQLModel, table=True):
    """A list of tasks; `position` counts from 1, as people read it. That of `follow_ups` outlives the run."""

    __tablename__ = "checklist"
    __table_args__ = (Index("checklist_follow_ups", "run_id", **only_where("kind = 'follow_ups'")),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    position: int
    title: str
    kind: ChecklistKind = word_field(default="", sa_column_kwargs={"server_default": ""})
    removed_at: datetime | None = time_field(default=None, nullable=True)


class Seen(NamedTuple):
    """What people see of a task at one moment, except whom it is for; the fields are named as in `Task`."""

    id: int
    title: str
    description: str
    state: TaskState
    changed_by: str
    changed_at: datetime | None
    due_at: datetime | None
    ran_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now and self.state in OPEN


_SEEN = itemgetter(*Seen._fields)
_AS_SEEN = partial(tuple.__new__, Seen)
_DUE_AT, _ASSIGNEES = itemgetter("due_at"), itemgetter("assignees")


class Task(SQLModel, table=True):
    """A task; `state` is open, in_progress, done or skipped, `position` counts from 1 within its checklist.

    `planned` is its number in the run's playbook, counted through all checklists from 1, and that of the task of which
    it is a copy; 0 where people added it. `assignees` are ids of people, or roles as `role:owner`. `command` is a slash
    command to be run from the task.
    `added_at` is when people added it, None where the run began with it, or of an older version.
    `words` in a message of the run's channel complete the task, said by one of `words_by` (ids; empty: by anybody);
    with `by_update` a status update does. A task that was removed keeps its row, so that the removal can be undone.
    One is `hidden` while its playbook's condition for it is not met; once people have `touched` it, it never is.
    """

    __tablename__ = "task"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    checklist_id: int = Field(foreign_key="checklist.id")
    position: int
    planned: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    title: str
    description: str = ""
    state: TaskState = word_field(default="open")
    assignees: list[str] = json_field(default_factory=list)
    due_at: datetime | None = time_field(default=None, nullable=True)
    command: str = ""
    ran_by: str = ""
    ran_at: datetime | None = time_field(default=None, nullable=True)
    words: list[str] = json_field(default_factory=list)
    words_by: list[str] = json_field(default_factory=list)
    by_update: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    changed_by: str = ""
    changed_at: datetime | None = time_field(default=None, nullable=True)
    added_at: datetime | None = time_field(default=None, nullable=True)
    removed_at: datetime | None = time_field(default=None, nullable=True)
    hidden: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    touched: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_settled(self) -> bool:
        return self.state not in OPEN

    def turn(self, state: TaskState, by: str, now: datetime) -> bool:
        """Put the task into `state`; False if it was so already."""
        if self.state == state:
            return False
        self.state = state
        self.changed_by = by
        self.changed_at = now
        return True

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at <= now

    def seen(self) -> Seen:
        """Return what people see of it now."""
        try:
            return Seen._make(_SEEN(vars(self)))
        except KeyError:
            return Seen._make(getattr(self, name) for name in Seen._fields)


# For the fifty tasks of a checklist the mapper's own way to a value takes ten times as long; it is there for tasks that
# have to be read anew.


def looks(tasks: Sequence[Task]) -> list[Seen]:
    """Return what people see of tasks now."""
    try:
        return list(map(_AS_SEEN, map(_SEEN, map(vars, tasks))))
    except KeyError:
        return [task.seen() for task in tasks]


def assigned(tasks: Sequence[Task]) -> list[list[str]]:
    """Return whom tasks are for."""
    try:
        return list(map(_ASSIGNEES, map(vars, tasks)))
    except KeyError:
        return [task.assignees for task in tasks]


def any_due(tasks: Sequence[Task]) -> bool:
    """Return whether any of the tasks has a time."""
    try:
        return any(map(_DUE_AT, map(vars, tasks)))
    except KeyError:
        return any(task.due_at for task in tasks)


class Participant(SQLModel, table=True):
    """Somebody who takes part in a run; a row stays when the person leaves, so that a welcome comes once."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id")
    person_id: str = Field(index=True)
    joined_at: datetime | None = time_field(default=None, nullable=True)
    left_at: datetime | None = time_field(default=None, nullable=True)
    welcomed_at: datetime | None = time_field(default=None, nullable=True)

    @property
    def is_in(self) -> bool:
        return self.joined_at is not None and self.left_at is None


class Moment(SQLModel, table=True):
    """An entry of a run's timeline: what (`kind`), who, and what it was about.

    People may have it shown with another time (`shown_at`) and in other words; what was recorded stays.
    """

    __tablename__ = "moment"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    at: datetime = time_field()
    kind: MomentKind = word_field()
    person_id: str = ""
    subject: str = ""
    post_id: str = ""
    details: dict[str, Any] = json_field(default_factory=dict)
    removed_at: datetime | None = time_field(default=None, nullable=True)
    shown_at: datetime | None = time_field(default=None, nullable=True)
    shown_words: str | None = Field(default=None, nullable=True)
    shown_by: str | None = Field(default=None, nullable=True)

    @property
    def seen_at(self) -> datetime:
        return self.shown_at or self.at

    @property
    def is_reworded(self) -> bool:
        return self.shown_at is not None or self.shown_words is not None
