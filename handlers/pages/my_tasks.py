"""The page of what somebody has to do over all runs: late updates, tasks, and what is to be done after the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.context import Context
from handlers.pages.asked import Asked
from handlers.pages.run_tasks import TaskShown, task_shown
from handlers.pages.standing import Standing, standing_of
from handlers.rules import permissions
from handlers.rules.assignees import people_of
from handlers.rules.follow_ups import age_of
from handlers.rules.progress import progress
from handlers.views.agenda import agenda_of
from store import Run, Task

MOST = 200
"""How many tasks and runs the page has at most."""
LATELY = timedelta(days=30)
"""For how long a follow-up that is done stays on the page."""


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task with its run; `may_change` tells whether who looks may work on it there.

    `age` is for how many days a follow-up is agreed on, None of any other task.
    """

    task: TaskShown
    run: int
    name: str
    may_change: bool
    age: int | None


@dataclass(frozen=True, slots=True)
class TasksPage:
    """What somebody has to do, and which follow-ups they have `done` lately: `more` of all are not on the page."""

    late: tuple[Standing, ...]
    tasks: tuple[OwnTask, ...]
    follow_ups: tuple[OwnTask, ...]
    done: tuple[OwnTask, ...]
    runs: tuple[Standing, ...]
    more: int

    @property
    def is_empty(self) -> bool:
        """Return whether nothing waits; what is done does not."""
        return not (self.late or self.tasks or self.follow_ups or self.runs)


def tasks_page(ctx: Context, asked: Asked) -> TasksPage:
    """Return what who asks has to do, as `todo` tells it."""
    agenda = agenda_of(ctx, asked.asker.id)
    tasks, done = _seen(ctx, asked, agenda.tasks), list(_done(ctx, asked))
    after = [(task, run) for task, run in tasks if _is_follow_up(ctx, task)]
    before = [one for one in tasks if one not in after]
    return TasksPage(
        late=tuple(standing_of(ctx, run) for run in agenda.late[:MOST]),
        tasks=tuple(_own(ctx, asked, *one) for one in before[:MOST]),
        follow_ups=tuple(_own(ctx, asked, *one) for one in after[:MOST]),
        done=tuple(_own(ctx, asked, *one) for one in done[:MOST]),
        runs=tuple(standing_of(ctx, run) for run in agenda.runs[:MOST]),
        more=sum(max(0, len(found) - MOST) for found in (before, after, done, agenda.runs)),
    )


def _seen(ctx: Context, asked: Asked, found: Sequence[tuple[Task, Run]]) -> list[tuple[Task, Run]]:
    return [(task, run) for task, run in found if permissions.is_listed(ctx, asked.asker, run)]


def _done(ctx: Context, asked: Asked) -> Iterator[tuple[Task, Run]]:
    """Yield the follow-ups of who asks that were done lately."""
    for task, run in _seen(ctx, asked, ctx.store.follow_ups_done(asked.asker.id, ctx.now - LATELY)):
        if asked.asker.id in people_of(ctx, run, task):
            yield task, run


def _is_follow_up(ctx: Context, task: Task) -> bool:
    row = ctx.store.checklist(task.checklist_id)
    return row is not None and row.kind == "follow_ups"


def _own(ctx: Context, asked: Asked, task: Task, run: Run) -> OwnTask:
    one = progress(ctx, run).by_id[task.id]
    may_change = permissions.is_offered(ctx, "change", asked.asker, run)
    return OwnTask(task_shown(ctx, run, one, asked.asker), run.id, run.name, may_change, age_of(ctx, task))
