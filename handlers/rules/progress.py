"""A run's tasks as people number them, and how many of them are settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handlers.context import Context
from store import OPEN, Checklist, Run, Task


class Numbered(NamedTuple):
    """A task with its number as people read it, such as 2.3."""

    number: str
    task: Task


@dataclass(frozen=True, slots=True)
class Progress:
    """The tasks of a run in order, all of them and by their checklists; skipped ones count as done.

    Hidden tasks are none, nor is a checklist that has no others.
    What is to be done when the run is over tells nothing of how far it has come, and is not counted.
    """

    checklists: tuple[Checklist, ...]
    lists: Mapping[int, tuple[Numbered, ...]]
    tasks: tuple[Numbered, ...]
    by_id: Mapping[int, Numbered]
    run_id: int

    @property
    def done(self) -> int:
        return sum(one.task.seen().state not in OPEN for one in self.own)

    @property
    def total(self) -> int:
        return len(self.own)

    @property
    def own(self) -> tuple[Numbered, ...]:
        """Return the tasks that are to be done before the end."""
        if not any(row.kind for row in self.checklists):
            return self.tasks
        return tuple(one for row in self.checklists if not row.kind for one in self.of(row))

    @property
    def open(self) -> tuple[Numbered, ...]:
        return tuple(one for one in self.tasks if one.task.seen().state in OPEN)

    @property
    def open_before_end(self) -> tuple[Numbered, ...]:
        return tuple(one for one in self.own if one.task.seen().state in OPEN)

    def of(self, checklist: Checklist) -> tuple[Numbered, ...]:
        return self.lists.get(checklist.id, ())

    def numbered(self, task_id: int | None) -> Numbered | None:
        return self.by_id.get(task_id or 0)


@dataclass(slots=True)
class Counted:
    """How a run stood when it was last looked at; that holds for just these tasks."""

    of: Sequence[Task] = ()
    standing: Progress | None = None


def progress(ctx: Context, run: Run) -> Progress:
    """Return how a run stands."""
    tasks = ctx.store.tasks(run.id)
    checklists = tuple(_shown(ctx.store.checklists(run.id), tasks, ctx.store.tasks(run.id, hidden=True)))
    counted = ctx.store.beside(run.id, Counted)
    # The store gives the same sequence for as long as no task has come, gone or moved.
    if counted.standing is not None and counted.of is tasks and counted.standing.checklists == checklists:
        return counted.standing
    found: dict[int, list[Numbered]] = {one.id: [] for one in checklists}
    positions = {one.id: one.position for one in checklists}
    for task in tasks:
        found[task.checklist_id].append(Numbered(f"{positions[task.checklist_id]}.{task.position}", task))
    every = tuple(one for tasks in found.values() for one in tasks)
    lists = {key: tuple(tasks) for key, tasks in found.items()}
    counted.of = tasks
    counted.standing = standing = Progress(checklists, lists, every, {one.task.id: one for one in every}, run.id)
    return standing


def _shown(rows: Sequence[Checklist], tasks: Sequence[Task], every: Sequence[Task]) -> Sequence[Checklist]:
    """Return the checklists that people see: those of which all tasks are hidden are none."""
    if len(tasks) == len(every):
        return rows
    shown, all_of = {one.checklist_id for one in tasks}, {one.checklist_id for one in every}
    return [row for row in rows if row.id in shown or row.id not in all_of]
