"""All that is known of tasks, for who asks: how they stand, what they are about, and what completes them."""

from collections.abc import Sequence
from typing import Any

from handlers.context import Context
from handlers.controls import TASK_OPEN
from handlers.effects import Card, Content
from handlers.payloads import OfTask
from handlers.rules.assignees import named, sayings
from handlers.rules.planned_tasks import is_met_now, planned_task
from handlers.rules.progress import Numbered
from handlers.text.sentences import Said
from handlers.text.words import Safe
from handlers.views.attributes import condition_of, needs_of
from store import Run


def task_info(ctx: Context, run: Run, found: Sequence[Numbered], *, may_change: bool) -> Content:
    """Return what is known of tasks; of a single one with the button that opens its dialog, where it may be changed."""
    text = "\n\n".join(_about(ctx, run, one) for one in found)
    if len(found) > 1 or not may_change:
        return Content(text)
    button = TASK_OPEN.button(ctx.say("task")["info_open"], OfTask(found[0].task.id))
    return Content(text, (Card(controls=(button,)),))


def of_task(ctx: Context, one: Numbered, **more: Any) -> Said:
    """Return the sentences about a task, what it is about, and what completes it."""
    task = one.task
    words, people = sayings(ctx, task.words, task.words_by)
    about = {"title": task.title, "description": task.description, "command": task.command}
    return ctx.say("task", number=Safe(one.number), words=words, people=people, **about, **more)


def _about(ctx: Context, run: Run, one: Numbered) -> str:
    task, planned = one.task, planned_task(run, one.task)
    said = of_task(
        ctx,
        one,
        state=Safe(ctx.say("task")[f"state_{task.state}"]),
        assignees=named(ctx, run, task.assignees),
        due_at=task.due_at,
        late=task.is_overdue(ctx.now),
        who=ctx.username(task.changed_by) if task.changed_by else "",
        changed_at=task.changed_at,
        when=condition_of(ctx, run, task),
        is_met=is_met_now(ctx, run, task),
        needs=needs_of(ctx, run, task),
        links=[(one.title or one.url, one.url) for one in planned.links] if planned is not None else [],
    )
    return said["info"]
