"""Working a checklist: tasks are done, started, skipped and opened again, by button and by command."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Answer, Effects, Redraw
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.operations.change_tasks import settled
from handlers.operations.edit_tasks import STATES, turn_tasks
from handlers.rules import task_lookup
from handlers.rules.attribute_form import fields_of
from handlers.rules.attributes import attributes_of
from handlers.rules.planned_tasks import missing_for
from handlers.rules.progress import Numbered, progress
from handlers.views.attribute_form import attributes_dialog
from handlers.views.undo import answered
from store import Run, TaskVerb


def done_by_button(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """*Done*, or the button of one of the next tasks: done, whoever else pressed it at the same time."""
    yield from _press(event, run, one, "check", ctx)


def started_by_button(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """*Start* on what the assignee was told."""
    yield from _press(event, run, one, "start", ctx)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context, verb: TaskVerb) -> Effects:
    """`check 2.3`, `uncheck 1.2-1.4`, `start 2.1, 2.2`, `skip Roll back`, `restore 2.1`."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, verb)
    yield from turned(ctx, run, found, verb, event.asker)


def turned(ctx: Context, run: Run, found: Sequence[Numbered], verb: TaskVerb, by: Person) -> Effects:
    """Turn tasks, and answer with what became of them."""
    done = yield from turn_tasks(ctx, run, found, verb, by)
    text = _changed(ctx, run, done.tasks, verb) if done.key else _unchanged(ctx, done.left)
    yield Answer(content=answered(ctx, run, text, done.key))


def _press(event: ButtonPressed, run: Run, one: Numbered, verb: TaskVerb, ctx: Context) -> Effects:
    if verb == "check" and event.trigger_id and (missing := missing_for(ctx, run, one.task)):
        fields = [each for each in fields_of(attributes_of(run)) if each[0] in missing]
        yield attributes_dialog(ctx, run, fields, one)
        return
    done = yield from turn_tasks(ctx, run, [one], verb, event.asker)
    # Who presses what is done already has an old message before them.
    if not done.key:
        yield from settled(ctx, run, again={one.task.checklist_id}, changed=())
    if event.message_id:
        yield Redraw(message_id=event.message_id, again=not done.key)


def _changed(ctx: Context, run: Run, found: Sequence[Numbered], verb: TaskVerb) -> str:
    standing, what = progress(ctx, run), task_lookup.what(ctx, found)
    said = ctx.say("task", what=what, count=len(found), done=standing.done, total=standing.total, verb=verb)
    return said[f"now_{STATES[verb]}"]


def _unchanged(ctx: Context, found: Sequence[Numbered]) -> str:
    task = found[0].task
    who = ctx.username(task.changed_by) if task.changed_by else ""
    said = ctx.say("task", what=task_lookup.what(ctx, found), who=who, number=found[0].number, count=len(found))
    return said[f"before_{task.state}" if len(found) == 1 else "before_all"]
