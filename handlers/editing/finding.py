"""Which playbook somebody means: drafts and archived ones too, as far as they may see them."""

from collections.abc import Callable, Sequence

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven, Person
from handlers.rules import playbook_lookup
from handlers.rules.drafts import ruling
from handlers.rules.playbook_rights import may_see, require_see
from handlers.text.nearest import nearest
from handlers.text.plain_forms import plainly
from handlers.text.words import Safe
from store import PlaybookRow, Run

MOST = 30
"""How many playbooks a sentence names."""


def seen_by(ctx: Context, asker: Person) -> list[PlaybookRow]:
    """Return the playbooks that somebody may see, in the order of their titles."""
    return [row for row in ctx.store.all_playbooks() if may_see(ctx, asker, ruling(ctx, row))]


def meant(ctx: Context, asker: Person, words: str, word: str) -> tuple[PlaybookRow, str]:
    """Return the playbook that words begin with, and what stands behind. Raises `Refused`."""
    rows = seen_by(ctx, asker)
    row, rest = playbook_lookup.named(rows, words) if words else (None, "")
    if row is not None:
        return row, rest
    keys = [row.key for row in rows]
    known = [Safe(f"`{key}`") for key in keys[:MOST]]
    if not words:
        example = Safe(keys[0] if keys else "database-outage")
        raise ctx.refused("editing", "which", word=Safe(word), example=example, known=known)
    like = Safe(nearest(words.split(maxsplit=1)[0], keys))
    raise ctx.refused("editing", "unknown", words=words, nearest=like, known=known)


def by_id(ctx: Context, asker: Person, playbook_id: int) -> PlaybookRow:
    """Return a playbook that a button is about. Raises `Refused`."""
    row = ctx.store.playbook(playbook_id)
    if row is None:
        raise ctx.refused("playbook", "gone")
    require_see(ctx, asker, row)
    return row


def about_playbook(
    handler: Callable[[CommandGiven, str, Context], Effects],
    runs_of: Callable[[CommandGiven, Context], Sequence[Run]],
) -> Callable[[CommandGiven, str, Context], Effects | None]:
    """Return what a word means that is also about tasks of a run: a playbook where it names one, of which `handler`.

    Where there are no `runs_of` which a task could be, it is about a playbook in any case, and asks which.
    """

    def otherwise(event: CommandGiven, words: str, ctx: Context) -> Effects | None:
        if event.run_id or plainly(words).lstrip("#")[:1].isdigit():
            return None
        if not runs_of(event, ctx):
            return handler(event, words, ctx)
        if not words:
            return None
        rows = seen_by(ctx, event.asker)
        is_one = _is_named(rows, words, in_run=bool(ctx.store.runs_in(event.place.id)))
        return handler(event, words, ctx) if is_one else None

    return otherwise


def _is_named(rows: Sequence[PlaybookRow], words: str, *, in_run: bool) -> bool:
    # Where there are tasks that may be meant, the whole name is asked for.
    look = playbook_lookup.whole if in_run else playbook_lookup.named
    return look(rows, words)[0] is not None
