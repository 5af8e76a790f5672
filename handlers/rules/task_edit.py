"""What is wanted of a task, new or there already, and what of it cannot be, whoever asks."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from handlers.context import Context
from handlers.effects import Refuse, Refused
from handlers.events import Person
from handlers.playbooks.keywords import unheard
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
    "by_update": "words",
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
    by_update: bool | UnsetType = UNSET
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
    yield from _of_texts(ctx, edit)
    words, people, limits = edit.words or [], edit.words_by or [], {"limit": WORDS_LIMIT, "most": MOST_WORDS}
    is_too_much = len(words) > MOST_WORDS or any(len(one) > WORDS_LIMIT for one in words)
    if is_too_much or len(people) > MOST_PEOPLE:
        refused = ctx.refused("done_when", "too_many", "which", people=MOST_PEOPLE, **limits)
        yield refused.at("words" if is_too_much else "people")
    elif ctx.here.bot.id in people:
        yield ctx.refused("done_when", "by_bot", "which").at("people")
    elif people:
        yield from _refusals("people", lambda: teams.require(ctx, run, people))
    for word in words if not is_too_much else ():
        if (why := unheard(word)) is not None:
            yield ctx.refused("done_when", f"unheard_{why}", "which", word=word).at("words")
    given = people_in(ctx, run, edit.assignees or [])
    if given:
        yield from _refusals("assignee", lambda: permissions.require_given(ctx, by, run, given))


def _refusals(field: str, check: Callable[[], None]) -> Iterator[Refused]:
    try:
        check()
    except Refused as refused:
        yield refused.at(field)


def require(ctx: Context, run: Run, edit: TaskEdit, by: Person) -> None:
    """Raise `Refused` where something of it cannot be."""
    for refused in wrong(ctx, run, edit, by):
        raise refused


def _of_texts(ctx: Context, edit: TaskEdit) -> Iterator[Refused]:
    title, command = edit.title, edit.command or ""
    if title is not UNSET and not 0 < len(title) <= ordering.TITLE_LIMIT:
        block = "too_long" if title else "title_missing"
        yield ctx.refused("tasks", block, "title", limit=ordering.TITLE_LIMIT, count=len(title)).at("title")
    if command and not command.startswith("/"):
        said = ctx.say("task")
        yield Refused(Refuse(title=said["command"], text=said["command_help"]), "command")
    for name, text, limit in (
        ("description", edit.description or "", DESCRIPTION_LIMIT),
        ("command", command, COMMAND_LIMIT),
    ):
        if len(text) > limit:
            yield ctx.refused("tasks", "words_long", "words", limit=limit, count=len(text)).at(name)
