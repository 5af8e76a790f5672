"""A run's checklists as a page shows them, each task with all that is known of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.events import Person
from handlers.rules.assignees import ROLE, holder, people_of
from handlers.rules.condition_words import condition_of
from handlers.rules.follow_ups import is_workable
from handlers.rules.planned_tasks import is_met_now, planned_task
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_form_values import due_words, who_words
from handlers.text.words import mention
from handlers.views.attributes import needs_of
from store import Run


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task; `description` is Markdown, `people` are names and roles, `who` and `due` are as a form has them.

    `says` are the words that complete it, `by` the names of who is to say them. `when` is the condition on which it is
    there, which `is_met` or was; it `needs` attributes, each with its value, before it can be done. `links` are called,
    and lead somewhere.
    """

    id: int
    number: str
    title: str
    description: str
    state: str
    people: tuple[str, ...]
    who: str
    due_at: datetime | None
    due: str
    is_late: bool
    is_mine: bool
    changed_by: str
    changed_at: datetime | None
    command: str
    says: tuple[str, ...]
    by: tuple[str, ...]
    by_update: bool
    when: str
    is_met: bool
    needs: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "in_progress")


@dataclass(frozen=True, slots=True)
class ListShown:
    """A checklist; people may work on one that is `workable`."""

    id: int
    title: str
    workable: bool
    tasks: tuple[TaskShown, ...]

    @property
    def done(self) -> int:
        return sum(not one.is_open for one in self.tasks)


def lists_of(ctx: Context, run: Run, asker: Person) -> tuple[ListShown, ...]:
    """Return a run's checklists."""
    standing = progress(ctx, run)
    return tuple(
        ListShown(
            row.id,
            row.title,
            is_workable(ctx, run, row.id),
            tuple(task_shown(ctx, run, one, asker) for one in standing.of(row)),
        )
        for row in standing.checklists
    )


def task_shown(ctx: Context, run: Run, one: Numbered, asker: Person) -> TaskShown:
    """Return what is known of a task."""
    task, planned = one.task, planned_task(ctx, run, one.task)
    return TaskShown(
        id=task.id,
        number=one.number,
        title=task.title,
        description=task.description,
        state=task.state,
        people=tuple(dict.fromkeys(_named(ctx, run, task.assignees))),
        who=who_words(ctx, task),
        due_at=task.due_at,
        due=due_words(task, asker),
        is_late=task.is_overdue(ctx.now) and is_workable(ctx, run, task.checklist_id),
        is_mine=asker.id in people_of(ctx, run, task),
        changed_by=ctx.username(task.changed_by) if task.changed_by else "",
        changed_at=task.changed_at,
        command=task.command,
        says=tuple(task.words),
        by=tuple(mention(ctx.username(each)) for each in task.words_by),
        by_update=task.by_update,
        when=condition_of(ctx, run, task),
        is_met=is_met_now(ctx, run, task),
        needs=tuple((each["name"], each["value"]) for each in needs_of(ctx, run, task)),
        links=tuple((each.called, each.url) for each in planned.links) if planned is not None else (),
    )


def _named(ctx: Context, run: Run, assignees: list[str]) -> Iterator[str]:
    """Yield whom a task is for: names, and roles with who has them."""
    for one in assignees:
        role = one.removeprefix(ROLE) if one.startswith(ROLE) else ""
        person = holder(ctx, run, role) if role else one
        name = mention(ctx.username(person)) if person else ""
        yield f"{role} ({name})" if role and name else role or name
