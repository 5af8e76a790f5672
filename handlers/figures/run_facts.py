"""What is known of one run as figures: its milestones, metrics, tasks, promises and people, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.playbooks.metrics import Metric
from store import LeftOut, RunState, TaskState

Source = Literal["", "run", "task", "person"]
"""Where a milestone's time comes from: nowhere, from what happened, from a task that sets it, from a person."""
WhyNone = Literal["", "missing", "negative", "unsaid"]
"""Why a metric has no value: a milestone is missing, the second one is before the first, nobody has said it yet."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a milestone: when it was (None: taken back), who said so and when, and why."""

    at: datetime | None
    by: str
    noted_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone, named as in `handlers/playbooks/milestones.py`; `at` is None where there is none.

    `by` is whose act it was. `recorded_at` is when it was by what the bot recorded, also where people say otherwise.
    `said` is all that people said of it, the latest last.
    """

    name: str
    at: datetime | None = None
    source: Source = ""
    by: str = ""
    recorded_at: datetime | None = None
    said: tuple[Said, ...] = ()

    @property
    def is_corrected(self) -> bool:
        """Whether its time is another one than was recorded, or said at first."""
        first = self.recorded_at or next((one.at for one in self.said if one.at is not None), None)
        return self.source == "person" and first is not None and first != self.at


@dataclass(frozen=True, slots=True)
class Valued:
    """A metric's value, a whole number as `handlers/text/amounts.py` keeps it, or why it has none.

    `missing` are the milestones that it lacks.
    """

    metric: Metric
    amount: int | None = None
    why_none: WhyNone = ""
    missing: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a value or a target."""
        target = self.metric.target
        if self.amount is None or target is None:
            return None
        return self.amount >= target if self.metric.better == "higher" else self.amount <= target


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What became of a task; `took_s` is from when somebody began it until it was done, where they said so.

    `is_added` tells that people added it by hand. A skipped task is never late.
    """

    task_id: int
    title: str
    list_title: str
    planned: int
    state: TaskState
    due_at: datetime | None
    done_at: datetime | None
    done_by: str
    is_late: bool
    is_added: bool
    took_s: int | None


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which a run was in progress; `end` is None while it is."""

    begin: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Promises:
    """How many times of updates were promised and came due, and how many of these were kept."""

    made: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """What one person did: how many tasks, and in which hours (since 1970, UTC) outside the working time something.

    `outside` is None where the playbook names no working time.
    """

    tasks: int = 0
    outside: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run; lengths of time are in whole seconds, and None where there is none.

    `milestones` has all names, and those of tasks that the playbook's metrics speak of. `out_of_order` are pairs of
    milestones of which the first is later. `odd` are the times that would be negative.
    """

    run_id: int
    state: RunState
    left_out: LeftOut
    milestones: Mapping[str, Reached]
    metrics: tuple[Valued, ...]
    tasks: tuple[TaskFacts, ...]
    spells: tuple[Spell, ...]
    promises: Promises
    load: Mapping[str, Load]
    variables: Mapping[str, str]
    acknowledge_s: int | None = None
    mitigate_s: int | None = None
    finish_s: int | None = None
    took_s: int | None = None
    open_s: int | None = None
    odd: tuple[str, ...] = ()
    out_of_order: tuple[tuple[str, str], ...] = field(default=())

    @property
    def reopened(self) -> int:
        """How often it was taken up again."""
        return len(self.spells) - 1

    @property
    def again(self) -> int:
        """The number that stands behind ↻: 2 of a run that was taken up again once, 0 of one that never was."""
        return len(self.spells) if self.reopened else 0

    def at(self, name: str) -> datetime | None:
        """Return when a milestone was."""
        return self.milestones[name].at if name in self.milestones else None
