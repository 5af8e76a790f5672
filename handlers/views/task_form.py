"""The dialogs of a task: everything about one that is there, and a new one."""

from handlers.context import Context
from handlers.controls import TASK_NEW, TASK_SAVE
from handlers.effects import Dialog, Entry, Option
from handlers.events import Person
from handlers.payloads import OfRun, TaskOfRun
from handlers.rules.assignees import sayings
from handlers.rules.ordering import TITLE_LIMIT
from handlers.rules.progress import Numbered, Progress
from handlers.rules.task_edit import DESCRIPTION_LIMIT, STATES
from handlers.rules.task_form_values import due_words, shown_people
from handlers.text.sentences import Said
from handlers.text.words import Safe, plain, shorten
from store import Checklist, Run, Task


def task_dialog(ctx: Context, run: Run, one: Numbered, asker: Person) -> Dialog:
    """Return the dialog with everything about a task; what is changed most stands first."""
    task = one.task
    words, people = sayings(ctx, task.words, task.words_by)
    said = ctx.say("task", number=Safe(one.number), title=task.title, words=words, people=people)
    states = tuple(Option(said[f"state_{state}"], state) for state in STATES)
    run_it = (Option(said["also_run"], "run"),) if task.command else ()
    also = (*run_it, *(Option(said[f"also_{name}"], name) for name in ("history", "duplicate", "remove")))
    return TASK_SAVE.dialog(
        TaskOfRun(run.id, task.id),
        said["dialog_title"],
        intro=said["intro"],
        entries=(
            Entry(name="state", label=said["state"], kind="select", default=task.state, options=states),
            *_people_and_time(ctx, said, task, asker),
            Entry(name="also", label=said["also"], kind="select", options=also, optional=True),
            *_words(said, task),
            Entry(name="number", label=said["number"], default=one.number, help=said["number_help"], max_length=100),
        ),
        submit=said["save"],
    )


def new_task_dialog(ctx: Context, run: Run, standing: Progress, chosen: Checklist | None, asker: Person) -> Dialog:
    """Return the dialog of a new task; without any checklist there is none to choose."""
    said = ctx.say("task", number="", title="")
    empty = Task(run_id=run.id, checklist_id=0, position=0, title="")
    first, *rest = _words(said, empty)
    lists = tuple(
        Option(f"{row.position} · {plain(shorten(row.title, 90))}", str(row.id)) for row in standing.checklists
    )
    where = (
        Entry(name="checklist", label=said["checklist"], kind="select", default=str(chosen.id), options=lists)
        if chosen
        else None
    )
    return TASK_NEW.dialog(
        OfRun(run.id),
        said["new_title"],
        entries=(first, *([where] if where else []), *_people_and_time(ctx, said, empty, asker), *rest),
        submit=said["add"],
    )


def _people_and_time(ctx: Context, said: Said, task: Task, asker: Person) -> tuple[Entry, ...]:
    first, others = shown_people(ctx, task)
    return (
        Entry(name="assignee", label=said["assignee"], kind="users", default=first, optional=True),
        Entry(
            name="others",
            label=said["others"],
            default=others,
            help=said["others_help"],
            optional=True,
            max_length=1000 if len(others) > 150 else 150,
        ),
        Entry(
            name="due",
            label=said["due"],
            default=due_words(task, asker),
            help=said["due_help"],
            optional=True,
            max_length=60,
        ),
    )


def _words(said: Said, task: Task) -> tuple[Entry, ...]:
    return (
        Entry(
            name="title",
            label=said["title_label"],
            default=task.title,
            max_length=TITLE_LIMIT if len(task.title) > 150 else 150,
        ),
        Entry(
            name="description",
            label=said["description"],
            kind="textarea",
            default=task.description[:DESCRIPTION_LIMIT],
            optional=True,
            max_length=DESCRIPTION_LIMIT,
        ),
        Entry(
            name="command",
            label=said["command"],
            default=task.command,
            help=said["command_help"],
            optional=True,
            max_length=max(150, len(task.command)),
        ),
    )
