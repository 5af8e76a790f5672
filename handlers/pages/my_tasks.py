"""The page of what somebody has to do over all runs: late updates, tasks, and what is to be done after the end."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.pages.asked import Asked
from handlers.pages.run_tasks import TaskShown, task_shown
from handlers.pages.standing import Standing, standing_of
from handlers.rules import permissions
from handlers.rules.progress import progress
from handlers.views.agenda import agenda_of
from store import Run, Task

MOST = 200
"""How many tasks and runs the page has at most."""


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task with its run; `may_change` tells whether who looks may work on it there."""

    task: TaskShown
    run: int
    name: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class TasksPage:
    """What somebody has to do: `more` tasks and runs are not on the page."""

    late: tuple[Standing, ...]
    tasks: tuple[OwnTask, ...]
    follow_ups: tuple[OwnTask, ...]
    runs: tuple[Standing, ...]
    more: int

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.tasks or self.follow_ups or self.runs)


def tasks_page(ctx: Context, asked: Asked) -> TasksPage:
    """Return what who asks has to do, as `todo` tells it."""
    agenda = agenda_of(ctx, asked.asker.id)
    tasks = [(task, run) for task, run in agenda.tasks if permissions.is_listed(ctx, asked.asker, run)]
    after = [(task, run) for task, run in tasks if _is_follow_up(ctx, task)]
    before = [one for one in tasks if one not in after]
    return TasksPage(
        late=tuple(standing_of(ctx, run) for run in agenda.late[:MOST]),
        tasks=tuple(_own(ctx, asked, *one) for one in before[:MOST]),
        follow_ups=tuple(_own(ctx, asked, *one) for one in after[:MOST]),
        runs=tuple(standing_of(ctx, run) for run in agenda.runs[:MOST]),
        more=sum(max(0, len(found) - MOST) for found in (before, after, agenda.runs)),
    )


def _is_follow_up(ctx: Context, task: Task) -> bool:
    row = ctx.store.checklist(task.checklist_id)
    return row is not None and row.kind == "follow_ups"


def _own(ctx: Context, asked: Asked, task: Task, run: Run) -> OwnTask:
    one = progress(ctx, run).by_id[task.id]
    may_change = permissions.is_offered(ctx, "change", asked.asker, run)
    return OwnTask(task_shown(ctx, run, one, asked.asker), run.id, run.name, may_change)
