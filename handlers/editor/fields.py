"""The parts of a playbook as people fill them in: which fields each has, how they are written, which lists it holds.

Every key of a playbook belongs to one part, but for what nobody fills in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from handlers.playbooks.metrics import DAYS
from handlers.playbooks.webhooks import WEBHOOK_EVENTS

Kind = Literal[
    "line", "text", "tick", "choice", "many", "lines", "words", "commas",
    "person", "persons", "members", "guests", "assignees", "channel", "channels", "condition", "links", "options",
]  # fmt: skip
"""How a field is written: `many` are ticks, `lines` one a line, `words` and `commas` one after the other; the rest is
what it names."""
CHOSEN: frozenset[Kind] = frozenset({"tick", "choice", "many"})
"""Kinds in which nothing is written."""


@dataclass(frozen=True, slots=True)
class Blank:
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
    fields: tuple[Blank, ...]
    optional: tuple[str, ...] = ()
    inside: Self | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a playbook, which is filled in at once."""

    name: str
    fields: tuple[Blank, ...] = ()
    lists: tuple[Items, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the playbook that it holds."""
        found = [one.path for one in self.fields] + [one.key for one in self.lists]
        return tuple(dict.fromkeys(path.partition(".")[0] for path in found))


KEPT = Blank("kept")

TASKS = Items(
    "tasks",
    "tasks",
    (
        Blank("title"),
        Blank("description", "text"),
        Blank("assignee", "assignees"),
        Blank("assignee_attribute"),
        Blank("due"),
        Blank("when", "condition"),
        Blank("needs", "lines"),
        Blank("links", "links"),
        Blank("command"),
        Blank("command_is_template", "tick"),
        Blank("done_when.says", "lines"),
        Blank("done_when.by", "persons"),
        Blank("done_when.update", "tick"),
        Blank("sets", "choice"),
        KEPT,
    ),
    optional=("done_when",),
)

SECTIONS: tuple[Section, ...] = (
    Section(
        "basics",
        (
            Blank("title"),
            Blank("description", "text"),
            Blank("keywords", "lines"),
            Blank("match", "choice"),
            Blank("start", "choice"),
            Blank("name"),
            Blank("name_fixed", "tick"),
            Blank("prefix"),
            Blank("summary", "text"),
            Blank("timezone"),
            Blank("templates", "choice"),
        ),
    ),
    Section("tasks", lists=(Items("checklists", "checklists", (Blank("title"), KEPT), inside=TASKS),)),
    Section(
        "people",
        (
            Blank("owner", "person"),
            Blank("invite", "guests"),
            Blank("membership.join_channel", "tick"),
            Blank("membership.leave_channel", "tick"),
            Blank("membership.join_run", "tick"),
            Blank("membership.leave_run", "tick"),
        ),
        (
            Items(
                "roles",
                "roles",
                (
                    Blank("name"),
                    Blank("person", "person"),
                    Blank("rota.people", "persons"),
                    Blank("rota.every"),
                    Blank("rota.from"),
                ),
                optional=("rota",),
            ),
        ),
    ),
    Section(
        "channel",
        (
            Blank("channel.visibility", "choice"),
            Blank("channel.name"),
            Blank("channel.header", "text"),
            Blank("channel.use", "channel"),
            Blank("channel.only_new", "tick"),
            Blank("channel.category"),
            Blank("channel.archive", "tick"),
            Blank("welcome", "text"),
        ),
    ),
    Section(
        "updates",
        (
            Blank("updates.every"),
            Blank("updates.template", "text"),
            Blank("updates.broadcast", "channels"),
            Blank("updates.broadcast_start", "tick"),
            Blank("updates.broadcast_update", "tick"),
            Blank("updates.broadcast_finish", "tick"),
            Blank("updates.broadcast_restart", "tick"),
            Blank("updates.broadcast_retrospective", "tick"),
            Blank("updates.broadcast_private", "tick"),
        ),
    ),
    Section(
        "attributes",
        lists=(
            Items(
                "attributes",
                "attributes",
                (
                    Blank("name"),
                    Blank("type", "choice"),
                    Blank("options", "options"),
                    Blank("description", "text"),
                    Blank("required", "tick"),
                    Blank("show", "choice"),
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
                    Blank("on", "choice"),
                    Blank("task"),
                    Blank("when", "condition"),
                    Blank("invite", "guests"),
                    Blank("post", "text"),
                    Blank("channel", "channel"),
                    Blank("command"),
                    Blank("run"),
                    Blank("webhook"),
                    Blank("repeat", "tick"),
                    Blank("if_it_fails", "choice"),
                ),
            ),
            Items(
                "webhooks",
                "webhooks",
                (
                    Blank("name"),
                    Blank("url"),
                    Blank("events", "many", WEBHOOK_EVENTS),
                    Blank("enabled", "tick"),
                ),
            ),
        ),
    ),
    Section(
        "retrospective",
        (
            Blank("retrospective.enabled", "tick"),
            Blank("retrospective.template", "text"),
            Blank("retrospective.remind"),
            Blank("working.days", "many", DAYS),
            Blank("working.hours", "commas"),
            Blank("working.zone"),
            Blank("insights.channel", "channel"),
            Blank("insights.day", "choice"),
        ),
        (
            Items(
                "metrics",
                "retrospective.metrics",
                (
                    Blank("title"),
                    Blank("key"),
                    Blank("description", "text"),
                    Blank("type", "choice"),
                    Blank("currency"),
                    Blank("target"),
                    Blank("better", "choice"),
                    Blank("from"),
                    Blank("to"),
                    Blank("clock", "choice"),
                ),
            ),
        ),
        optional=("working", "insights"),
    ),
    Section(
        "permissions",
        (
            Blank("teams", "words"),
            Blank("visibility", "choice"),
            Blank("admins", "members"),
            Blank("members", "members"),
            Blank("start_by", "members"),
            Blank("edit_by", "choice"),
            Blank("see_runs", "choice"),
            Blank("only_owner_finishes", "tick"),
        ),
    ),
)
"""All parts, in the order in which people come to them."""

NOT_FILLED_IN = frozenset({"key", "starter", "kept"})
"""What of a playbook nobody fills in."""

BY_NAME: Mapping[str, Section] = {one.name: one for one in SECTIONS}
