"""How many of a run's tasks are open, in progress, done and skipped: told to who asks."""

from collections import Counter

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import ButtonPressed, CommandGiven
from handlers.rules.progress import progress
from handlers.rules.task_edit import STATES
from store import Run


def pulse(event: CommandGiven | ButtonPressed, run: Run, ctx: Context) -> Effects:
    """`pulse`, and *How many tasks are done* in the card's menu."""
    states = Counter(one.task.seen().state for one in progress(ctx, run).tasks)
    yield ctx.answer("pulse", "text", name=run.name, **{state: states[state] for state in STATES})
