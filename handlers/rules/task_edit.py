"""What is wanted of a task, new or there already, and what of it cannot be, whoever asks."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from handlers.context import Context
from handlers.effects import Refuse, Refused
from handlers.events import Person
from handlers.rules import ordering, permissions, teams
from handlers.rules.assignees import people_in
from store import ChangeKind, Run, TaskState

Also = Literal["remove", "duplicate"]
ALSO: tuple[Also, ...] = get_args(Also)
STATES: tuple[TaskState, ...] = get_args(TaskState)

DESCRIPTION_LIMIT = 3000
"""What a dialog's text area takes on every server, in characters."""
COMMAND_LIMIT = 1000
"""The longest command of a task, in characters; a playbook's are shorter."""
WORDS_LIMIT = 100
"""The longest words that complete a task, in characters; a playbook takes no longer ones either."""
MOST_WORDS = 20
MOST_PEOPLE = 50

_KINDS: Mapping[str, ChangeKind] = {
    "assignees": "assign",
    "due_at": "due",
    "words": "words",
    "words_by": "words",
    "place": "move",
    "state": "change",
}
"""How a change of one thing alone is called; all else is text, which is edited."""


class TaskEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What tasks are to be like; what is not set stays. With `also` they are removed or copied as well."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    command: str | UnsetType = UNSET
    assignees: list[str] | UnsetType = UNSET
    due_at: datetime | UnsetType | None = UNSET
    words: list[str] | UnsetType = UNSET
    words_by: list[str] | UnsetType = UNSET
    state: TaskState | UnsetType = UNSET
    place: ordering.Place | UnsetType = UNSET
    also: Also | None = None

    @property
    def kind(self) -> ChangeKind:
        """Return how such a change is called."""
        kinds = {_KINDS.get(name, "edit") for name in self.given()}
        return self.also or (kinds.pop() if len(kinds) == 1 else "change")

    def given(self) -> dict[str, Any]:
        """Return what is to change, by its name."""
        return {name: value for name, value in asdict(self).items() if value is not UNSET and name != "also"}


def wrong(ctx: Context, run: Run, edit: TaskEdit, by: Person) -> Iterator[Refused]:
    """Find all that cannot be, each with the name of the part that it is about."""
    found: dict[str, Refuse | None] = {
        "title": None if edit.title is UNSET else _of_title(ctx, edit.title),
        "description": _too_long(ctx, edit.description, DESCRIPTION_LIMIT),
        "command": _of_command(ctx, edit.command),
        "words": _of_words(ctx, edit),
        "people": None if edit.words_by is UNSET else _of_people(ctx, run, edit.words_by),
    }
    if edit.assignees is not UNSET:
        found["assignee"] = permissions.not_given(ctx, by, run, people_in(ctx, run, edit.assignees))
    yield from (Refused(refusal, name) for name, refusal in found.items() if refusal is not None)


def require(ctx: Context, run: Run, edit: TaskEdit, by: Person) -> None:
    """Raise `Refused` where something of it cannot be."""
    for refused in wrong(ctx, run, edit, by):
        raise refused


def _of_title(ctx: Context, title: str) -> Refuse | None:
    if 0 < len(title) <= ordering.TITLE_LIMIT:
        return None
    block = "too_long" if title else "title_missing"
    return ctx.refused("tasks", block, "title", limit=ordering.TITLE_LIMIT, count=len(title)).refusal


def _of_command(ctx: Context, command: str | UnsetType) -> Refuse | None:
    if command and not command.startswith("/"):
        said = ctx.say("task")
        return Refuse(title=said["command"], text=said["command_help"])
    return _too_long(ctx, command, COMMAND_LIMIT)


def _too_long(ctx: Context, words: str | UnsetType, limit: int) -> Refuse | None:
    if words is UNSET or len(words) <= limit:
        return None
    return ctx.refused("tasks", "words_long", "words", limit=limit, count=len(words)).refusal


def _of_words(ctx: Context, edit: TaskEdit) -> Refuse | None:
    words = edit.words or []
    return _too_many(ctx) if len(words) > MOST_WORDS or any(len(one) > WORDS_LIMIT for one in words) else None


def _of_people(ctx: Context, run: Run, people: list[str]) -> Refuse | None:
    return _too_many(ctx) if len(people) > MOST_PEOPLE else teams.not_in_team(ctx, run, people)


def _too_many(ctx: Context) -> Refuse:
    limits = {"limit": WORDS_LIMIT, "most": MOST_WORDS, "people": MOST_PEOPLE}
    return ctx.refused("done_when", "too_many", "which", **limits).refusal
