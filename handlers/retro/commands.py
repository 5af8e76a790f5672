"""What `retro` and the words behind it mean, and who may say them."""

from collections.abc import Callable, Mapping

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven
from handlers.retro import asking, events, publishing, reviewing, showing, writing
from handlers.rules import permissions
from handlers.rules.retrospective import drafted, section_of
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.numbers import leading_number
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from store import Run

Handler = Callable[[CommandGiven, Run, str, Context], Effects]


def _on(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    return asking.switched(event, run, ctx, on=True)


def _off(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    return asking.switched(event, run, ctx, on=False)


def _write(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro 2` opens a section, `retro 2 Some words` adds them to it."""
    permissions.require(ctx, "change", event.asker, run)
    drafted(ctx, run)
    number, text = leading_number(words)
    found = [one for one in ctx.store.retro_sections(run.id) if one.position == number]
    section = section_of(ctx, run, found[0].id if found else None)
    if text or not event.trigger_id:
        if not text:
            raise ctx.refused("retro", "what_to_write", "section", section=section)
        yield from writing.added(event, run, section, text, ctx)
    else:
        yield from writing.asked(event, run, section, ctx)


WORDS: Mapping[str, Handler] = {
    "comment": reviewing.comment_by_command,
    "event": events.by_command,
    "history": showing.history_by_command,
    "off": _off,
    "on": _on,
    "publish": publishing.by_command,
    "review": reviewing.by_command,
    "seen": reviewing.seen_by_command,
    "settle": reviewing.settled,
    "skip": publishing.skip_by_command,
    "write": _write,
}


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro`, `retro 2 …`, `retro publish`, and all else that stands in `WORDS`."""
    word, rest = first_word(words)
    if not words:
        yield from showing.shown(event, run, ctx)
    elif leading_number(words)[0]:
        yield from _write(event, run, words, ctx)
    elif (handler := WORDS.get(bare(word).casefold())) is not None:
        yield from handler(event, run, rest, ctx)
    else:
        raise ctx.refused("retro", "which", "which", word=word, nearest=Safe(nearest(bare(word), list(WORDS))))
