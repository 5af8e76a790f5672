"""A playbook as data: what it may say, what holds where it says nothing, and the limits."""

import re
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from handlers import durations
from handlers.placeholders import PLACEHOLDERS, fill, unknown

__all__ = ["PLACEHOLDERS", "Channel", "Checklist", "Playbook", "Task", "Updates", "fill", "slug"]

MAX_CHECKLISTS = 100
MAX_TASKS = 500


def slug(text: str) -> str:
    """Return a short name made of `a-z`, `0-9` and `-`; empty if nothing of `text` can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


def _one_line(text: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise ValueError("this is one line of text, without line breaks or control characters")
    return text


def _known_placeholders(text: str) -> str:
    if strange := unknown(text):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise ValueError(f"{{{strange[0]}}} is no placeholder; there are {known}")
    return text


def _seconds(value: object) -> object:
    return durations.parse(value) if isinstance(value, str) else value


def _seconds_or_never(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() == "never":
        return 0
    return _seconds(value)


def _person(text: str) -> str:
    if not re.fullmatch(r"@[a-z0-9][a-z0-9._-]{0,63}", text):
        raise ValueError('a person is written as "@name", in quotes')
    return text


def _role_or_person(text: str, *roles: str) -> str:
    if text in roles:
        return text
    try:
        return _person(text)
    except ValueError:
        raise ValueError(f'allowed are {", ".join(roles)} or a person as "@name", in quotes') from None


def _team(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", text):
        raise ValueError("a team is named as in its address: small letters, digits and -")
    return text


def _channel(text: str) -> str:
    if not re.fullmatch(r"~[a-z0-9][a-z0-9._-]{0,63}", text):
        raise ValueError("a channel is written as ~name, as in its address")
    return text


def _said(seconds: int) -> str:
    return durations.say(seconds) if seconds else "never"


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
LineTemplate = Annotated[Line, AfterValidator(_known_placeholders)]
TextTemplate = Annotated[Text, AfterValidator(_known_placeholders)]
Lowered = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
Keyword = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
PersonName = Annotated[Lowered, AfterValidator(_person)]
TeamName = Annotated[Lowered, AfterValidator(_team)]
ChannelName = Annotated[Lowered, AfterValidator(_channel)]
Owner = Annotated[Lowered, AfterValidator(lambda text: _role_or_person(text, "creator"))]
Assignee = Annotated[Lowered, AfterValidator(lambda text: _role_or_person(text, "owner", "creator"))]
# Written out in words again, so that what was stored is read by the same rules as what a person wrote.
Seconds = Annotated[int, Field(gt=0), BeforeValidator(_seconds), PlainSerializer(_said)]
SecondsOrNever = Annotated[int, Field(ge=0), BeforeValidator(_seconds_or_never), PlainSerializer(_said)]


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
