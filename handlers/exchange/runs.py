"""Finished runs of Mattermost Playbooks, as its REST API tells them, read as values."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.exchange.saying import Saying
from handlers.exchange.words import line_of, text_of
from store import MomentKind, TaskState

_STATES: Mapping[str, TaskState] = {"in_progress": "in_progress", "closed": "done", "skipped": "skipped"}
_KINDS: Mapping[str, MomentKind] = {
    "incident_created": "started",
    "status_updated": "update",
    "run_finished": "finished",
    "run_restored": "restarted",
    "published_retrospective": "retro_published",
    "canceled_retrospective": "retro_skipped",
    "ran_slash_command": "command_ran",
    "event_from_post": "pinned",
}
_TURNED: Mapping[str, MomentKind] = {
    "check": "task_done",
    "uncheck": "task_open",
    "skip": "task_skipped",
    "restore": "task_open",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PastTask:
    """A task as it stood in the end; `assignee_id` is of the server that it comes from."""

    title: str
    description: str
    state: TaskState
    changed_at: datetime | None
    due_at: datetime | None
    assignee_id: str
    command: str
    is_hidden: bool
    is_touched: bool


@dataclass(frozen=True, slots=True)
class PastMoment:
    """An entry of the timeline."""

    at: datetime
    kind: MomentKind
    person_id: str
    subject: str
    post_id: str


@dataclass(frozen=True, slots=True)
class PastRun:
    """A finished run; all ids are those of the server that it comes from.

    `amounts` are values of metrics, and `values` of attributes, each by the id that it has there; among these values
    are ids of people, which are `named`.
    """

    id: str
    playbook_id: str
    team_id: str
    channel_id: str
    name: str
    summary: str
    owner_id: str
    creator_id: str
    created_at: datetime
    finished_at: datetime
    prefix: str
    sequence: int
    people: tuple[str, ...]
    checklists: tuple[tuple[str, tuple[PastTask, ...]], ...]
    moments: tuple[PastMoment, ...]
    retrospective: str
    published_at: datetime | None
    is_skipped: bool
    amounts: Mapping[str, int]
    values: Mapping[str, tuple[str, ...]]
    named: frozenset[str]

    @property
    def everybody(self) -> frozenset[str]:
        """Return the ids of all whom it names."""
        tasks = (task.assignee_id for _, some in self.checklists for task in some)
        told = (one.person_id for one in self.moments)
        return frozenset({self.owner_id, self.creator_id, *self.people, *tasks, *told, *self.named}) - {""}


def past_run(document: Mapping[str, Any]) -> PastRun | None:
    """Return a run that is over, None for one that is in progress or cannot be understood."""
    said = Saying(document)
    created, finished = _time(said.number("create_at")), _time(said.number("end_at"))
    if created is None or finished is None or not said.text("id") or said.text("type") == "channelChecklist":
        return None
    run = PastRun(
        id=said.text("id"),
        playbook_id=said.text("playbook_id"),
        team_id=said.text("team_id"),
        channel_id=said.text("channel_id"),
        name=line_of(said.text("name"), 150, "Untitled"),
        summary=text_of(said.text("summary"), 4000),
        owner_id=said.text("owner_user_id"),
        creator_id=said.text("reporter_user_id") or said.text("owner_user_id"),
        created_at=created,
        finished_at=max(created, finished),
        prefix=said.text("sequential_id").rpartition("-")[0],
        sequence=said.number("run_number"),
        people=tuple(dict.fromkeys(said.texts("participant_ids"))),
        checklists=tuple(_checklist(one) for one in said.groups("checklists")),
        moments=tuple(sorted(_moments(said), key=lambda one: one.at)),
        retrospective=text_of(said.text("retrospective"), 20_000),
        published_at=_time(said.number("retrospective_published_at")),
        is_skipped=said.yes("retrospective_was_canceled"),
        amounts=dict(_amounts(said)),
        values=dict(_values(said)),
        named=frozenset(_named(said)),
    )
    return run if not said.mistakes else None


def _checklist(said: Saying) -> tuple[str, tuple[PastTask, ...]]:
    return line_of(said.text("title"), 200, "Tasks"), tuple(_task(one) for one in said.groups("items"))


def _task(said: Saying) -> PastTask:
    return PastTask(
        title=line_of(said.text("title"), 200, "Untitled"),
        description=text_of(said.text("description"), 4000),
        state=_STATES.get(said.text("state"), "open"),
        changed_at=_time(said.number("state_modified")),
        due_at=_time(said.number("due_date")),
        assignee_id=said.text("assignee_id"),
        command=line_of(said.text("command"), 200),
        is_hidden=said.text("condition_action") == "hidden",
        is_touched=said.text("condition_action") == "shown_because_modified",
    )


def _moments(said: Saying) -> Iterator[PastMoment]:
    for one in said.groups("timeline_events"):
        at = _time(one.number("event_at") or one.number("create_at"))
        if at is None or one.number("delete_at"):
            continue
        kind, subject = _told(one)
        who = one.text("creator_user_id") or one.text("subject_user_id")
        yield PastMoment(at, kind, who, line_of(subject, 1000), one.text("post_id"))


def _told(said: Saying) -> tuple[MomentKind, str]:
    """Return the kind of an entry, and what it is about; what has no kind of its own here is told as a note."""
    word, summary = said.text("event_type"), said.text("summary")
    if word == "task_state_modified":
        details = _details(said)
        kind = _TURNED.get(str(details.get("action")))
        if kind is not None and isinstance(details.get("task"), str):
            return kind, str(details["task"])
    return _KINDS.get(word, "note"), summary or ("" if word in _KINDS else word.replace("_", " "))


def _details(said: Saying) -> dict[str, Any]:
    try:
        found = json.loads(said.text("details") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _amounts(said: Saying) -> Iterator[tuple[str, int]]:
    for one in said.groups("metrics_data"):
        if one.values.get("value") is not None:
            yield one.text("metric_config_id"), one.number("value")


def _values(said: Saying) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what attributes of the run are, by the playbook's ids of fields, options as their names."""
    fields = {one.text("id"): one for one in said.groups("property_fields")}
    for one in said.groups("property_values"):
        field, value = fields.get(one.text("field_id")), one.values.get("value")
        if field is None:
            continue
        attrs = field.group("attrs")
        options = {option.text("id"): option.text("name") for option in attrs.groups("options")}
        words = tuple(options.get(each, each) for each in _words(value))
        if words:
            yield attrs.text("parent_id"), words


def _named(said: Saying) -> Iterator[str]:
    """Yield the ids of people that are values of attributes."""
    types = {one.text("id"): one.text("type") for one in said.groups("property_fields")}
    for one in said.groups("property_values"):
        if types.get(one.text("field_id")) in ("user", "multiuser"):
            yield from _words(one.values.get("value"))


def _words(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _time(milliseconds: int) -> datetime | None:
    return _EPOCH + timedelta(milliseconds=milliseconds) if 0 < milliseconds < 10**14 else None
