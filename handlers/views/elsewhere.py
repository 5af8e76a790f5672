"""Drawing anew the messages that name a run's channel, or its name where its channel decides who may read it."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Redraw
from handlers.views.prompt import refresh_questions
from store import Run


def shown_elsewhere(ctx: Context, run: Run) -> Iterator[Redraw]:
    """Draw anew what shows where a run is and what its channel is called, or shows its name to people outside."""
    yield from refresh_questions(ctx, run)
    messages = [
        message
        for prompt in ctx.store.prompts_of(run.id)
        for message in ctx.store.messages("prompt", prompt_id=prompt.id)
    ]
    for kind in ("card", "assignment", "task_reminder"):
        messages += ctx.store.messages(kind, run_id=run.id)
    yield from (Redraw(message_id=message.id) for message in messages)
