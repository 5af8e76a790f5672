"""What a run's playbook says of a task of the run, and whether the task is there by its condition."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.playbook import Task as PlannedTask
from handlers.playbooks.playbook import playbook_of
from handlers.rules.attributes import attributes_of, kept_values, values_of
from handlers.rules.conditions import is_met
from store import Run, Task


@dataclass(frozen=True, slots=True)
class Turned:
    """The ids of tasks that have come into their checklists, and of those that have gone out of them."""

    appeared: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()


@dataclass(slots=True)
class Read:
    """The tasks of a run's playbook as they were read; that holds for just this definition."""

    of: object = None
    tasks: tuple[PlannedTask, ...] = ()


def planned_tasks(ctx: Context, run: Run) -> tuple[PlannedTask, ...]:
    """Return the tasks of a run's playbook, in the order of their numbers."""
    read = ctx.store.beside(run.id, Read)
    # Each task of a list asks for them when it is drawn, and the definition changes as a whole.
    if read.of is not run.definition:
        read.of, read.tasks = run.definition, playbook_of(run.definition).tasks
    return read.tasks


def planned_task(ctx: Context, run: Run, task: Task) -> PlannedTask | None:
    """Return what the run's playbook says of a task, or of the one that it is a copy of; None where people added it."""
    planned = planned_tasks(ctx, run) if task.planned else ()
    return planned[task.planned - 1] if 0 < task.planned <= len(planned) else None


def is_met_now(ctx: Context, run: Run, task: Task) -> bool:
    """Return whether the condition of a task is met now; what has none always is."""
    planned = planned_task(ctx, run, task)
    return planned is None or planned.when is None or is_met(planned.when, values_of(ctx, run))


def missing_for(ctx: Context, run: Run, task: Task) -> list[Attribute]:
    """Return the attributes that a task needs before it can be done, and that have no value yet."""
    planned = planned_task(ctx, run, task)
    if planned is None or not planned.needs:
        return []
    kept = kept_values(ctx, run)
    return [one for one in attributes_of(run) if one.name in planned.needs and not kept[one.name]]


def settle_conditions(ctx: Context, run: Run) -> Turned:
    """Let those tasks be there whose conditions are met by the run's attributes now, and hide the others.

    What people have touched stays. In a run that is over all stays as it was at the end.
    """
    if not run.is_active:
        return Turned()
    tasks = ctx.store.task_rows(run.id)
    # Where a newer version drops the last condition, what was hidden by it is still to come back.
    if not any(one.when for one in planned_tasks(ctx, run)) and not any(one.hidden for one in tasks):
        return Turned()
    values, turned = values_of(ctx, run), dict[int, bool]()
    for task in tasks:
        planned = planned_task(ctx, run, task)
        hidden = planned is not None and not task.touched and not is_met(planned.when, values)
        if task.hidden != hidden:
            task.hidden = hidden
            turned[task.id] = hidden
    if turned:
        ctx.rearranged.add(run.id)
    return Turned(
        frozenset(one for one, hidden in turned.items() if not hidden),
        frozenset(one for one, hidden in turned.items() if hidden),
    )
