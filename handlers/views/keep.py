"""Keeping a message of the bot's own: making one, showing new content in one that stands, and taking one away."""

import hashlib
from collections.abc import Collection, Iterator

import msgspec
from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Content, Delete, Edit, Files, Post, Tell
from handlers.rules import permissions
from handlers.text.readers import Reader
from handlers.text.sentences import Said
from handlers.text.words import quiet
from store import Message, Run


def post(
    ctx: Context,
    message: Message,
    content: Content,
    root_id: str = "",
    under: Message | None = None,
    calls: Collection[str] = (),
    attached: Files | None = None,
) -> Iterator[Post]:
    """Remember a message of the bot's own and post it to its channel, where it notifies `calls`, by name, and nobody
    else whom it names.

    Edits notify nobody, so that names are links to people in a message that is drawn anew.
    """
    message.digest = _digest(content)
    row = ctx.store.add(message)
    yield Post(
        message_id=row.id,
        place_id=row.place_id,
        content=_quiet(content, calls),
        root_id=root_id,
        under=under.id if under is not None else None,
        attached=attached,
    )


def tell(ctx: Context, message: Message, content: Content) -> Iterator[Tell]:
    """Remember a message of the bot's own and send it to its person directly, with buttons that work."""
    message.digest = _digest(content)
    row = ctx.store.add(message)
    yield Tell(person_id=row.person_id, content=content, message_id=row.id)


def tell_about(ctx: Context, run: Run, person_id: str, said: Said, block: str) -> Iterator[Tell]:
    """Tell somebody something about a run directly, as long as they are told of it."""
    if not permissions.is_over_for(ctx, run, person_id):
        yield in_words(ctx, person_id, said, block)


def in_words(ctx: Context, person_id: str, said: Said, block: str, place_id: str = "") -> Tell:
    """Return what tells somebody just a sentence, in a channel only to them if one is named."""
    content = Content(said.to(ctx.reader_of(person_id))[block])
    return Tell(person_id=person_id, place_id=place_id, content=content)


def reader_of(ctx: Context, message: Message) -> Reader:
    """Return who reads a message of the bot's own."""
    run = ctx.store.run(message.run_id) if message.run_id is not None else None
    if message.person_id:
        return ctx.reader_of(message.person_id)
    return ctx.readers_of(run) if run is not None else ctx.everybody()


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


def note(ctx: Context, run: Run, said: Said, block: str) -> Iterator[Post]:
    """Say something in a run's channel that nobody answers."""
    text = said.to(ctx.readers_of(run))[block]
    yield from post(ctx, Message(kind="note", run_id=run.id, place_id=run.channel_id or ""), Content(text))


def note_if_open(ctx: Context, run: Run, said: Said, block: str) -> Iterator[Post]:
    """Say something in a run's channel, as long as there is one that can be used."""
    if run.channel_id and not run.closed_place:
        yield from note(ctx, run, said, block)


def _quiet(content: Content, calls: Collection[str]) -> Content:
    cards = tuple(
        replace(
            card,
            text=quiet(card.text, calls),
            fields=tuple(replace(one, value=quiet(one.value, calls)) for one in card.fields),
        )
        for card in content.cards
    )
    return Content(quiet(content.text, calls), cards)


def _digest(content: Content) -> str:
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=12).hexdigest()
