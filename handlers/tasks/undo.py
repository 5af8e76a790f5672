"""Taking back what was changed in a run's tasks, and telling what was."""

from handlers.context import Context
from handlers.effects import Answer, Effects, Refuse
from handlers.events import ButtonPressed, CommandGiven, Press
from handlers.operations.undo_change import last_change, undo_change
from handlers.payloads import ChangeOfRun
from handlers.rules import permissions, task_lookup
from handlers.rules.progress import progress
from handlers.views.history import history
from handlers.views.listed import listed
from handlers.views.undo import described
from store import Change, Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`undo`: the last thing that the asker changed in this run."""
    done = yield from undo_change(ctx, run, last_change(ctx, run, event.asker), event.asker)
    yield ctx.answer("undo", "undone", **described(ctx, done))


def by_menu(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Undo my last change* of the card's menu."""
    yield from _press(event, run, last_change(ctx, run, event.asker), ctx)


def by_button(event: Press[ChangeOfRun], run: Run, ctx: Context) -> Effects:
    """*Undo* on an answer: just what that answer told."""
    change = ctx.store.change(event.payload.run_id, event.payload.key)
    if change is None:
        raise permissions.gone(ctx)
    yield from _press(event, run, change, ctx)


def history_of(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`history 2.3`: who did what to a task, and when."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "history")
    yield Answer(content=listed(ctx, history(ctx, run, found[0])))


def _press(event: ButtonPressed, run: Run, change: Change, ctx: Context) -> Effects:
    done = yield from undo_change(ctx, run, change, event.asker)
    said = ctx.say("undo", **described(ctx, done))
    yield Refuse(title=said["undone_title"], text=said["undone"])
