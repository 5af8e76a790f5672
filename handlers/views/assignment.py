"""What those whom a task is for see in their direct messages: that it is theirs, and when it is due."""

from collections.abc import Collection
from typing import Literal

from handlers.context import Context
from handlers.controls import TASK_DONE, TASK_OPEN, TASK_SNOOZE, TASK_START
from handlers.effects import Card, Colour, Content, Effects, Option
from handlers.payloads import OfTask, TaskLater
from handlers.rules import permissions
from handlers.rules.assignees import people_of
from handlers.rules.jobs import plan_digest
from handlers.rules.progress import Progress, progress
from handlers.rules.teams import outside
from handlers.text.sentences import Said
from handlers.text.words import Safe
from handlers.views.keep import take_away, tell
from store import Message, Run, Task

SNOOZES = (15 * 60, 3600, 4 * 3600, 86400)
"""How long a person may put the reminder of a task off, in seconds."""

Word = Literal["assignment", "task_reminder"]


def tell_assigned(ctx: Context, run: Run, task: Task, person_id: str) -> Effects:
    """Tell somebody that a task is theirs now, and how many more are; an older message about it is taken away."""
    plan_digest(ctx, person_id)
    yield from _tell(ctx, run, "assignment", task, person_id)


def tell_planned(ctx: Context, run: Run, but: Collection[str]) -> Effects:
    """Tell everybody whom a run's playbook gives something, `but` those who know, of their first task in it."""
    told = {*but}
    for one in progress(ctx, run).open:
        for person_id in people_of(ctx, run, one.task):
            if person_id not in told:
                told.add(person_id)
                yield from tell_assigned(ctx, run, one.task, person_id)


def tell_due(ctx: Context, run: Run, task: Task, person_id: str) -> Effects:
    """Remind somebody of a task that is due soon, or now, unless the run is theirs to see no more."""
    if not permissions.is_over_for(ctx, run, person_id):
        yield from _tell(ctx, run, "task_reminder", task, person_id)


def assignment(ctx: Context, run: Run, message: Message, standing: Progress) -> Content:
    """Return what somebody sees of a task of theirs now, as the message's kind says."""
    ctx = ctx.to(ctx.reader_of(message.person_id))
    said, state = _said(ctx, run, message, standing)
    if state != "open":
        return Content("", (Card(colour="green" if state == "done" else "grey", text=said[state]),))
    task = ctx.store.task(message.task_id)
    assert task is not None
    of = OfTask(message.task_id or 0)
    done = TASK_DONE.button(said["done_button"], of, "good")
    look = TASK_OPEN.button(said["open_button"], of)
    if message.kind == "assignment":
        start = (TASK_START.button(said["start_button"], of),) if task.state == "open" else ()
        return Content(said["assigned"], (Card(colour="blue", text=said["details"], controls=(done, *start, look)),))
    if task.due_at is None:
        return Content("", (Card(colour="grey", text=said["not_due"], controls=(done, look)),))
    options = tuple(Option(ctx.say("assignment", seconds=one)["snooze_for"], str(one)) for one in SNOOZES)
    snooze = TASK_SNOOZE.menu(said["snooze"], options, TaskLater(of.task_id))
    late = task.is_overdue(ctx.now)
    colour: Colour = "red" if late else "amber"
    return Content(
        said["late" if late else "soon"], (Card(colour=colour, text=said["where"], controls=(done, snooze, look)),)
    )


def _tell(ctx: Context, run: Run, kind: Word, task: Task, person_id: str) -> Effects:
    if outside(ctx, run, [person_id]):
        return
    for old in ctx.store.messages(kind, run_id=run.id):
        if (old.task_id, old.person_id) == (task.id, person_id):
            yield from take_away(ctx, old)
    message = Message(kind=kind, run_id=run.id, task_id=task.id, person_id=person_id)
    yield from tell(ctx, message, assignment(ctx, run, message, progress(ctx, run)))


def _said(ctx: Context, run: Run, message: Message, standing: Progress) -> tuple[Said, str]:
    """Return the sentences about a task and how it stands for this person."""
    task = ctx.store.task(message.task_id)
    numbered = standing.numbered(message.task_id)
    mine = [one for one in standing.open if message.person_id in people_of(ctx, run, one.task)]
    said = ctx.say(
        "assignment",
        run=run,
        link=ctx.run_link(run),
        number=Safe(numbered.number if numbered else ""),
        task=task,
        more=len(mine) - 1,
        who=ctx.username(task.changed_by) if task and task.changed_by else "",
    )
    if task is None or numbered is None:
        return said, "removed"
    if task.is_settled:
        return said, task.state
    if not run.is_active:
        return said, "over"
    return said, "open" if message.person_id in people_of(ctx, run, task) else "not_yours"
