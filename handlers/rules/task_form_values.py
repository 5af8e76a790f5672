"""What a dialog about a task was filled in with: read, compared with what it showed, or refused field by field."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from msgspec import UNSET, UnsetType

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.forms import Filled, Line, Text
from handlers.rules import ordering
from handlers.rules.assignees import ROLE, read
from handlers.rules.ordering import Place
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import ALSO, COMMAND_LIMIT, DESCRIPTION_LIMIT, STATES, TaskEdit, wrong
from handlers.rules.time_named import time_named
from handlers.text.arguments import is_none, text_or_none
from handlers.text.readers import zone
from handlers.text.words import one_line
from store import Run, Task

T = TypeVar("T")


class TaskForm(Filled, frozen=True):
    """The dialog of a task; of a new one it asks for the checklist, and neither for the state nor for a number."""

    title: Annotated[str | None, Line(ordering.TITLE_LIMIT)]
    description: Annotated[str | None, Text(DESCRIPTION_LIMIT)]
    command: Annotated[str | None, Line(COMMAND_LIMIT)]
    assignee: str
    others: Annotated[str, Text(1000)]
    due: Annotated[str, Text(60)]
    state: str
    number: Annotated[str, Text(100)]
    also: str
    checklist: str


def edit_of(
    ctx: Context, form: TaskForm, run: Run, one: Numbered | None, asker: Person
) -> tuple[TaskEdit, dict[str, str]]:
    """Read a task's dialog, and say by field what cannot be; a field that was left as it was shown stays as it is."""
    task = one.task if one else Task(run_id=run.id, checklist_id=0, position=0, title="")
    errors: dict[str, str] = {}

    def at(name: str, found: Callable[[], T]) -> T | UnsetType:
        try:
            return found()
        except Refused as refused:
            errors[name] = refused.refusal.text
            return UNSET

    edit = TaskEdit(
        title=UNSET if form.title is None and one else form.title or "",
        description=_description(form.description, task),
        command=UNSET if form.command is None else one_line(text_or_none(form.command)),
        assignees=at("others", lambda: _people(ctx, run, task, form, asker)),
        due_at=at("due", lambda: _due_at(ctx, task, form.due, asker)),
        state=next((state for state in STATES if one and state == form.state), UNSET),
        place=at("number", lambda: _place(ctx, run, one, form.number)),
        also=next((also for also in ALSO if one and also == form.also), None),
    )
    return edit, {refused.field: refused.refusal.text for refused in wrong(ctx, run, edit, asker)} | errors


def _description(given: str | None, task: Task) -> str | UnsetType:
    # A dialog shows no more than this of a longer one.
    shown = task.description[:DESCRIPTION_LIMIT].strip()
    return UNSET if given is None or given == shown else given


def due_words(task: Task, asker: Person) -> str:
    """Return a task's due time as its dialog shows it."""
    return f"{task.due_at.astimezone(zone(asker.timezone)):%Y-%m-%d %H:%M}" if task.due_at else ""


def due_named(ctx: Context, words: str, asker: Person) -> datetime | None:
    """Return the time that is named for a task, None where there is to be none. Raises `Refused`."""
    if is_none(words):
        return None
    return time_named(ctx, words, ctx.here.reader(asker))


def shown_people(ctx: Context, task: Task) -> tuple[str, str]:
    """Return who stands in a task's dialog: the id of the first person, and all others in words."""
    people = [one for one in task.assignees if not one.startswith(ROLE)]
    rest = [one for one in task.assignees if one not in people[:1]]
    words = (one.removeprefix(ROLE) if one.startswith(ROLE) else f"@{ctx.username(one)}" for one in rest)
    return "".join(people[:1]), ", ".join(words)


def _people(ctx: Context, run: Run, task: Task, form: TaskForm, asker: Person) -> list[str] | UnsetType:
    first, others = form.assignee, form.others
    if (first, others) == shown_people(ctx, task) or (first and ctx.store.person(first) is None):
        return UNSET
    return list(dict.fromkeys([*([first] if first else []), *read(ctx, run, others, asker)]))


def _due_at(ctx: Context, task: Task, words: str, asker: Person) -> datetime | UnsetType | None:
    if words == due_words(task, asker):
        return UNSET
    return due_named(ctx, words, asker) if words else None


def _place(ctx: Context, run: Run, one: Numbered | None, words: str) -> Place | UnsetType:
    return UNSET if one is None or words in ("", one.number) else ordering.target(ctx, progress(ctx, run), words)
