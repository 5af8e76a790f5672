"""A run as a document for programs; `docs/run-export.schema.json` describes it, and is made from here.

Times are in UTC, lengths of time in whole seconds; what there is none of is null. Later versions only add fields.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from store import TaskState

VERSION = 1


class PersonOut(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who took part in the run or did something in it; `tasks_done` counts what they checked off."""

    id: str
    username: str
    roles: list[str]
    joined_at: datetime | None
    left_at: datetime | None
    tasks_done: int


class SaidOut(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of a milestone: when it was (null: taken back), and why."""

    at: datetime | None
    by: str
    noted_at: datetime
    reason: str


class MilestoneOut(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone; `source` is where its time comes from, `recorded_at` what the bot itself recorded.

    `name` is one of those that docs/metrics.md lists, or `task:` and the title of a task of the playbook. `said` is
    all that people said of it, the latest last.
    """

    name: str
    at: datetime | None
    source: Literal["", "run", "task", "person"]
    by: str
    recorded_at: datetime | None
    said: list[SaidOut]


class MetricOut(msgspec.Struct, frozen=True, kw_only=True):
    """A metric: `amount` and `target` are in seconds, in the smallest unit of the currency, in ones, or in hundredths
    of a percent.

    Without an amount, `why_none` says why. `last_median` is the median of the `last_count` runs before this one.
    """

    key: str
    title: str
    type: Literal["duration", "currency", "integer", "percentage"]
    currency: str
    clock: Literal["wall", "working"]
    better: Literal["higher", "lower"]
    target: int | None
    amount: int | None
    is_met: bool | None
    why_none: Literal["", "missing", "negative", "unsaid"]
    last_median: int | None
    last_count: int


class TaskOut(msgspec.Struct, frozen=True, kw_only=True):
    """A task; `took_s` is from when somebody began it until it was done, where they said so."""

    number: str
    title: str
    description: str
    state: TaskState
    assignees: list[str]
    due_at: datetime | None
    changed_at: datetime | None
    changed_by: str
    is_late: bool
    is_added: bool
    took_s: int | None


class ChecklistOut(msgspec.Struct, frozen=True, kw_only=True):
    """A checklist with its tasks, in their order."""

    title: str
    tasks: list[TaskOut]


class MomentOut(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the timeline: what happened (`kind`), who did it, and what it was about.

    `words` say it as people read it. What people let be shown otherwise stays in `recorded_at` as it was recorded.
    """

    number: int
    at: datetime
    recorded_at: datetime
    kind: str
    by: str
    subject: str
    words: str
    post_id: str


class UpdateOut(msgspec.Struct, frozen=True, kw_only=True):
    """A status update, in Markdown."""

    at: datetime
    by: str
    text: str


class SectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """A section of the retrospective, in Markdown; `kind` tells facts from lessons, an empty text was not answered."""

    title: str
    kind: str
    is_generated: bool
    text: str


class RetrospectiveOut(msgspec.Struct, frozen=True, kw_only=True):
    """The retrospective: its state, when it was published or why it was skipped, and its sections."""

    state: str
    published_at: datetime | None
    published_by: str
    skipped_because: str
    sections: list[SectionOut]


class SpellOut(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which the run was in progress; `end` is null while it is."""

    begin: datetime
    end: datetime | None


class RunOut(msgspec.Struct, frozen=True, kw_only=True):
    """The run itself; `left_out` says why it counts in no figure, empty where it does."""

    number: int
    name: str
    summary: str
    state: Literal["opening", "active", "finished"]
    outcome: str
    playbook: str
    playbook_key: str
    playbook_version: int
    team: str
    channel: str
    owner: str
    creator: str
    origin_text: str
    variables: dict[str, str]
    attributes: dict[str, str]
    created_at: datetime
    finished_at: datetime | None
    reopened: int
    spells: list[SpellOut]
    took_s: int | None
    open_s: int | None
    acknowledge_s: int | None
    mitigate_s: int | None
    finish_s: int | None
    updates_promised: int
    updates_in_time: int
    left_out: Literal["", "removed", "mistaken", "trial"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A run with everything that is known of it, as `muster runs export` and `/playbook export` write it."""

    format: Literal["muster run"] = "muster run"
    version: int = VERSION
    exported_at: datetime
    run: RunOut
    people: list[PersonOut]
    milestones: list[MilestoneOut]
    out_of_order: list[tuple[str, str]]
    metrics: list[MetricOut]
    checklists: list[ChecklistOut]
    updates: list[UpdateOut]
    timeline: list[MomentOut]
    retrospective: RetrospectiveOut | None


def schema() -> dict[str, Any]:
    """Return what describes the document, as JSON Schema."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Document)}


def encoded(document: Document) -> bytes:
    """Return the document as JSON that people can read, too."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
