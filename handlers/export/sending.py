"""The message that has a run's files: all that fit, and what is said where they do not."""

from handlers.context import Context
from handlers.effects import FILES_LIMIT, Content, File, Files, Tell
from handlers.events import Person
from handlers.export.files import Written, written
from handlers.rules import permissions
from handlers.rules.sight import viewer_of
from handlers.text.words import Safe
from store.queries.visible import visible_to

_FIRST_LEFT_OUT = (".html", ".md")
"""Which files are left out where they are too large together: the others say the same."""


def written_for(ctx: Context, run_id: int, asker: Person) -> Written | None:
    """Return a run as words for somebody; None where it is gone, or they may not see it any more."""
    run = ctx.store.run(run_id)
    if run is None or not permissions.may_see(ctx, asker, run):
        return None
    return written(ctx, run, visible_to(ctx.store, viewer_of(ctx, asker)))


def told(ctx: Context, run_id: int, asker: Person, found: tuple[File, ...]) -> Tell | None:
    """Return what gives somebody files of a run, or tells why not; None where the run is gone meanwhile."""
    run = ctx.store.run(run_id)
    if run is None:
        return None
    taken, limit = _that_fit(ctx, found), min(ctx.here.file_limit, FILES_LIMIT)
    left_out = [f"`{one.name}`" for one in found if one not in taken]
    said = ctx.say(
        "export",
        run=run,
        size=_megabytes(sum(len(one.content) for one in found)),
        limit=_megabytes(limit),
        limit_bytes=limit,
        names=Safe(", ".join(left_out)),
        names_count=len(left_out),
    )
    if not taken:
        return Tell(person_id=asker.id, content=Content(said["too_large"]))
    files = Files(files=taken, instead=Content(said["not_taken"]))
    content = Content(said["told_left_out" if left_out else "told"])
    return Tell(person_id=asker.id, content=content, attached=files)


def _that_fit(ctx: Context, found: tuple[File, ...]) -> tuple[File, ...]:
    """Return the files that one message can have, all of them if they fit."""
    for ending in ("", *_FIRST_LEFT_OUT):
        found = tuple(one for one in found if not ending or not one.name.endswith(ending))
        if ctx.here.takes(found):
            return found
    return ()


def _megabytes(size: int) -> Safe:
    return Safe(f"{max(size / 1_000_000, 0.1):.1f}\N{NO-BREAK SPACE}MB")
