"""What somebody has to do over all channels: asked for, and ticked off where it is shown."""

from handlers.context import Context
from handlers.effects import Answer, Content, Effects, Redraw, Tell
from handlers.events import ButtonPressed, CommandGiven
from handlers.operations.edit_tasks import turn_tasks
from handlers.rules.progress import Numbered
from handlers.views.agenda import todo
from store import Run


def shown(event: CommandGiven | ButtonPressed, _: str | Run, ctx: Context) -> Effects:
    """`todo`, and *What I have to do* in the card's menu."""
    yield Answer(content=todo(ctx, event.asker.id))


def done_by_button(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """The button of a task: done, and gone from the message where that stays."""
    task = one.task
    who = ctx.username(task.changed_by) if task.changed_by else ""
    said = ctx.say("agenda", title=task.title, run=run, who=who)
    block = "done_now" if task.is_open else "done_before"
    if task.is_open:
        yield from turn_tasks(ctx, run, [one], "check", event.asker, label=task.title)
    if event.message_id:
        yield Redraw(message_id=event.message_id, again=True)
    else:
        yield Tell(person_id=event.asker.id, place_id=event.place.id, content=Content(said[block]))
