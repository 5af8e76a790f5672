"""How many of a run's tasks are open, in progress, done and skipped: told to who asks."""

from collections import Counter
from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Content, Effect
from handlers.events import ButtonPressed, CommandGiven
from handlers.rules.progress import progress
from handlers.rules.task_edit import STATES
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`pulse`."""
    yield _pulse(ctx, run)


def by_menu(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*How many tasks are done* in the card's menu."""
    yield _pulse(ctx, run)


def _pulse(ctx: Context, run: Run) -> Answer:
    states = Counter(one.task.seen().state for one in progress(ctx, run).tasks)
    said = ctx.say("pulse", name=run.name, **{state: states[state] for state in STATES})
    return Answer(content=Content(said["text"]))
