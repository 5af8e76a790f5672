"""The answer to an operation: what changed, and the button that takes it back."""

from collections.abc import Sequence
from typing import Any

from handlers.context import Context
from handlers.controls import UNDO
from handlers.effects import Answer, Card, Content
from handlers.payloads import ChangeOfRun
from handlers.rules.progress import Numbered
from handlers.rules.task_lookup import several_in, what
from handlers.text.words import Safe
from store import Change, Run


def answered(ctx: Context, run: Run, text: str, key: str) -> Content:
    """Return an answer with *Undo* for the change of that key; without where nothing changed."""
    if not key:
        return Content(text)
    said = ctx.say("undo")
    if not ctx.here.buttons:
        return Content(f"{text} {said['hint']}")
    return Content(text, (Card(controls=(UNDO.button(said["button"], ChangeOfRun(run.id, key)),)),))


def answer(
    ctx: Context, run: Run, key: str, tasks: Sequence[Numbered], template: str, block: str, **values: Any
) -> Answer:
    """Answer with a sentence about tasks; where nothing changed, which has no key, with one that says so."""
    said = ctx.say(template, what=what(ctx, tasks), count=len(tasks), **values)
    text = said[block if key or "unchanged" not in said else "unchanged"]
    return Answer(content=answered(ctx, run, text, key))


def described(ctx: Context, change: Change) -> dict[str, Any]:
    """Return what is told of a change: who did what, and when."""
    several = several_in(change.label)
    said = ctx.say("undo", label=Safe(ctx.say("undo", label=several)["tasks"]) if several else change.label)
    block = f"did_{change.kind}"
    return {
        "who": ctx.username(change.by),
        "did": Safe(said[block if block in said else "did_change"]),
        "at": change.at,
    }
