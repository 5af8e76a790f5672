"""The parts of a playbook as people fill them in: which fields each has, how they are written, which lists it holds.

Every key of a playbook belongs to one part, but for what nobody fills in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from handlers.playbooks.metrics import DAYS
from handlers.playbooks.webhooks import WEBHOOK_EVENTS

Kind = Literal[
    "line", "text", "tick", "choice", "many", "lines", "words", "commas",
    "person", "persons", "members", "guests", "assignees", "channel", "channels", "condition", "links", "options",
]  # fmt: skip
"""How a field is written: `many` are ticks, `lines` one a line, `words` and `commas` one after the other; the rest is
what it names."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field; `path` are the keys that lead to it, with dots between them. A `many` has its `choices`."""

    path: str
    kind: Kind = "line"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of groups of fields, which stand in forms as `name.id.path`; `key` is where the list stands in its part.

    What is `optional` is not there where all its fields are empty. Those `inside` follow the one that they belong to.
    """

    name: str
    key: str
    fields: tuple[Field, ...]
    optional: tuple[str, ...] = ()
    inside: "Items | None" = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a playbook, which is filled in at once."""

    name: str
    fields: tuple[Field, ...] = ()
    lists: tuple[Items, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the playbook that it holds."""
        found = [one.path for one in self.fields] + [one.key for one in self.lists]
        return tuple(dict.fromkeys(path.partition(".")[0] for path in found))


KEPT = Field("kept")

TASKS = Items(
    "tasks",
    "tasks",
    (
        Field("title"),
        Field("description", "text"),
        Field("assignee", "assignees"),
        Field("assignee_attribute"),
        Field("due"),
        Field("when", "condition"),
        Field("needs", "lines"),
        Field("links", "links"),
        Field("command"),
        Field("command_is_template", "tick"),
        Field("done_when.says", "lines"),
        Field("done_when.by", "persons"),
        Field("done_when.update", "tick"),
        Field("sets", "choice"),
        KEPT,
    ),
    optional=("done_when",),
)

SECTIONS: tuple[Section, ...] = (
    Section(
        "basics",
        (
            Field("title"),
            Field("description", "text"),
            Field("keywords", "lines"),
            Field("match", "choice"),
            Field("start", "choice"),
            Field("name"),
            Field("name_fixed", "tick"),
            Field("prefix"),
            Field("summary", "text"),
            Field("timezone"),
            Field("templates", "choice"),
        ),
    ),
    Section("tasks", lists=(Items("checklists", "checklists", (Field("title"), KEPT), inside=TASKS),)),
    Section(
        "people",
        (
            Field("owner", "person"),
            Field("invite", "guests"),
            Field("membership.join_channel", "tick"),
            Field("membership.leave_channel", "tick"),
            Field("membership.join_run", "tick"),
            Field("membership.leave_run", "tick"),
        ),
        (
            Items(
                "roles",
                "roles",
                (
                    Field("name"),
                    Field("person", "person"),
                    Field("rota.people", "persons"),
                    Field("rota.every"),
                    Field("rota.from"),
                ),
                optional=("rota",),
            ),
        ),
    ),
    Section(
        "channel",
        (
            Field("channel.visibility", "choice"),
            Field("channel.name"),
            Field("channel.header", "text"),
            Field("channel.use", "channel"),
            Field("channel.only_new", "tick"),
            Field("channel.category"),
            Field("channel.archive", "tick"),
            Field("welcome", "text"),
        ),
    ),
    Section(
        "updates",
        (
            Field("updates.every"),
            Field("updates.template", "text"),
            Field("updates.broadcast", "channels"),
            Field("updates.broadcast_start", "tick"),
            Field("updates.broadcast_update", "tick"),
            Field("updates.broadcast_finish", "tick"),
            Field("updates.broadcast_restart", "tick"),
            Field("updates.broadcast_retrospective", "tick"),
            Field("updates.broadcast_private", "tick"),
        ),
    ),
    Section(
        "attributes",
        lists=(
            Items(
                "attributes",
                "attributes",
                (
                    Field("name"),
                    Field("type", "choice"),
                    Field("options", "options"),
                    Field("description", "text"),
                    Field("required", "tick"),
                    Field("show", "choice"),
                    KEPT,
                ),
            ),
        ),
    ),
    Section(
        "automation",
        lists=(
            Items(
                "actions",
                "actions",
                (
                    Field("on", "choice"),
                    Field("task"),
                    Field("when", "condition"),
                    Field("invite", "guests"),
                    Field("post", "text"),
                    Field("channel", "channel"),
                    Field("command"),
                    Field("run"),
                    Field("webhook"),
                    Field("repeat", "tick"),
                    Field("if_it_fails", "choice"),
                ),
            ),
            Items(
                "webhooks",
                "webhooks",
                (
                    Field("name"),
                    Field("url"),
                    Field("events", "many", WEBHOOK_EVENTS),
                    Field("enabled", "tick"),
                ),
            ),
        ),
    ),
    Section(
        "retrospective",
        (
            Field("retrospective.enabled", "tick"),
            Field("retrospective.template", "text"),
            Field("retrospective.remind"),
            Field("working.days", "many", DAYS),
            Field("working.hours", "commas"),
            Field("working.zone"),
            Field("insights.channel", "channel"),
            Field("insights.day", "choice"),
        ),
        (
            Items(
                "metrics",
                "retrospective.metrics",
                (
                    Field("title"),
                    Field("key"),
                    Field("description", "text"),
                    Field("type", "choice"),
                    Field("currency"),
                    Field("target"),
                    Field("better", "choice"),
                    Field("from"),
                    Field("to"),
                    Field("clock", "choice"),
                ),
            ),
        ),
        optional=("working", "insights"),
    ),
    Section(
        "permissions",
        (
            Field("teams", "words"),
            Field("visibility", "choice"),
            Field("admins", "members"),
            Field("members", "members"),
            Field("start_by", "members"),
            Field("edit_by", "choice"),
            Field("see_runs", "choice"),
            Field("only_owner_finishes", "tick"),
        ),
    ),
)
"""All parts, in the order in which people come to them."""

NOT_FILLED_IN = frozenset({"key", "starter", "kept"})
"""What of a playbook nobody fills in."""

BY_NAME: Mapping[str, Section] = {one.name: one for one in SECTIONS}
