"""What a dialog about a task was filled in with: read, compared with what it showed, or refused field by field."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, NamedTuple, TypeVar

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.forms import Filled, Line, Text
from handlers.rules import ordering
from handlers.rules.assignees import ROLE, people_in, read
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
    if form.title is not None:
        # Clients from 11 on leave out an optional field that is empty; where the title is, these were shown, too.
        form = replace(form, description=form.description or "", command=form.command or "")
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


def who_words(ctx: Context, task: Task) -> str:
    """Return whom a task is for as one field shows it, in which it is read again."""
    return _in_a_field(ctx, task.assignees)


def _in_a_field(ctx: Context, assignees: Iterable[str]) -> str:
    words = (one.removeprefix(ROLE) if one.startswith(ROLE) else f"@{ctx.username(one)}" for one in assignees)
    return ", ".join(words)


def due_named(ctx: Context, words: str, asker: Person) -> datetime | None:
    """Return the time that is named for a task, None where there is to be none. Raises `Refused`."""
    if is_none(words):
        return None
    return time_named(ctx, words, ctx.here.reader(asker))


class ShownPeople(NamedTuple):
    """Who stands in a task's dialog: the id of whom it is assigned to first, as what (a role or they), and the rest."""

    person_id: str
    assignee: str
    others: str

    @property
    def role(self) -> str:
        return self.assignee.removeprefix(ROLE) if self.assignee.startswith(ROLE) else ""


def shown_people(ctx: Context, run: Run, task: Task) -> ShownPeople:
    """Return who stands in a task's dialog; first is the first who is somebody, themselves or by a role."""
    people = {one: "".join(people_in(ctx, run, [one])) for one in task.assignees}
    first = next((one for one, person_id in people.items() if person_id), "".join([*people][:1]))
    return ShownPeople(people.get(first, ""), first, _in_a_field(ctx, (one for one in people if one != first)))


def _people(ctx: Context, run: Run, task: Task, form: TaskForm, asker: Person) -> list[str] | UnsetType:
    """Return whom the dialog leaves a task to: who is chosen takes the place of who was shown, the others come to it.

    A role that nobody has shows nobody who could be taken out of the field; a word for none among the others does it.
    """
    shown = shown_people(ctx, run, task)
    is_same = form.assignee == shown.person_id
    if (is_same and form.others == shown.others) or (form.assignee and ctx.store.person(form.assignee) is None):
        return UNSET
    first = shown.assignee if is_same and (form.assignee or not is_none(form.others)) else form.assignee
    return list(dict.fromkeys([*([first] if first else []), *read(ctx, run, form.others, asker)]))


def _due_at(ctx: Context, task: Task, words: str, asker: Person) -> datetime | UnsetType | None:
    if words == due_words(task, asker):
        return UNSET
    return due_named(ctx, words, asker) if words else None


def _place(ctx: Context, run: Run, one: Numbered | None, words: str) -> Place | UnsetType:
    return UNSET if one is None or words in ("", one.number) else ordering.target(ctx, progress(ctx, run), words)
