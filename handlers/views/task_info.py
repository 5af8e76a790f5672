"""All that is known of tasks, for who asks: how they stand, what they are about, and what completes them."""

from collections.abc import Sequence
from typing import Any

from handlers.context import Context
from handlers.controls import TASK_OPEN, TASK_TAKE
from handlers.effects import Card, Content
from handlers.payloads import OfTask
from handlers.rules.assignees import named, sayings
from handlers.rules.progress import Numbered
from handlers.text.sentences import Said
from handlers.text.words import Safe
from handlers.views.attributes import around_in_words
from store import Run


def task_info(ctx: Context, run: Run, found: Sequence[Numbered], *, may_change: bool) -> Content:
    """Return what is known of tasks; of a single one with the button that opens its dialog, where it may be changed."""
    text = "\n\n".join(info_of(ctx, run, one)["info"] for one in found)
    if len(found) > 1 or not may_change:
        return Content(text)
    said, of = ctx.say("task"), OfTask(found[0].task.id)
    take = (TASK_TAKE.button(said["take"], of),) if found[0].task.is_open and not found[0].task.assignees else ()
    return Content(text, (Card(controls=(*take, TASK_OPEN.button(said["info_open"], of))),))


def of_task(ctx: Context, run: Run, one: Numbered, **more: Any) -> Said:
    """Return the sentences about a task, what it is about, what it needs, and what completes it."""
    task = one.task
    words, people = sayings(ctx, task.words, task.words_by)
    about = {"title": task.title, "description": task.description, "command": task.command}
    more |= {"around": around_in_words(ctx, run, task), "words": words, "people": people}
    return ctx.say("task", number=Safe(one.number), **about, **more)


def info_of(ctx: Context, run: Run, one: Numbered) -> Said:
    """Return all that is known of a task."""
    task = one.task
    return of_task(
        ctx,
        run,
        one,
        state=Safe(ctx.say("task")[f"state_{task.state}"]),
        assignees=named(ctx, run, task.assignees),
        due_at=task.due_at,
        late=task.is_overdue(ctx.now),
        who=ctx.username(task.changed_by) if task.changed_by else "",
        changed_at=task.changed_at,
    )
