"""What became of a run's tasks: done, skipped, late, added by hand, and how long each took."""

from datetime import datetime

from handlers.figures.evidence import Evidence, planned_titles
from handlers.figures.run_facts import TaskFacts
from handlers.figures.working_time import seconds
from store import Task


def tasks_of(evidence: Evidence) -> tuple[TaskFacts, ...]:
    """Return what became of each task, in their order; a task of the playbook is called as there."""
    titles = planned_titles(evidence.book)
    end = evidence.run.finished_at or evidence.now
    return tuple(
        TaskFacts(
            task_id=task.id,
            title=titles.get(task.planned, task.title),
            list_title=list_title,
            planned=task.planned,
            state=task.state,
            due_at=task.due_at,
            done_at=task.changed_at if task.state == "done" else None,
            done_by=task.changed_by if task.state == "done" else "",
            is_late=_is_late(task, end),
            is_added=not task.planned and bool(evidence.book.checklists),
            took_s=_took(evidence, task),
        )
        for task, list_title in evidence.tasks
    )


def _is_late(task: Task, end: datetime) -> bool:
    """Return whether a task was done after its time, or was still open when the run ended, and its time was over."""
    if task.due_at is None or task.state == "skipped":
        return False
    was_open_until = task.changed_at if task.state == "done" and task.changed_at is not None else end
    return task.due_at < was_open_until


def _took(evidence: Evidence, task: Task) -> int | None:
    """Return how long a task that is done took from when somebody began it last; None where nobody said so."""
    if task.state != "done" or task.changed_at is None:
        return None
    begun = [
        one.at
        for one in evidence.of("task_in_progress")
        if one.at <= task.changed_at and one.details.get("task", task.id if one.subject == task.title else 0) == task.id
    ]
    return seconds(begun[-1], task.changed_at) if begun else None
