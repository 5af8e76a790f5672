"""What a lasting message of the bot's should show now, whichever it is."""

from handlers.context import Context
from handlers.effects import Content
from handlers.views import prompt as prompts
from handlers.views.card import card
from handlers.views.checklist import checklist
from handlers.views.progress import progress
from store import Message


def current(ctx: Context, message: Message) -> Content | None:
    """Return the content of a card, a checklist or a prompt as things stand; None for what is said once."""
    if message.kind == "prompt":
        prompt = ctx.store.prompt(message.prompt_id or 0)
        return prompts.current(ctx, prompt) if prompt is not None else None
    run = ctx.store.run(message.run_id) if message.run_id is not None else None
    if run is None:
        return None
    if message.kind == "card":
        return card(ctx, run)
    standing = progress(ctx, run)
    row = next((one for one in standing.checklists if one.id == message.checklist_id), None)
    return checklist(ctx, run, row, message.part, standing) if row is not None else None
