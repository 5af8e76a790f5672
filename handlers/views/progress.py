"""A run's tasks as people number them, and how many of them are settled."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.context import Context
from store import Checklist, Run, Task


@dataclass(frozen=True, slots=True)
class Numbered:
    """A task with its number as people read it, such as 2.3."""

    number: str
    task: Task


@dataclass(frozen=True, slots=True)
class Progress:
    """The tasks of a run in order, by their checklists; skipped ones count as done."""

    checklists: tuple[Checklist, ...]
    lists: Mapping[int | None, tuple[Numbered, ...]]

    @property
    def tasks(self) -> tuple[Numbered, ...]:
        return tuple(one for tasks in self.lists.values() for one in tasks)

    @property
    def done(self) -> int:
        return sum(one.task.is_settled for one in self.tasks)

    @property
    def total(self) -> int:
        return sum(map(len, self.lists.values()))

    @property
    def open(self) -> tuple[Numbered, ...]:
        return tuple(one for one in self.tasks if one.task.is_open)

    def of(self, checklist: Checklist) -> tuple[Numbered, ...]:
        return self.lists.get(checklist.id, ())

    def numbered(self, task_id: int) -> Numbered | None:
        return next((one for one in self.tasks if one.task.id == task_id), None)


def progress(ctx: Context, run: Run) -> Progress:
    """Return how a run stands."""
    assert run.id is not None
    checklists, tasks = tuple(ctx.store.checklists(run.id)), ctx.store.tasks(run.id)
    # The store gives the same sequence for as long as no task has come, gone or moved.
    of, known = ctx.standings.get(run.id, (None, None))
    if isinstance(known, Progress) and of is tasks and known.checklists == checklists:
        return known
    found: dict[int | None, list[Numbered]] = {one.id: [] for one in checklists}
    positions = {one.id: one.position for one in checklists}
    for task in tasks:
        found[task.checklist_id].append(Numbered(f"{positions[task.checklist_id]}.{task.position}", task))
    standing = Progress(checklists, {key: tuple(tasks) for key, tasks in found.items()})
    ctx.standings[run.id] = tasks, standing
    return standing
