"""The words that a run's playbook welcomes everybody with, in its channel."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Post
from handlers.playbooks.playbook import playbook_of
from handlers.views.keep import note
from store import Run


def welcome_all(ctx: Context, run: Run) -> Iterator[Post]:
    """Say in a run's channel what its playbook welcomes everybody with."""
    book = playbook_of(run.definition)
    yield from note(ctx, run, ctx.say("people", run=run, playbook=book.title, welcome=book.welcome), "welcome_here")
