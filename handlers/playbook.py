"""A playbook as data: what it may say, what holds where it says nothing, and the limits."""

import re
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from handlers.placeholders import PLACEHOLDERS, fill
from handlers.playbook_values import (
    Assignee,
    ChannelName,
    Keyword,
    Line,
    LineTemplate,
    Owner,
    PersonName,
    Seconds,
    SecondsOrNever,
    TeamName,
    Text,
    TextTemplate,
)

__all__ = ["PLACEHOLDERS", "Channel", "Checklist", "Playbook", "Task", "Updates", "fill", "slug"]

MAX_CHECKLISTS = 100
MAX_TASKS = 500


def slug(text: str) -> str:
    """Return a short name made of `a-z`, `0-9` and `-`; empty if nothing of `text` can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


class Part(BaseModel):
    """A part of a playbook: what it does not know it refuses, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Task(Part):
    """A task; `assignee` is "owner", "creator" or "@name", `due` the seconds after the start of the run."""

    title: Line
    description: Text = ""
    assignee: Assignee | None = None
    due: Seconds | None = None


def _task(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value


class Checklist(Part):
    """A titled list of tasks; a task may be just its title."""

    title: Line
    tasks: tuple[Annotated[Task, BeforeValidator(_task)], ...] = Field(default=(), max_length=MAX_TASKS)


class Channel(Part):
    """A run's channel; `name` is a template for its title and address, the run's own name if absent."""

    visibility: Literal["public", "private"] = "public"
    name: LineTemplate | None = None
    header: Annotated[Text, StringConstraints(max_length=1000)] = ""


class Updates(Part):
    """Status updates: asked for `every` so many seconds (0: never), started from `template`, told to `broadcast`."""

    every: SecondsOrNever = 0
    template: Annotated[Text, StringConstraints(max_length=3000)] = ""
    broadcast: tuple[ChannelName, ...] = Field(default=(), max_length=20)


class Playbook(Part):
    """A playbook, whole.

    `key` is its short name in commands, made from the title if absent. `teams` without a name means all teams.
    `keywords` are heard as `match` says. `start` tells whether the prompt's button opens a dialog first.
    `name` is the template of a run's name, `summary` that of its summary. `owner` is "creator" or "@name".
    """

    title: Line
    key: str = Field(default="", max_length=60, validate_default=True)
    description: Text = ""
    teams: tuple[TeamName, ...] = Field(default=(), max_length=100)
    keywords: tuple[Keyword, ...] = Field(default=(), max_length=100)
    match: Literal["word", "substring", "exact"] = "word"
    start: Literal["dialog", "now"] = "dialog"
    name: LineTemplate = "{playbook} {number}"
    summary: TextTemplate = ""
    channel: Channel = Channel()
    owner: Owner = "creator"
    invite: tuple[PersonName, ...] = Field(default=(), max_length=200)
    welcome: Text = ""
    updates: Updates = Updates()
    checklists: tuple[Checklist, ...] = Field(default=(), max_length=MAX_CHECKLISTS)

    @field_validator("key")
    @classmethod
    def _derive_key(cls, key: str, info: ValidationInfo) -> str:
        made = key or slug(info.data.get("title", "untitled"))
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", made):
            raise ValueError("give a key of the letters a-z, digits and -, like incident-response")
        return made

    @field_validator("teams", "keywords", "invite")
    @classmethod
    def _once_each(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(values))

    @model_validator(mode="after")
    def _not_too_long(self) -> Self:
        count = sum(len(checklist.tasks) for checklist in self.checklists)
        if count > MAX_TASKS:
            raise ValueError(f"a playbook has at most {MAX_TASKS} tasks in all its checklists, this one has {count}")
        return self

    def definition(self) -> dict[str, Any]:
        """Return the playbook as JSON values, which `Playbook.model_validate` reads back."""
        return self.model_dump(mode="json")
