"""Making playbooks, changing their drafts and publishing these as versions; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.events import Person
from handlers.operations.store_playbook import Stored, store_playbook
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.playbook_rights import require_edit
from handlers.rules.run_request import stored
from store import PlaybookDraft, PlaybookRow

MADE = "made:"
"""The source of playbooks that people make in chat and on pages."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it was saved, with the revision to save it over next time."""

    row: PlaybookRow
    revision: int


def create_playbook(ctx: Context, book: Playbook, asker: Person) -> Drafted:
    """Make a new playbook, as a draft that nobody can start yet; who made it is its admin."""
    me = f"@{asker.username}"
    admins = book.admins if me in book.admins else (*book.admins, me)
    book = book.model_copy(update={"admins": admins, "key": free_key(ctx, book.key)})
    row = ctx.store.add(PlaybookRow(key=book.key, title=book.title, version=0, source=MADE, teams=list(book.teams)))
    draft = ctx.store.add(PlaybookDraft(playbook_id=row.id, definition=book.definition(), by=asker.id, at=ctx.now))
    return Drafted(row, draft.revision)


def free_key(ctx: Context, wanted: str) -> str:
    """Return a key that no playbook has: the one that is wanted, or with a number behind it."""
    taken = {row.key for row in ctx.store.all_playbooks()}
    if wanted not in taken:
        return wanted
    return next(key for number in range(2, len(taken) + 3) if (key := f"{wanted[:55]}-{number}") not in taken)


def drafted(ctx: Context, row: PlaybookRow) -> Playbook:
    """Return what a playbook is to become: its draft, or the version in use where there is none."""
    draft = ctx.store.draft(row.id)
    return playbook_of(draft.definition) if draft is not None else stored(ctx, row)


def save_draft(ctx: Context, row: PlaybookRow, book: Playbook, revision: int, asker: Person) -> Drafted:
    """Save a draft over the `revision` that somebody had before them (0: none).

    Raises `Refused` where they may not change it, or somebody else has saved another one since.
    """
    require_edit(ctx, asker, row, drafted(ctx, row))
    draft = ctx.store.draft(row.id)
    if (draft.revision if draft is not None else 0) != revision:
        raise ctx.refused("playbook", "changed_since", title=row.title)
    book = book.model_copy(update={"key": row.key})
    if draft is None:
        draft = PlaybookDraft(
            playbook_id=row.id, definition=book.definition(), base=row.version, by=asker.id, at=ctx.now
        )
        return Drafted(row, ctx.store.add(draft).revision)
    draft.definition, draft.by, draft.at = book.definition(), asker.id, ctx.now
    draft.revision += 1
    return Drafted(row, draft.revision)


def publish_draft(ctx: Context, row: PlaybookRow, words: str, asker: Person) -> Stored:
    """Have a draft in use as a new version, with a line of what changed. Raises `Refused`."""
    draft = ctx.store.draft(row.id)
    require_edit(ctx, asker, row, drafted(ctx, row))
    if draft is None:
        raise ctx.refused("playbook", "no_draft", title=row.title)
    done = store_playbook(ctx.store, playbook_of(draft.definition), row.source, ctx.now, words=words, by=asker.id)
    ctx.store.drop_draft(draft)
    return done
