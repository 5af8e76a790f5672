"""Keeping a message of the bot's own: making one, showing new content in one that stands, and taking one away."""

import hashlib
from collections.abc import Iterator

import msgspec

from handlers.context import Context
from handlers.effects import Content, Delete, Edit, Post, Tell
from handlers.rules import permissions
from store import Message, Run


def post(ctx: Context, message: Message, content: Content, root_id: str = "") -> Iterator[Post]:
    """Remember a message of the bot's own and post it to its channel."""
    message.digest = _digest(content)
    row = ctx.store.add(message)
    yield Post(message_id=row.id, place_id=row.place_id, content=content, root_id=root_id)


def tell(ctx: Context, message: Message, content: Content) -> Iterator[Tell]:
    """Remember a message of the bot's own and send it to its person directly, with buttons that work."""
    message.digest = _digest(content)
    row = ctx.store.add(message)
    yield Tell(person_id=row.person_id, content=content, message_id=row.id)


def tell_about(ctx: Context, run: Run, person_id: str, content: Content) -> Iterator[Tell]:
    """Tell somebody something about a run directly, as long as they are told of it."""
    if not permissions.is_over_for(ctx, run, person_id):
        yield Tell(person_id=person_id, content=content)


def shows(message: Message, content: Content) -> bool:
    """Return whether a message is known to show just this."""
    return _digest(content) == message.digest


def remember(message: Message, content: Content) -> None:
    """Take note of what a message shows in the end."""
    message.digest = _digest(content)


def show(message: Message, content: Content, *, again: bool = False) -> Iterator[Edit]:
    """Show content in a message, unless it was deleted, or shows just that already; `again` shows it all the same."""
    digest = _digest(content)
    if message.gone_at is not None or (digest == message.digest and not again):
        return
    message.revision += 1
    message.digest = digest
    yield Edit(message_id=message.id, content=content, revision=message.revision)


def take_away(ctx: Context, message: Message) -> Iterator[Delete]:
    """Delete a message that is not needed any more."""
    message.gone_at = ctx.now
    yield Delete(message_id=message.id)


def note(ctx: Context, run: Run, text: str) -> Iterator[Post]:
    """Say something in a run's channel that nobody answers."""
    yield from post(ctx, Message(kind="note", run_id=run.id, place_id=run.channel_id or ""), Content(text))


def _digest(content: Content) -> str:
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=12).hexdigest()
