"""What a dialog about a task was filled in with: read, compared with what it showed, or refused field by field."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, get_args

from handlers.context import Context
from handlers.effects import Refuse
from handlers.events import Person
from handlers.forms import Filled, Line, Text
from handlers.rules import ordering, permissions
from handlers.rules.assignees import ROLE, people_in, read
from handlers.rules.progress import Numbered, progress
from handlers.text import times
from handlers.text.arguments import is_none, text_or_none
from handlers.text.words import one_line, zone
from store import Checklist, Run, Task, TaskState

STATES: tuple[TaskState, ...] = get_args(TaskState)

DESCRIPTION_LIMIT = 3000
"""What a dialog's text area takes on every server, in characters."""
COMMAND_LIMIT = 1000
"""The longest command of a task, in characters; a playbook's are shorter."""


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


@dataclass(slots=True)
class Values:
    """What is wanted of a task; `errors` say by field what cannot be."""

    title: str
    description: str
    state: TaskState
    assignees: list[str]
    due_at: datetime | None
    command: str
    place: tuple[Checklist, int | None] | None = None
    also: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def values_of(ctx: Context, form: TaskForm, run: Run, one: Numbered | None, asker: Person) -> Values:
    """Read a task's dialog; a field that was left as it was shown leaves the task alone."""
    task = one.task if one else Task(run_id=run.id, checklist_id=0, position=0, title="")
    wanted = Values(
        title=one_line(task.title) if form.title is None else form.title,
        description=_description(form.description, task),
        state=next((one for one in STATES if one == form.state), task.state),
        assignees=task.assignees,
        due_at=task.due_at,
        command=one_line(text_or_none(task.command if form.command is None else form.command)),
        also=form.also,
    )
    _read_title(ctx, wanted)
    if wanted.command and not wanted.command.startswith("/"):
        wanted.errors["command"] = ctx.say("task")["command_help"]
    _read_people(ctx, run, task, form, asker, wanted)
    _read_due(ctx, task, form.due, asker, wanted)
    _read_place(ctx, run, one, form.number, wanted)
    return wanted


def _description(given: str | None, task: Task) -> str:
    # A dialog shows no more than this of a longer one.
    shown = task.description[:DESCRIPTION_LIMIT].strip()
    return task.description if given is None or given == shown else given


def due_words(task: Task, asker: Person) -> str:
    """Return a task's due time as its dialog shows it."""
    return f"{task.due_at.astimezone(zone(asker.timezone)):%Y-%m-%d %H:%M}" if task.due_at else ""


def due_named(ctx: Context, words: str, asker: Person) -> datetime | Refuse | None:
    """Return the time that is named for a task, None where there is to be none, or why it cannot be due then."""
    said = ctx.say("due", words=words)
    if is_none(words):
        return None
    try:
        due_at = times.parse(words, zone(asker.timezone), ctx.now)
    except times.Unreadable:
        return Refuse(title=said["when_title"], text=said["unreadable" if words else "when"])
    return due_at if due_at > ctx.now else Refuse(title=said["when_title"], text=said["over"])


def shown_people(ctx: Context, task: Task) -> tuple[str, str]:
    """Return who stands in a task's dialog: the id of the first person, and all others in words."""
    people = [one for one in task.assignees if not one.startswith(ROLE)]
    rest = [one for one in task.assignees if one not in people[:1]]
    words = (one.removeprefix(ROLE) if one.startswith(ROLE) else f"@{ctx.username(one)}" for one in rest)
    return "".join(people[:1]), ", ".join(words)


def _read_title(ctx: Context, wanted: Values) -> None:
    said = ctx.say("tasks", limit=ordering.TITLE_LIMIT, count=len(wanted.title))
    if not wanted.title:
        wanted.errors["title"] = said["title_missing"]
    elif len(wanted.title) > ordering.TITLE_LIMIT:
        wanted.errors["title"] = said["too_long"]


def _read_people(ctx: Context, run: Run, task: Task, form: TaskForm, asker: Person, wanted: Values) -> None:
    first, others = form.assignee, form.others
    if (first, others) == shown_people(ctx, task) or (first and ctx.store.person(first) is None):
        return
    rest = read(ctx, run, others, asker)
    if isinstance(rest, Refuse):
        wanted.errors["others"] = rest.text
        return
    people = list(dict.fromkeys([*([first] if first else []), *rest]))
    if (refused := permissions.not_given(ctx, asker, run, people_in(ctx, run, people))) is not None:
        wanted.errors["assignee"] = refused.text
    else:
        wanted.assignees = people


def _read_due(ctx: Context, task: Task, words: str, asker: Person, wanted: Values) -> None:
    if words == due_words(task, asker):
        return
    due_at = due_named(ctx, words, asker) if words else None
    if isinstance(due_at, Refuse):
        wanted.errors["due"] = due_at.text
    else:
        wanted.due_at = due_at


def _read_place(ctx: Context, run: Run, one: Numbered | None, words: str, wanted: Values) -> None:
    if one is None or words in ("", one.number):
        return
    place = ordering.target(ctx, progress(ctx, run), words)
    if isinstance(place, Refuse):
        wanted.errors["number"] = place.text
    else:
        wanted.place = place
