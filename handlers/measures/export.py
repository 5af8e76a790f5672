"""A run as files, asked for in chat; they come by direct message."""

from handlers.context import Context
from handlers.effects import Effects, SendRun
from handlers.events import ButtonPressed, CommandGiven
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`export`, `export #12`."""
    yield from asked(event, run, ctx)


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Export* in the card's menu."""
    yield SendRun(run_id=run.id, person_id=event.asker.id)
    yield ctx.answer("export", "sent", run=run)
