"""What the lasting messages of the bot's should show now, whichever they are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from handlers.context import Context
from handlers.effects import Content, Edit
from handlers.messages.reactions import usable
from handlers.rules import permissions
from handlers.rules.progress import Progress, progress
from handlers.views import prompt as prompts
from handlers.views.agenda import digest
from handlers.views.assignment import assignment
from handlers.views.attributes import asking
from handlers.views.card import card
from handlers.views.checklist import checklist
from handlers.views.editing import editing_card
from handlers.views.keep import show
from handlers.views.news import news
from handlers.views.retro_shown import draft, published
from handlers.views.task_reminder import reminder
from store import Message, MessageKind, Run


def redraw(ctx: Context, stale: Mapping[int, bool]) -> Iterator[Edit]:
    """Show in messages, by id, how things stand; the value tells to do so even where a message shows it already."""
    # What is drawn for nobody who waits asks nobody.
    ctx = replace(ctx, asks=False)
    for message_id, again in stale.items():
        message = ctx.store.message(message_id)
        content = current(ctx, message) if message is not None else None
        if message is not None and content is not None:
            yield from show(message, usable(ctx, message, content), again=again)


def current(ctx: Context, message: Message) -> Content | None:
    """Return what a message shows now; None for what is said once, and for who is told nothing of the run any more."""
    # Nobody waits for a drawing who could ask the server.
    ctx = replace(ctx, asks=False)
    if message.kind == "prompt":
        prompt = ctx.store.prompt(message.prompt_id)
        return prompts.current(ctx, prompt) if prompt is not None else None
    if message.kind == "digest":
        return digest(ctx, message)
    if message.kind == "editing":
        row = ctx.store.playbook(message.playbook_id or 0)
        return editing_card(ctx, row, message) if row is not None else None
    run = ctx.store.run(message.run_id) if message.run_id is not None else None
    if run is None or (message.person_id and permissions.is_over_for(ctx, run, message.person_id)):
        return None
    draw = DRAWN.get(message.kind)
    return draw(ctx, run, message, progress(ctx, run)) if draw is not None else None


def _checklist(ctx: Context, run: Run, message: Message, standing: Progress) -> Content | None:
    row = next((one for one in standing.checklists if one.id == message.checklist_id), None)
    return checklist(ctx, run, row, message.part, standing) if row is not None else None


DRAWN: Mapping[MessageKind, Callable[[Context, Run, Message, Progress], Content | None]] = {
    "assignment": assignment,
    "attributes": lambda ctx, run, message, standing: asking(ctx, run),
    "card": lambda ctx, run, message, standing: card(ctx, run, standing),
    "checklist": _checklist,
    "news": news,
    "retro": published,
    "retro_draft": draft,
    "task_reminder": reminder,
}
"""The messages that show how a run stands; all others stay as they are."""
