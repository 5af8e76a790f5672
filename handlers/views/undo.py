"""The answer to an operation: what changed, and the button that takes it back."""

from handlers.context import Context
from handlers.controls import UNDO
from handlers.effects import Card, Content
from handlers.payloads import ChangeOfRun
from handlers.rules.change_log import Record


def answered(ctx: Context, text: str, record: Record) -> Content:
    """Return an answer with *Undo*; without where nothing changed."""
    if record.change is None:
        return Content(text)
    said = ctx.say("undo")
    if not ctx.here.buttons:
        return Content(f"{text} {said['hint']}")
    undo = UNDO.button(said["button"], ChangeOfRun(record.change.run_id, record.change.key))
    return Content(text, (Card(controls=(undo,)),))
