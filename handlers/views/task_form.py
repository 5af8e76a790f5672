"""The dialogs of a task: everything about one that is there, and a new one."""

from handlers.context import Context
from handlers.controls import TASK_NEW, TASK_SAVE, entry
from handlers.effects import Ask, Entry, Option
from handlers.events import Person
from handlers.payloads import OfRun, TaskOfRun
from handlers.rules.ordering import TITLE_LIMIT
from handlers.rules.progress import Numbered, Progress
from handlers.rules.task_edit import DESCRIPTION_LIMIT, STATES
from handlers.rules.task_form_values import due_words, shown_people
from handlers.text.sentences import Said
from handlers.text.words import plain, shorten
from handlers.views.task_info import of_task
from store import Checklist, Run, Task


def task_dialog(ctx: Context, run: Run, one: Numbered, asker: Person) -> Ask:
    """Ask for everything about a task; what is changed most stands first."""
    task = one.task
    said = of_task(ctx, run, one)
    states = tuple(Option(said[f"state_{state}"], state) for state in STATES)
    run_it = (Option(said["also_run"], "run"),) if task.command else ()
    also = (*run_it, *(Option(said[f"also_{name}"], name) for name in ("history", "duplicate", "remove")))
    return TASK_SAVE.ask(
        TaskOfRun(run.id, task.id),
        said,
        entry(said, "state", "select", default=task.state, options=states),
        *_people_and_time(ctx, run, task, asker),
        entry(said, "also", "select", options=also, optional=True),
        *_words(said, task),
        entry(said, "number", default=one.number, max_length=100),
        submit="save",
    )


def new_task_dialog(ctx: Context, run: Run, standing: Progress, chosen: Checklist | None, asker: Person) -> Ask:
    """Ask for a new task; without any checklist there is none to choose."""
    said = ctx.say("task", number="", title="")
    empty = Task(run_id=run.id, checklist_id=0, position=0, title="")
    first, *rest = _words(said, empty)
    lists = tuple(
        Option(f"{row.position} · {plain(shorten(row.title, 90))}", str(row.id)) for row in standing.checklists
    )
    where = [entry(said, "checklist", "select", default=str(chosen.id), options=lists)] if chosen else []
    entries = (first, *where, *_people_and_time(ctx, run, empty, asker), *rest)
    return TASK_NEW.ask(OfRun(run.id), said, *entries, intro="", title="new_title", submit="add")


def _people_and_time(ctx: Context, run: Run, task: Task, asker: Person) -> tuple[Entry, ...]:
    shown = shown_people(ctx, run, task)
    said = ctx.say("task", role=shown.role, is_held=bool(shown.person_id), is_assigned=bool(shown.assignee))
    room = 1000 if len(shown.others) > 150 else 150
    return (
        entry(said, "assignee", "users", default=shown.person_id, options=_called(ctx, shown.person_id), optional=True),
        entry(said, "due", default=due_words(task, asker), optional=True, max_length=60),
        entry(said, "others", default=shown.others, optional=True, max_length=room),
    )


def _words(said: Said, task: Task) -> tuple[Entry, ...]:
    description, most = task.description[:DESCRIPTION_LIMIT], DESCRIPTION_LIMIT
    return (
        entry(said, "title", default=task.title, max_length=TITLE_LIMIT if len(task.title) > 150 else 150),
        entry(said, "description", "textarea", default=description, optional=True, max_length=most),
        entry(said, "command", default=task.command, optional=True, max_length=max(150, len(task.command))),
    )


def _called(ctx: Context, person_id: str) -> tuple[Option, ...]:
    return (Option(f"@{ctx.username(person_id)}", person_id),) if person_id else ()
