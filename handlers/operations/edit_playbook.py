"""Making playbooks and changing their drafts, by several people at once; whoever asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.playbooks.merge import Clash, Prefer, merged
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.drafts import drafted
from handlers.rules.playbook_rights import require_change, require_create, require_edit
from handlers.rules.run_request import stored
from store import PlaybookDraft, PlaybookRow

PAGES = {"new", "import"}
"""Keys that stand for pages of their own in the addresses of pages."""
MADE = "made:"
"""The source of playbooks that people make in chat and on pages."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it was saved, with the revision to save it over next time.

    `is_merged` tells that it has changes, too, that somebody else has saved meanwhile.
    """

    row: PlaybookRow
    revision: int
    book: Playbook
    is_merged: bool = False


class Clashing(Refused):
    """Somebody else has changed the same things meanwhile: what they are, and what is there now at which revision."""

    def __init__(self, refused: Refused, clashes: Sequence[Clash], theirs: Playbook, revision: int) -> None:
        super().__init__(refused.refusal, refused.field)
        self.clashes = tuple(clashes)
        self.theirs = theirs
        self.revision = revision


def create_playbook(ctx: Context, book: Playbook, asker: Person, source: str = MADE) -> Drafted:
    """Make a new playbook, as a draft that nobody can start yet; who made it is its admin. Raises `Refused`."""
    require_create(ctx, asker, book)
    me = f"@{asker.username}"
    admins = book.admins if me in book.admins else (*book.admins, me)
    book = book.model_copy(update={"admins": admins, "key": free_key(ctx, book.key)})
    row = ctx.store.add(PlaybookRow(key=book.key, title=book.title, version=0, source=source, teams=list(book.teams)))
    return _keep(ctx, row, book, asker)


def free_key(ctx: Context, wanted: str) -> str:
    """Return a key that no playbook has: the one that is wanted, or with a number behind it."""
    taken = {row.key for row in ctx.store.all_playbooks()} | PAGES
    if wanted not in taken:
        return wanted
    return next(key for number in range(2, len(taken) + 3) if (key := f"{wanted[:55]}-{number}") not in taken)


def save_draft(
    ctx: Context, row: PlaybookRow, book: Playbook, revision: int, asker: Person, prefer: Prefer = ""
) -> Drafted:
    """Save a draft that somebody began with what a playbook was to become at a `revision` (`PlaybookRow.revision`).

    What others have saved since is kept: it is put together with this. Raises `Clashing` where both changed the same,
    unless it says whose change to `prefer`, and `Refused` where they may not change it so; then nothing is saved.
    """
    now = drafted(ctx, row)
    require_edit(ctx, asker, row)
    wanted = book.model_copy(update={"key": row.key})
    if revision != row.revision:
        wanted = _put_together(ctx, row, wanted, now, revision, prefer)
    require_change(ctx, asker, row, now, wanted)
    is_merged = revision != row.revision
    if wanted == now:
        return Drafted(row, row.revision, now, is_merged)
    _remember(ctx, row, now, asker)
    return _keep(ctx, row, wanted, asker, is_merged=is_merged)


def drop_draft(ctx: Context, row: PlaybookRow, asker: Person) -> Playbook:
    """Let a playbook stay as the version in use; what was drafted can be saved again. Raises `Refused`."""
    draft = ctx.store.draft(row.id)
    require_edit(ctx, asker, row)
    if draft is None or not row.version:
        raise ctx.refused("playbook", "no_draft", title=row.title)
    ctx.store.drop_draft(draft)
    row.revision += 1
    book = stored(ctx, row)
    ctx.store.keep_edit(row, book.definition(), asker.id, ctx.now)
    return book


def _put_together(
    ctx: Context, row: PlaybookRow, mine: Playbook, now: Playbook, revision: int, prefer: Prefer
) -> Playbook:
    known = ctx.store.playbook_edit(row.id, revision)
    refused = ctx.refused("playbook", "changed_since", title=row.title)
    if known is None:
        raise Clashing(refused, [Clash((), "", "")], now, row.revision)
    found = merged(playbook_of(known.definition), mine, now, prefer)
    if found.clashes and not prefer:
        raise Clashing(refused, found.clashes, now, row.revision)
    return found.book


def _remember(ctx: Context, row: PlaybookRow, now: Playbook, asker: Person) -> None:
    """Keep what a playbook was to become until now, for those who have just that before them."""
    if ctx.store.playbook_edit(row.id, row.revision) is None:
        ctx.store.keep_edit(row, now.definition(), asker.id, ctx.now)


def _keep(ctx: Context, row: PlaybookRow, book: Playbook, asker: Person, *, is_merged: bool = False) -> Drafted:
    draft, said = ctx.store.draft(row.id), book.definition()
    row.revision += 1
    ctx.store.keep_edit(row, said, asker.id, ctx.now)
    if draft is None:
        draft = ctx.store.add(
            PlaybookDraft(playbook_id=row.id, definition=said, base=row.version, by=asker.id, at=ctx.now)
        )
    draft.definition, draft.by, draft.at, draft.revision = said, asker.id, ctx.now, row.revision
    return Drafted(row, row.revision, book, is_merged)
