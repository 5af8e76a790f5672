"""What is answered to a change of a run's tasks, with the button that takes it back."""

from collections.abc import Sequence
from typing import Any

from handlers.context import Context
from handlers.effects import Answer
from handlers.rules import task_lookup
from handlers.rules.progress import Numbered
from handlers.views.undo import answered
from store import Run


def answer(
    ctx: Context, run: Run, key: str, tasks: Sequence[Numbered], template: str, block: str, **values: Any
) -> Answer:
    """Answer with a sentence about tasks; where nothing changed, which has no key, with one that says so."""
    said = ctx.say(template, what=task_lookup.what(ctx, tasks), count=len(tasks), **values)
    text = said[block if key or "unchanged" not in said else "unchanged"]
    return Answer(content=answered(ctx, run, text, key))
