"""What runs are measured by: times and values that people set, each kept as it was said, and one row of each run."""

from datetime import datetime
from typing import Any

from sqlmodel import BigInteger, Field, Index, SQLModel

from store.tables.base import id_field, json_field, time_field, word_field
from store.tables.words import LeftOut, RunState


class Milestone(SQLModel, table=True):
    """When people say that a milestone of a run was; rows are only added, and the latest of a name counts.

    `at` is None where it was taken back. `reason` says why a time that was there already is another one. `name` is as
    in `handlers/playbooks/milestones.py`.
    """

    __tablename__ = "milestone"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    name: str
    at: datetime | None = time_field(default=None, nullable=True)
    by: str
    noted_at: datetime = time_field()
    reason: str = ""


class MetricValue(SQLModel, table=True):
    """What people say that a metric of a run is; rows are only added, and the latest of a `metric` (its key) counts.

    `amount` is a whole number as `handlers/text/amounts.py` keeps it, None where it was taken back.
    """

    __tablename__ = "metric_value"

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    metric: str
    amount: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    by: str
    noted_at: datetime = time_field()


class RunFigures(SQLModel, table=True):
    """All that figures over many runs need of one, made anew when something of it changes; times are in seconds.

    `revision` is the run's for which it was made. `left_out` says why a run counts in no figure. What has no value is
    None, never 0. `metrics` are the values by `kept_as` of each, `flags` what is odd, `tasks` and `load` as
    `handlers/figures/keep.py` writes them, `variables` those of the run by name.
    """

    __tablename__ = "run_figures"
    __table_args__ = (
        Index("run_figures_of_playbook", "playbook_id", "created_at"),
        Index("run_figures_at", "created_at"),
    )

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    revision: int
    playbook_id: int | None = Field(default=None, foreign_key="playbook.id")
    playbook_version: int = 0
    team_id: str
    channel_id: str | None = None
    created_at: datetime = time_field()
    state: RunState = word_field()
    finished_at: datetime | None = time_field(default=None, nullable=True)
    left_out: LeftOut = word_field(default="")
    acknowledge_s: int | None = None
    mitigate_s: int | None = None
    finish_s: int | None = None
    took_s: int | None = None
    open_s: int | None = None
    reopened: int = 0
    promises_made: int = 0
    promises_kept: int = 0
    tasks_total: int = 0
    tasks_late: int = 0
    tasks_skipped: int = 0
    tasks_added: int = 0
    metrics: dict[str, int] = json_field(default_factory=dict)
    flags: list[str] = json_field(default_factory=list)
    tasks: dict[str, Any] = json_field(default_factory=dict)
    load: dict[str, Any] = json_field(default_factory=dict)
    variables: dict[str, str] = json_field(default_factory=dict)
