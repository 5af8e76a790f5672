"""What somebody has to do over all channels and teams: overdue updates, tasks, and the runs they are in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from handlers.context import Context
from handlers.controls import DIGEST_OFF, TASK_PICK, TODO_DONE, UPDATE_ASK
from handlers.effects import LABEL_LIMIT, Button, Card, Content, Menu, Option, unfolded
from handlers.payloads import OfRun, OfTask, Setting
from handlers.rules import permissions
from handlers.rules.assignees import people_of
from handlers.rules.follow_ups import age_of
from handlers.rules.progress import progress
from handlers.text.sentences import Said
from handlers.text.words import plain, shorten
from store import Message, Run, Task

TASKS = 8
LONGER = 20
RUNS = 6
BUTTONS = 2
"""How many tasks and runs are named, in the weekly digest, and how many tasks have a button."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What one person has to do."""

    late: Sequence[Run]
    tasks: Sequence[tuple[Task, Run]]
    runs: Sequence[Run]

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.tasks or self.runs)

    @property
    def is_pressing(self) -> bool:
        """Return whether there is something to do, and not only runs that go on."""
        return bool(self.late or self.tasks)


def agenda_of(ctx: Context, person_id: str) -> Agenda:
    """Return what somebody has to do in their teams' runs, what is due first before the rest."""
    runs = [run for run in ctx.store.runs_of(person_id) if not permissions.is_over_for(ctx, run, person_id)]
    theirs = ((task, run) for task, run in ctx.store.tasks_for(person_id) if person_id in people_of(ctx, run, task))
    return Agenda(
        late=[run for run in runs if run.is_update_late(ctx.now)],
        tasks=[(task, run) for task, run in theirs if not permissions.is_over_for(ctx, run, person_id)],
        runs=runs,
    )


def todo(ctx: Context, person_id: str) -> Content:
    """Return the answer to `todo`."""
    ctx = ctx.to(ctx.reader_of(person_id))
    agenda = agenda_of(ctx, person_id)
    said = _said(ctx, person_id, agenda, TASKS)
    if agenda.is_empty:
        return Content(said["nothing"])
    controls: list[Button | Menu] = [*_next(ctx, agenda, said), *_any_task(agenda, said)]
    return _content(said, "head", agenda, ("late", "tasks", "runs"), controls)


def digest(ctx: Context, message: Message) -> Content:
    """Return what a digest shows now; the weekly one is longer."""
    ctx = ctx.to(ctx.reader_of(message.person_id))
    weekly = message.part > 1
    agenda = agenda_of(ctx, message.person_id)
    said = _said(ctx, message.person_id, agenda, LONGER if weekly else TASKS)
    if agenda.is_empty:
        return Content(said["all_done"])
    which: Literal["weekly", "daily"] = "weekly" if weekly else "daily"
    off = DIGEST_OFF.button(said[f"{which}_off"], Setting(which, "off"))
    names = ("late", "tasks", "runs") if weekly else ("late", "tasks")
    return _content(said, which, agenda, names, [*_next(ctx, agenda, said), off])


def _content(
    said: Said, block: str, agenda: Agenda, names: Sequence[str], controls: Sequence[Button | Menu]
) -> Content:
    text = "\n\n".join(said[f"part_{name}"] for name in names if getattr(agenda, name)) or said["all_done"]
    return Content(
        said[block], (Card(colour="red" if agenda.late else "blue", fields=unfolded(text), controls=tuple(controls)),)
    )


def _said(ctx: Context, person_id: str, agenda: Agenda, limit: int) -> Said:
    return ctx.say(
        "agenda",
        tasks=[_task(ctx, task, run) for task, run in agenda.tasks[:limit]],
        more_tasks=max(0, len(agenda.tasks) - limit),
        count=len(agenda.tasks),
        late=[{"name": run.name, "link": ctx.run_link(run), "due_at": run.update_due_at} for run in agenda.late[:RUNS]],
        late_count=len(agenda.late),
        runs=[_run(ctx, run, person_id) for run in agenda.runs[:RUNS]],
        more_runs=max(0, len(agenda.runs) - RUNS),
    )


def _task(ctx: Context, task: Task, run: Run) -> dict[str, Any]:
    numbered = progress(ctx, run).numbered(task.id)
    return {
        "number": numbered.number if numbered else "",
        "title": shorten(task.title, 80),
        "run": run.name,
        "link": ctx.run_link(run),
        "due_at": task.due_at,
        "late": task.is_overdue(ctx.now),
        "age": age_of(ctx, task),
    }


def _run(ctx: Context, run: Run, person_id: str) -> dict[str, Any]:
    standing = progress(ctx, run)
    return {
        "name": run.name,
        "link": ctx.run_link(run),
        "mine": run.owner_id == person_id,
        "done": standing.done,
        "total": standing.total,
    }


def _next(ctx: Context, agenda: Agenda, said: Said) -> Iterator[Button]:
    """Return what is next as buttons: the first overdue update, and the first tasks."""
    for run in agenda.late[:1]:
        yield UPDATE_ASK.button(said["post_update"], OfRun(run.id), "primary")
    for task, _ in agenda.tasks[:BUTTONS]:
        label = ctx.say("agenda", title=shorten(task.title, LABEL_LIMIT - len("✓ ")))["done"]
        yield TODO_DONE.button(label, OfTask(task.id), "good")


def _any_task(agenda: Agenda, said: Said) -> Iterator[Menu]:
    """Return the menu that leads to everything about any of the tasks."""
    if agenda.tasks:
        options = [
            Option(f"{plain(shorten(task.title, 50))} · {plain(shorten(run.name, 30))}", str(task.id))
            for task, run in agenda.tasks[:LONGER]
        ]
        yield TASK_PICK.menu(said["any_task"], options)
