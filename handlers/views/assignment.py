"""What those whom a task is for see in their direct messages: that it is theirs, and how it stands."""

from collections.abc import Collection
from typing import Literal

from handlers.context import Context
from handlers.controls import TASK_DONE, TASK_OPEN, TASK_RUN, TASK_START
from handlers.effects import Button, Card, Content, Effects
from handlers.payloads import OfTask
from handlers.rules.assignees import people_of
from handlers.rules.follow_ups import is_workable
from handlers.rules.jobs import plan_digest
from handlers.rules.progress import Progress, progress
from handlers.rules.teams import outside
from handlers.text.sentences import Said
from handlers.text.words import Safe
from handlers.views.attributes import around_in_words
from handlers.views.keep import take_away, tell
from store import Message, Run, Task

Standing = Literal["open", "done", "skipped", "removed", "over", "not_yours"]
"""How a task stands for one person; each has its line in `templates/messages/assignment.md.j2`, but for `open`."""


def tell_assigned(ctx: Context, run: Run, task: Task, person_id: str) -> Effects:
    """Tell somebody that a task is theirs now, and how many more are; an older message about it is taken away."""
    plan_digest(ctx, person_id)
    if outside(ctx, run, [person_id]):
        return
    for old in ctx.store.messages("assignment", run_id=run.id):
        if (old.task_id, old.person_id) == (task.id, person_id):
            yield from take_away(ctx, old)
    message = Message(kind="assignment", run_id=run.id, task_id=task.id, person_id=person_id)
    yield from tell(ctx, message, assignment(ctx, run, message, progress(ctx, run)))


def tell_planned(ctx: Context, run: Run, but: Collection[str]) -> Effects:
    """Tell everybody whom a run's playbook gives something, `but` those who know, of their first task in it."""
    told = {*but}
    for one in progress(ctx, run).open:
        for person_id in people_of(ctx, run, one.task):
            if person_id not in told:
                told.add(person_id)
                yield from tell_assigned(ctx, run, one.task, person_id)


def assignment(ctx: Context, run: Run, message: Message, standing: Progress) -> Content:
    """Return what somebody sees now of a task that was given to them."""
    ctx = ctx.to(ctx.reader_of(message.person_id))
    said, state = about_task(ctx, run, message, message.task_id, standing)
    task = ctx.store.task(message.task_id)
    if task is None or state != "open":
        return Content("", (Card(colour="green" if state == "done" else "grey", text=said[state]),))
    done, look = task_controls(said, task.id)
    start = (TASK_START.button(said["start_button"], OfTask(task.id)),) if task.state == "open" else ()
    ready = task.command and task.ran_at is None
    run_it = (TASK_RUN.button(said["run_button"], OfTask(task.id), "primary"),) if ready else ()
    text = f"{said['details']}\n\n{around_in_words(ctx, run, task)}".strip()
    return Content(said["assigned"], (Card(colour="blue", text=text, controls=(done, *run_it, *start, look)),))


def task_controls(said: Said, task_id: int) -> tuple[Button, Button]:
    """Return the buttons that every direct message about an open task has: done, and everything about it."""
    of = OfTask(task_id)
    return TASK_DONE.button(said["done_button"], of, "good"), TASK_OPEN.button(said["open_button"], of)


def about_task(
    ctx: Context, run: Run, message: Message, task_id: int | None, standing: Progress
) -> tuple[Said, Standing]:
    """Return the sentences about a task of a message, and how it stands for the message's person."""
    task = ctx.store.task(task_id)
    numbered = standing.numbered(task_id)
    mine = [
        one
        for one in standing.open
        if is_workable(ctx, run, one.task.checklist_id) and message.person_id in people_of(ctx, run, one.task)
    ]
    said = ctx.say(
        "assignment",
        run=run,
        link=ctx.run_link(run),
        number=Safe(numbered.number if numbered else ""),
        task=task,
        more=len(mine) - 1,
        who=ctx.username(task.changed_by) if task and task.changed_by else "",
    )
    return said, standing_of(ctx, run, message, task_id, standing)


def standing_of(ctx: Context, run: Run, message: Message, task_id: int | None, standing: Progress) -> Standing:
    """Return how a task stands for the person of a message."""
    numbered = standing.numbered(task_id)
    if numbered is None:
        return "removed"
    match numbered.task.state:
        case "done" | "skipped" as settled:
            return settled
        case _ if not is_workable(ctx, run, numbered.task.checklist_id):
            return "over"
        case _:
            return "open" if message.person_id in people_of(ctx, run, numbered.task) else "not_yours"
