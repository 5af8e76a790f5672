"""Keeping a message of the bot's own: making one, and showing new content in one that stands."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Content, Edit, Post
from store import Message, Run


def post(ctx: Context, message: Message, content: Content, root_id: str = "") -> Iterator[Post]:
    """Remember a message of the bot's own and post it to its channel."""
    row = ctx.store.add(message)
    assert row.id is not None
    yield Post(message_id=row.id, place_id=row.place_id, content=content, root_id=root_id)


def show(message: Message, content: Content) -> Iterator[Edit]:
    """Show new content in a message, unless it was deleted."""
    if message.gone_at is not None:
        return
    assert message.id is not None
    message.revision += 1
    yield Edit(message_id=message.id, content=content, revision=message.revision)


def note(ctx: Context, run: Run, text: str) -> Iterator[Post]:
    """Say something in a run's channel that nobody answers."""
    yield from post(ctx, Message(kind="note", run_id=run.id, place_id=run.channel_id or ""), Content(text))
