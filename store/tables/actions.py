"""What a run's playbook has done by itself: one row for each action, with what became of it, and why."""

from datetime import datetime
from typing import Any, Literal

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from store.tables.base import id_field, json_field, only_where, time_field, word_field
from store.tables.words import ActionKind, ActionState, ActionWhy, Occasion


class ActionRow(SQLModel, table=True):
    """An action of a run's playbook; a run has each `key` once.

    `says` is the action as the playbook had it, empty for what follows from its other keys; `part` is the group or the
    webhook that this row of it is about. It waits for its `occasion` until that has come (`caused_at`, by
    `by_id`, of the task `task_id`), for its turn until it is begun (`begun_at`), and then for what becomes of it
    (`settled_at`). `why` says why it was skipped or failed, `about` whom or what that is about, `values` what its
    condition found. `times` counts how often it was done. `message_id` is what it posted last, `delivery_id` what
    an address was told last, `made_run_id` the run that it began. Who can mend it was told of a failure at `told_at`.
    """

    __tablename__ = "action_row"
    __table_args__ = (
        UniqueConstraint("run_id", "key"),
        Index("action_of_message", "message_id", **only_where("message_id IS NOT NULL")),
        Index("action_of_delivery", "delivery_id", **only_where("delivery_id IS NOT NULL")),
        Index("action_that_made", "made_run_id", **only_where("made_run_id IS NOT NULL")),
    )

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id")
    key: str
    kind: ActionKind = word_field()
    occasion: Occasion = word_field()
    says: dict[str, Any] = json_field(default_factory=dict)
    part: str = ""
    state: ActionState = word_field(default="waiting")
    caused_at: datetime | None = time_field(default=None, nullable=True)
    by_id: str = ""
    task_id: int | None = Field(default=None, foreign_key="task.id")
    begun_at: datetime | None = time_field(default=None, nullable=True)
    settled_at: datetime | None = time_field(default=None, nullable=True)
    times: int = 0
    why: ActionWhy | Literal[""] = word_field(default="")
    about: str = ""
    values: dict[str, Any] = json_field(default_factory=dict)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    delivery_id: int | None = Field(default=None, nullable=True)
    made_run_id: int | None = Field(default=None, foreign_key="run.id")
    told_at: datetime | None = time_field(default=None, nullable=True)

    @property
    def is_under_way(self) -> bool:
        """Return whether its occasion has come, and what becomes of it is not known yet."""
        return self.state == "waiting" and self.caused_at is not None

    @property
    def waits_its_turn(self) -> bool:
        """Return whether its occasion has come, and it is not begun yet."""
        return self.is_under_way and self.begun_at is None

    def cause(self, now: datetime, by_id: str, task_id: int | None) -> None:
        """Take note that its occasion has come; it is to be begun."""
        self.state, self.caused_at, self.by_id, self.task_id = "waiting", now, by_id, task_id
        self.begun_at = self.settled_at = None
        self.why, self.about, self.values = "", "", {}

    def settle(self, state: ActionState, now: datetime, why: ActionWhy | Literal[""] = "", about: str = "") -> None:
        """Take note of what became of it."""
        self.state, self.settled_at, self.why, self.about = state, now, why, about
        if state == "done":
            self.times += 1
            self.told_at = None
