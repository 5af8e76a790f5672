"""A run as files, sent to who asks for them."""

from handlers.context import Context
from handlers.effects import FILES_LIMIT, Content, Effects, File, Files, Tell
from handlers.events import ButtonPressed, CommandGiven
from handlers.export.files import files_of
from handlers.rules.sight import viewer_of
from handlers.text.words import Safe
from store import Run
from store.queries.visible import visible_to

_FIRST_LEFT_OUT = (".html", ".md")
"""Which files are left out where they are too large together: what the others say, too."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`export`, `export #12`."""
    yield from sent(event, run, ctx)


def sent(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Export…* in the card's menu."""
    found = files_of(ctx, run, visible_to(ctx.store, viewer_of(ctx, event.asker)))
    taken = _that_fit(ctx, found)
    limit = min(ctx.here.file_limit, FILES_LIMIT)
    about = {"run": run, "size": _megabytes(sum(len(one.content) for one in found)), "limit": _megabytes(limit)}
    if not taken:
        raise ctx.refused("export", "too_large", limit_bytes=limit, **about)
    left_out = [one.name for one in found if one not in taken]
    names = Safe(", ".join(f"`{name}`" for name in left_out))
    said = ctx.say("export", names=names, names_count=len(left_out), limit_bytes=limit, **about)
    files = Files(files=taken, instead=Content(said["not_taken"]))
    yield Tell(person_id=event.asker.id, content=Content(said["told_left_out" if left_out else "told"]), attached=files)
    yield ctx.answer("export", "sent", run=run)


def _that_fit(ctx: Context, found: tuple[File, ...]) -> tuple[File, ...]:
    """Return the files that one message can have, all of them if they fit."""
    for ending in ("", *_FIRST_LEFT_OUT):
        found = tuple(one for one in found if not ending or not one.name.endswith(ending))
        if ctx.here.takes(found):
            return found
    return ()


def _megabytes(size: int) -> Safe:
    return Safe(f"{max(size / 1_000_000, 0.1):.1f}\N{NO-BREAK SPACE}MB")
